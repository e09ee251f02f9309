"""Surveys, votes and boxes in the whole house: never at night, only one's own organisation, files without names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import survey_files
from bot.campaigns.broadcasting import step
from bot.deeds.every import perform
from bot.desk.plots import bars
from bot.doing import Doing
from bot.language.tongue import tongue
from conversations.deeds import Deed
from conversations.deeds.asking import (
    ClosePoll,
    CloseSurvey,
    DecideProposal,
    HearEntry,
    MakeBox,
    MakeClub,
    Moderate,
    OpenPoll,
    SendSurvey,
    ShowResults,
    SwitchBox,
    TellResults,
)
from models.asking import box as boxes
from models.asking import club, survey
from models.asking.box import Box
from models.asking.survey import Given, Survey, SurveyPerson
from models.asking.vote import Poll
from models.audit import Audit
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.programme import Organisation, Town
from tests.house import House

NIGHT = datetime(2026, 3, 3, 21, 0, tzinfo=UTC)  # 22:00 in Bor
QUESTIONS = [
    {"kind": "faces", "text": {"en": "How is it?"}},
    {"kind": "text", "text": {"en": "What else?"}},
]


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kokoro", town="bor")
    made.person("eve", "en", organisation="care", town="nis")
    for number in range(6):
        made.person(f"p{number}", "en", band="18+", town="bor")
    return made


def do(house: House, name: str, deed: Deed) -> tuple[str, dict[str, object]]:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, person_id)
        done = perform(doing, deed)
        session.commit()
        return done.outcome, dict(done.details)


def draft(house: House, **more: object) -> dict[str, object]:
    closes = (house.now + timedelta(days=7)).isoformat()
    with Session(house.database) as session:
        bor = session.scalars(select(Town.id).where(Town.code == "bor")).one()
    base = {"title": {"en": "Us"}, "anonymous": True, "questions": QUESTIONS, "closes": closes, "roles": ["young"]}
    return {**base, "towns": [bor], **more}


def sent(house: House, **more: object) -> int:
    outcome, details = do(house, "ana", SendSurvey(draft(house, **more)))
    assert outcome in ("sending", "scheduled")
    return int(str(details["survey"]))


def go_out(house: House) -> None:
    """Everything that is to be queued."""
    with Session(house.database) as session:
        while step(Doing(session, house.now, house.rules)):
            pass
        session.commit()


def answer(house: House, survey_id: int, people: int) -> None:
    ids = [house.person_id(f"p{number}") for number in range(people)]
    with Session(house.database) as session:
        for number, person_id in enumerate(ids):
            sheet = {"q1": Given({"choice": ["good"]}), "q2": Given({"text": f"=DEMO {number}"})}
            assert survey.submit(session, house.now, survey_id, person_id, sheet) == "sent"
        session.commit()


def test_nobody_is_asked_at_night_and_only_so_many(house: House) -> None:
    house.now = NIGHT
    sent(house, most=2)
    with Session(house.database) as session:
        dues = session.scalars(select(Outgoing.due_at).where(Outgoing.kind == "survey")).all()
        assert [due.hour for due in dues] == [7, 7], "eight o'clock in Bor"
        assert len(session.scalars(select(SurveyPerson)).all()) == 2


def test_who_says_yes_to_an_invitation_sees_the_questions(house: House) -> None:
    house.hear("p0", "menu")
    house.now += timedelta(minutes=5)
    sent(house)
    go_out(house)
    house.advance(minutes=1)
    assert house.hear("p0", "ok")[0][1].text.startswith("❓ Us")
    house.hear("p1", "menu")  # this was said after it: yes is no answer to what was seen before
    assert not any("❓" in said.text for _name, said in house.hear("p1", "ok"))


def test_a_second_survey_leaves_out_who_was_asked_and_says_why(house: House) -> None:
    sent(house, most=2)
    go_out(house)
    house.now += timedelta(days=3)
    sent(house)
    go_out(house)
    with Session(house.database) as session:
        second = session.scalars(select(Broadcast.id).order_by(Broadcast.id.desc())).first()
        rows = select(Recipient.state, Recipient.reason).where(Recipient.broadcast_id == second)
        found = sorted((state, reason) for state, reason in session.execute(rows))
    assert found == [("left", "asked")] * 2 + [("queued", "")] * 4


def test_staff_of_another_organisation_reach_nothing(house: House) -> None:
    survey_id, member = sent(house), house.person_id("p0")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "krusevac-klub")).one()
        mine = session.scalars(select(Listing.id).where(Listing.code == "bor-matematika")).one()
        box = session.scalars(select(Box).where(Box.code == "BOR-STUDIO")).one()
        entry = boxes.put(session, house.now.date(), box.id, words="DEMO")
        club.join(session, house.now, listing.id, member)
        club.propose(session, house.now.date(), listing.id, member, "DEMO walk")
        proposal = club.proposals(session, listing.id, "new")[0].id
        assert entry is not None
        box_id, key, listing_id = box.id, entry.key, listing.id
        kokoro = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
        session.commit()
    closes = (house.now + timedelta(days=1)).isoformat()
    options = [{"words": {"en": "a"}}, {"words": {"en": "b"}}]
    _opened, made = do(
        house, "ana", OpenPoll({"question": {"en": "?"}, "options": options, "closes": closes, "listing": mine})
    )
    refused: list[Deed] = [
        SendSurvey(draft(house, organisation=kokoro)),
        SendSurvey(draft(house, again=survey_id)),
        SendSurvey(draft(house, listings=[mine])),
        SendSurvey(draft(house, asked=[survey_id])),
        CloseSurvey(survey_id),
        TellResults(survey_id),
        ShowResults(survey_id, "sheet"),
        OpenPoll({"question": {"en": "?"}, "options": options, "closes": closes, "listing": mine}),
        ClosePoll(int(str(made["poll"]))),
        DecideProposal(proposal, True),
        MakeClub(listing_id),
        MakeBox({"kind": "story", "title": {"en": "x"}, "listing": mine}),
        Moderate(box_id, key, "accept", {}),
        HearEntry(box_id, key),
        SwitchBox(box_id, False),
    ]
    for who in ("eve", "p1"):
        assert [(deed, do(house, who, deed)[0]) for deed in refused] == [(deed, "refused") for deed in refused]
    with Session(house.database) as session:
        assert session.get_one(Survey, survey_id).state == "open"
        assert session.scalars(select(Poll.state)).all() == ["open"]


def test_results_go_back_once_and_files_name_nobody(house: House) -> None:
    survey_id = sent(house)
    answer(house, survey_id, 5)
    assert do(house, "ana", TellResults(survey_id))[0] == "few", "not while it goes on"
    assert do(house, "ana", CloseSurvey(survey_id))[0] == "closed"
    assert do(house, "ana", CloseSurvey(survey_id))[0] == "over"
    house.now += timedelta(days=1)
    assert do(house, "ana", TellResults(survey_id)) == ("sending", {"people": 6})
    assert do(house, "ana", TellResults(survey_id))[0] == "told"
    with Session(house.database) as session:
        row = session.get_one(Survey, survey_id)
        texts = session.get_one(Broadcast, row.results_id).texts
        assert "Good: 5" in texts["en"]
        assert "Добро: 5" in texts["sr"]
        assert "DEMO" not in str(texts), "words of people do not go back"
        document = survey_files.sheet(session, row, tongue("en"))
        assert document is not None
        cells = [
            cell for line in load_workbook(BytesIO(document.content)).active.iter_rows() for cell in line if cell.value
        ]
        assert {cell.data_type for cell in cells} == {"s"}, "words that begin with = are no formula"
        assert sorted(cell.value for cell in cells if "DEMO" in cell.value) == [f"=DEMO {n}" for n in range(5)]
        drawn = survey_files.picture(session, row, "q1", tongue("en"), over_time=False)
        assert drawn is not None
        assert (drawn.labels, drawn.series) == (("Good", "So-so", "Not good"), (("", (5, 0, 0)),))
        assert bars(drawn)[:4] == b"\x89PNG"
        assert survey_files.picture(session, row, "q2", tongue("en"), over_time=False) is None
        told = [words for words in session.scalars(select(Audit.action)) if "answer" in words]
        assert told == []


def test_the_same_questions_over_months(house: House) -> None:
    first = sent(house)
    answer(house, first, 5)
    do(house, "ana", CloseSurvey(first))
    house.now += timedelta(days=31)
    outcome, details = do(house, "ana", SendSurvey(draft(house, again=first)))
    assert outcome == "sending"
    second = int(str(details["survey"]))
    answer(house, second, 4)
    do(house, "ana", CloseSurvey(second))
    with Session(house.database) as session:
        row = session.get_one(Survey, second)
        drawn = survey_files.picture(session, row, "q1", tongue("en"), over_time=True)
        assert drawn is not None
        assert drawn.labels == ("02.03.2026.",), "the month with fewer than five answers is not in it"
        assert survey_files.sheet(session, row, tongue("en")) is None
    assert do(house, "ana", ShowResults(second, "sheet"))[0] == "nothing"
