"""Where somebody lives is told for one visit, and nowhere once it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds.appointments import CancelAppointment, MarkVisit, ShowRoute, TellAddress
from conversations.speech import Attachment
from models.messages.message import StoredAttachment
from models.visits.appointment import Appointment
from tests.bot.visits.kit import HOME, book, do, facts, stands
from tests.house import House


@pytest.mark.parametrize("ending", ["marked", "cancelled", "the day after"])
def test_where_somebody_lives_is_nowhere_once_the_visit_is_over(house: House, ending: str) -> None:
    house.person("mama", "bg", band="18+", town="kazanlak")
    house.person("ema", "bg", organisation="kazanlak")
    house.person("other", "sr-Latn", organisation="kokoro")
    done = book(house, "mama", "kazanlak-kashti", home=True)
    visit = done.details["appointment"]
    house.hear("mama", "/bookings")
    house.tap("mama", "Номер 1001")
    house.tap("mama", "🏠 Къде да дойдем")
    house.hear("mama", HOME)
    with Session(house.database) as session:
        row = session.get_one(Appointment, visit)
        professional, day, starts = row.professional_id, row.starts_at.date().isoformat(), row.starts_at
    assert facts(house, "other").calendars.entry(visit) is None
    assert do(house, "other", ShowRoute(professional, day)).outcome == "refused"
    assert facts(house, "ema").calendars.entry(visit).address == HOME
    assert do(house, "ema", ShowRoute(professional, day)).outcome == "shown"
    house.advance(hours=(starts - house.now) / timedelta(hours=1) - 1)
    house.hear("ema", "/calendar")
    assert {"visit_detail", "outgoing"} <= {*stands(house, HOME)}
    if ending == "marked":
        house.advance(hours=1)
        assert do(house, "other", MarkVisit(visit, "done")).outcome == "refused"
        assert do(house, "ema", MarkVisit(visit, "done")).outcome == "marked"
    elif ending == "cancelled":
        assert do(house, "mama", CancelAppointment(visit)).outcome == "cancelled"
    else:
        house.advance(hours=36)
    assert stands(house, HOME) == []


def test_a_recorded_address_goes_with_the_visit(house: House) -> None:
    house.person("mama", "bg", band="18+", town="kazanlak")
    house.person("ema", "bg", organisation="kazanlak")
    visit = book(house, "mama", "kazanlak-kashti", home=True).details["appointment"]
    house.hear("mama", "/bookings")
    house.tap("mama", "Номер 1001")
    house.tap("mama", "🏠 Къде да дойдем")
    house.hear("mama", attachment=Attachment("voice", size=4, content=HOME.encode()))
    assert facts(house, "ema").calendars.entry(visit).recorded
    assert do(house, "ema", TellAddress(visit, words="DEMO")).outcome == "gone"
    house.advance(days=6)
    with Session(house.database) as session:
        assert session.scalars(select(StoredAttachment)).all() == []
