"""What is never shown where others read along: which conversations a group may hold, and what none of them tells."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns.broadcasting import step
from bot.deeds.every import perform
from bot.doing import Doing
from bot.language.tongue import tongue
from conversations.deeds.asking import SendSurvey
from conversations.deeds.offers import Book
from conversations.engine import walking
from conversations.every import CONVERSATIONS
from conversations.speech import Attachment
from models.asking import club, survey
from models.asking.survey import Given
from models.lessons.feedback import Feedback
from models.lessons.lesson_question import LessonQuestion
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.visits.appointment import Appointment
from tests.bot.desk.desk_kit import COMMON, SAFETY, DeskHouse
from tests.house import as_line
from tests.transcripts.playing import FOLDER

MARK = "Zvezdokljun"
TOGETHER = frozenset(
    [
        "add_session",
        "announce",
        "announced",
        "around",
        "asking",
        "attendance",
        "book",
        "breaks",
        "broadcast",
        "conditions",
        "count_heads",
        "course",
        "desk",
        "hotlines",
        "import_sheet",
        "interested",
        "invite_members",
        "line",
        "listing",
        "listings",
        "log",
        "missing",
        "new",
        "new_answer",
        "new_box",
        "new_resource",
        "new_service",
        "new_survey",
        "new_vote",
        "notes",
        "outing",
        "people",
        "poster",
        "public",
        "quotas",
        "reach",
        "register",
        "seats",
        "sent",
        "session",
        "sites",
        "surveys",
        "terms",
        "today",
        "votes",
        "who_leads",
    ]
)
"""What all staff of an organisation may read and do before each other. A new one is put in only after a look at it."""
ALONE_SAID = tongue("en").speak(walking.ALONE)
OF_SAFETY = frozenset({"duty"})
ALONE = frozenset(
    [
        "boxes",
        "buddies",
        "calendar",
        "cases",
        "cleaned",
        "club_desk",
        "helpers",
        "inbox",
        "invite",
        "leaders",
        "leading",
        "opinions",
        "other_hours",
        "paper",
        "prints",
        "survey_report",
        "team",
        "two",
        "who_may",
    ]
)
"""Other people's papers, words and appointments, and codes that make somebody something."""


@pytest.fixture
def house(tmp_path: Path) -> DeskHouse:
    house = DeskHouse(tmp_path, safety=True)
    house.colleague("ana", 301)
    house.colleague("vera", 303, role="safeguarding")
    house.person("mila", "en", band="15-17", town="bor")
    return house


def open_in(house: DeskHouse, kind: str) -> set[str]:
    return {talk.name for talk in CONVERSATIONS if house.desk.talks.is_open(house.group(kind), talk.name)}


def test_the_group_holds_what_is_on_the_list_and_nothing_else(house: DeskHouse) -> None:
    assert open_in(house, "common") == TOGETHER
    assert open_in(house, "safety") == OF_SAFETY
    assert {talk.name for talk in CONVERSATIONS if talk.role} == TOGETHER | OF_SAFETY | ALONE


def test_what_only_some_may_see_comes_to_no_group_by_any_command(house: DeskHouse) -> None:
    """A paper, a story, a discreet appointment and a case are there; each command of staff is written in each group."""
    house.hear("mila", "/settings")
    for tap in ("📍 Town, interests, name", "🙂 Name"):
        house.tap("mila", tap)
    house.hear("mila", MARK)
    paper = (FOLDER / "files" / "seminarski.pdf").read_bytes()
    for act in ("/start bor-racunari", "2", "1"):
        house.hear("mila", act)
    house.hear("mila", attachment=Attachment("file", f"{MARK}.pdf", size=len(paper), content=paper))
    house.hear("mila", "/help")
    for tap in ("📮 Ask or tell without a name", "Questions of parents", "✍️ Ask something", "Without a name"):
        house.tap("mila", tap)
    for act in (f"{MARK} asks", "1", "secret word", "1"):
        house.hear("mila", act)
    house.hear("mila", "/person")
    house.tap("mila", "🗣 I want to talk, face to face")
    for _act in range(6):
        house.hear("mila", "1")
    house.hear("mila", "I want to die")
    with Session(house.database) as session:
        assert session.scalars(select(Appointment.id)).all(), "the appointment was made"

    for talk in CONVERSATIONS:
        if not talk.role or not talk.command:
            continue
        for name, chat in (("ana", COMMON), ("vera", SAFETY), ("vera", COMMON)):
            told = house.says(name, f"/{talk.command}", chat=chat)
            if talk.name in ALONE:
                assert [one.text for one in told] in ([], [ALONE_SAID]), talk.name
    house.look()
    inside = "\n".join(as_line(one.message) for one in house.posted)
    assert MARK not in inside
    assert "want to die" not in inside

    house.says("ana", "/prints", private=True)
    assert "1 paper in the queue" in as_line(house.posted[-1].message), "where nobody reads along it is there"
    house.says("vera", "/cases", private=True)
    assert "Case 1" in as_line(house.posted[-1].message)


