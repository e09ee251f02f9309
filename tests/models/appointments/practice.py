"""A service with one professional, and the wall times of the Tuesday on which they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.offers.listing import Listing
from models.visits import appointing
from models.visits.appointing import Wanted
from models.visits.professional import AppointmentRules, Professional, engage, giving, set_hours
from models.visits.slots import Slot, free_slots
from models.who.people import Person
from tests.models.programme import NOW, Programme

TUESDAY = datetime(2026, 3, 3, tzinfo=UTC)
ZONE = "Europe/Belgrade"


def never(_day: date, _country: str) -> bool:
    return False


def on_tuesday(hour: int, minute: int = 0) -> datetime:
    """A wall time in Belgrade on the Tuesday after NOW, as an instant."""
    return datetime(2026, 3, 3, hour, minute, tzinfo=ZoneInfo("Europe/Belgrade")).astimezone(UTC)


@dataclass
class Practice:
    """A service with one professional who works on Tuesdays from nine to noon."""

    session: Session
    programme: Programme
    listing: Listing
    rules: AppointmentRules
    professional: Professional

    def slots(self, now: datetime = NOW, **given: int) -> list[Slot]:
        return free_slots(self.session, now, self.rules, giving(self.session, self.listing.id), never, **given)

    def take(
        self, person: Person, at: datetime, *, moves: int = 0, by: int = 0, now: datetime = NOW
    ) -> appointing.Taken:
        site = self.listing.site_id
        assert site is not None
        wanted = Wanted(
            self.listing.id, self.professional.id, site, at, person.id, actor_id=by or person.id, moves=moves
        )
        return appointing.take(self.session, now, wanted, never)


def open_practice(session: Session, **rules: int | bool) -> Practice:
    programme = Programme(session)
    listing = programme.listing()
    listing.block = "APT"
    row = AppointmentRules(
        **{"listing_id": listing.id, "minutes": 45, "after_minutes": 15, "notice_minutes": 120, **rules}
    )
    session.add(row)
    session.flush()
    made = engage(
        session, NOW, listing, called="DEMO", profession="psychologist", gender="woman", languages=["sr", "rom"]
    )
    assert listing.site_id is not None
    set_hours(session, made.id, listing.site_id, {1: [(9 * 60, 12 * 60)]})
    return Practice(session, programme, listing, row, made)
