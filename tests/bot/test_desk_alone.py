"""What is never shown where others read along: which conversations a group may hold, and what none of them tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import words
from bot.language.tongue import tongue
from conversations.every import CONVERSATIONS
from conversations.speech import Attachment
from models.visits.appointment import Appointment
from tests.bot.desk_kit import COMMON, SAFETY, DeskHouse
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
        "club_desk",
        "conditions",
        "count_heads",
        "course",
        "desk",
        "hotlines",
        "import_sheet",
        "interested",
        "line",
        "listing",
        "listings",
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
        "survey_report",
        "surveys",
        "today",
        "votes",
        "who_leads",
    ]
)
"""What all staff of an organisation may read and do before each other. A new one is put in only after a look at it."""
ALONE_SAID = tongue("en").speak(words.ALONE)
OF_SAFETY = frozenset({"duty"})
ALONE = frozenset(
    [
        "boxes",
        "buddies",
        "calendar",
        "cases",
        "cleaned",
        "helpers",
        "inbox",
        "invite",
        "leaders",
        "leading",
        "paper",
        "prints",
        "team",
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
    return {talk.name for talk in CONVERSATIONS if house.desk._is_open(house.group(kind), talk.name)}


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
