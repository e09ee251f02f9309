"""Proof that the checker of the mechanisms sees what it is for: one bug planted for each, where no index forbids it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bot.arriving.links import WEEK
from models.asking.survey import Survey, SurveyAnswer, SurveyPerson
from models.asking.vote import Ballot, Poll
from models.base import Base
from models.lessons.certificate import Certificate
from models.lessons.feedback import Feedback
from models.messages.message import Outgoing
from models.messages.reminder import Reminder
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.resources.printing import PrintJob
from models.visits.appointment import Appointment
from tests.campaigns.mechanisms import mechanisms

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=1)


def meeting(number: int, **more: Any) -> Meeting:
    return Meeting(id=number, listing_id=1, starts_at=SOON, ends_at=SOON, capacity=1, taken=0, **more)


def booking(number: int, session: int, person: int = 1) -> Booking:
    return Booking(id=number, number=number, session_id=session, person_id=person, state="booked")


def visit(number: int, after: timedelta, state: str = "attended") -> Appointment:
    starts = NOW + after
    times = {"starts_at": starts, "ends_at": starts + timedelta(minutes=45)}
    return Appointment(id=number, number=number, professional_id=1, state=state, **times)


def told(number: int, after: timedelta) -> Outgoing:
    return Outgoing(id=number, address_id=1, kind="digest", body={"tap": WEEK}, created_at=NOW + after)


def certificate(number: int, code: str, person: int, row: int) -> Certificate:
    return Certificate(id=row, number=number, code=code, listing_id=1, person_id=person)


def reminder(number: int) -> Reminder:
    what: dict[str, Any] = {"about": "booking", "about_id": 1, "session_id": 1, "recipient_id": 1, "before_minutes": 60}
    return Reminder(id=number, due_at=NOW, state="sent", **what)


PLANTED: dict[str, tuple[str, list[Any]]] = {
    "a place at a later unit": ("M1", [meeting(1), meeting(2, first_id=1), booking(1, 2)]),
    "two places in a series": ("M1", [meeting(1), booking(1, 1), booking(2, 1)]),
    "two people at once": ("M2", [visit(1, timedelta(0)), visit(2, timedelta(minutes=30))]),
    "a time that is not kept": ("M2", [visit(1, timedelta(days=1), "booked")]),
    "more people than seats": ("M3", [meeting(1, slot=True), booking(1, 1), booking(2, 1, person=2)]),
    "two slots at one time": ("M3", [meeting(1, slot=True), meeting(2, slot=True)]),
    "a printed file": ("M4", [PrintJob(id=1, number=7, state="printed", attachment_id=3)]),
    "two answers of one person": (
        "M5",
        [
            Survey(id=1),
            SurveyPerson(survey_id=1, person_id=1, state="done"),
            *(SurveyAnswer(key=key, survey_id=1, question="q1", value={}) for key in "ab"),
        ],
    ),
    "a ballot that was kept": ("M5", [Poll(id=1, state="closed"), Ballot(poll_id=1, person_id=1, option_id=1)]),
    "two digests in a week": ("M6", [told(1, timedelta(0)), told(2, timedelta(days=3))]),
    "asked twice": ("M7", [Feedback(id=number, session_id=1, person_id=1) for number in (1, 2)]),
    "one number twice": ("M8", [certificate(1, "a", 1, 1), certificate(1, "b", 2, 2)]),
    "one code twice": ("M8", [certificate(1, "a", 1, 1), certificate(2, "a", 2, 2)]),
    "two certificates of one thing": ("M8", [certificate(1, "a", 1, 1), certificate(2, "b", 1, 2)]),
    "reminded twice": ("M9", [reminder(1), reminder(2)]),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_seen(bug: str) -> None:
    number, rows = PLANTED[bug]
    engine = create_engine("sqlite://")
    with Session(engine) as session:
        for table in Base.metadata.sorted_tables:  # no keys, no indexes, no rules: as if they had been forgotten
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            session.connection().exec_driver_sql(f'CREATE TABLE "{table.name}" ({columns})')
        assert mechanisms(session, NOW) == []
        for row in rows:
            session.connection().execute(type(row).__table__.insert().values(given(row)))
        found = mechanisms(session, NOW)
    engine.dispose()
    assert [one.partition(":")[0] for one in found] == [number], found


def given(row: Any) -> dict[str, Any]:
    """What was said of a row, and no more."""
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}
