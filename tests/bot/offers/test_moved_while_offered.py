"""A meeting is moved while a place in it is offered: they are told until when it is held, and take it from there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds.offers import Book, CancelBooking
from conversations.deeds.staff import MoveSession
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from tests.house import House, as_line


def test_the_place_is_still_held_and_taken_at_the_new_time(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("ana", "en", organisation="kazanlak")
    house.person("ivo", "en", band="18+")
    house.person("eli", "en", band="18+")
    ana, ivo, eli = (house.person_id(name) for name in ("ana", "ivo", "eli"))
    with Session(house.database) as session:
        meeting = session.scalars(
            select(Meeting)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(Listing.code == "kazanlak-chistene")
            .order_by(Meeting.starts_at)
        ).first()
        assert meeting is not None
        meeting.capacity = 1
        for who in (ivo, eli):
            perform(Doing(session, house.now, house.rules, person_id=who), Book(meeting.id, (who,)))
        first, second = session.scalars(select(Booking).order_by(Booking.id))
        perform(Doing(session, house.now, house.rules, person_id=first.person_id), CancelBooking(first.id))
        assert second.state == "offered"
        new = datetime(2026, 3, 9, 9, tzinfo=UTC).isoformat()
        staff = Doing(session, house.now, house.rules, person_id=ana)
        assert perform(staff, MoveSession(meeting.id, new)).outcome == "moved"
        session.commit()
    house.advance(minutes=1)
    moved = as_line(house.people["eli"].shown[-1])
    assert "[✅ Take the place] [No, thank you]" in moved
    assert "A place is held until Tuesday 3 March, 08:00" in moved and "waiting list" not in moved
    assert "(file:" not in moved, "nobody has a place in the calendar who may yet leave it"
    assert house.tap("eli", "✅ Take the place")[0][1].text.startswith("✅ The place is booked.")