def written_by_the_young(house: DeskHouse) -> None:
    """Five answers to a survey and five opinions in words, a proposal to a club, a question for a lesson."""
    for number in range(5):
        house.person(f"p{number}", "en", band="15-17", town="bor")
    people, ana = [house.person_id(f"p{number}") for number in range(5)], house.person_id("ana")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
        listing.kind = "club"
        meeting = session.scalars(select(Meeting).where(Meeting.listing_id == listing.id).limit(1)).one()
        asked = {
            "title": {"en": "Us"},
            "anonymous": True,
            "questions": [{"kind": "text", "text": {"en": "What else?"}}],
            "closes": (house.now + timedelta(days=7)).isoformat(),
            "roles": ["young"],
            "towns": [listing.town_id],
        }
        doing = Doing(session, house.now, house.rules, ana)
        sent = int(str(perform(doing, SendSurvey(asked)).details["survey"]))
        while step(doing):
            pass
        session.add(club.Club(listing_id=listing.id))
        for person_id in people:
            assert survey.submit(session, house.now, sent, person_id, {"q1": Given({"text": MARK})}) == "sent"
            felt = Feedback(session_id=meeting.id, person_id=person_id, asked_at=house.now)
            felt.mood, felt.words, felt.answered_at = "bad", MARK, house.now
            session.add(felt)
        survey.close(session, house.now, session.get_one(survey.Survey, sent))
        session.add(club.Membership(listing_id=listing.id, person_id=people[0], joined_at=house.now))
        session.flush()
        club.propose(session, house.now.date(), listing.id, people[0], MARK)
        booked = perform(Doing(session, house.now, house.rules, people[0]), Book(meeting.id, (people[0],)))
        assert booked.outcome == "booked"
        session.add(LessonQuestion(session_id=meeting.id, person_id=people[0], text=MARK, created_at=house.now))
        session.commit()


WRITTEN = {
    "survey": ("/surveys", "1"),
    "opinions": ("/listings", "Maths: help with learning", "🧑‍🏫 Leaders, materials, certificates", "😊 How it was"),
    "proposals": ("/listings", "Maths: help with learning", "🏡 Members, proposals, votes", "💡 Proposals"),
    "questions": ("/listings", "Maths: help with learning", "🗓 Meetings: move, cancel, people", "1",
                  "🧑‍🏫 Leader, code, questions", "🎨 1 thing to look at"),
}  # fmt: skip
"""The way of a member of staff to what young people wrote."""


def test_what_the_young_wrote_is_read_in_private_and_never_where_others_read_along(house: DeskHouse) -> None:
    written_by_the_young(house)
    for what, way in WRITTEN.items():
        said = []
        for act in way:
            said += house.says("ana", act, answers=True)
            if any(one.text == ALONE_SAID for one in said):
                break
        assert any(one.text == ALONE_SAID for one in said), what
        assert MARK not in "\n".join(as_line(one.message) for one in said), what
        for act in way:
            house.says("ana", act, private=True)
        assert MARK in as_line(house.posted[-1].message), f"{what} is there where nobody reads along"
