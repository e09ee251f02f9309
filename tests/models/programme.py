"""Small builders for tests of bookings: a database, a town, a listing with sessions, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import models.every  # noqa: F401  # a table that another refers to must be known
from models.base import Base
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Site, Town
from models.who.consent import Consent, Wording
from models.who.people import Address, Guardianship, Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Ten o'clock on a Monday in Belgrade."""


def until_half(meeting: Meeting) -> datetime | None:
    """How long tests hold an offered place where quiet hours do not matter: until an hour before the start."""
    return meeting.starts_at - timedelta(hours=1)


@dataclass
class Programme:
    """What a test needs to exist."""

    session: Session
    now: datetime = NOW

    def listing(self, *, bands: tuple[str, ...] = (), remind: tuple[int, ...] = (1440, 120), zone: str = "") -> Listing:
        number = self._next()
        town = Town(
            code=f"town{number}",
            name={"sr": "Бор", "en": "Bor"},
            country="RS",
            zone=zone or "Europe/Belgrade",
            languages=["sr"],
        )
        organisation = Organisation(code=f"org{number}", name={"sr": "DEMO"})
        self.session.add_all([town, organisation])
        self.session.flush()
        site = Site(
            code=f"site{number}",
            town_id=town.id,
            name={"sr": "Дневни боравак"},
            address={"sr": "Бор"},
            latitude=44.0,
            longitude=22.0,
        )
        self.session.add(site)
        self.session.flush()
        listing = Listing(
            code=f"listing{number}",
            organisation_id=organisation.id,
            block="OFF",
            kind="tutoring",
            title={"sr": "Математика", "en": "Maths"},
            summary={},
            bring={},
            criteria={},
            site_id=site.id,
            town_id=town.id,
            bands=list(bands),
            capacity=10,
            remind_minutes=list(remind),
            services=[],
            state="open",
            created_at=self.now,
        )
        self.session.add(listing)
        self.session.flush()
        return listing

    def meeting(
        self,
        *,
        places: int = 1,
        starts: datetime | None = None,
        minutes: int = 60,
        listing: Listing | None = None,
        zone: str = "Europe/Belgrade",
    ) -> Meeting:
        of = listing or self.listing(zone=zone)
        begins = starts or self.now + timedelta(days=2)
        meeting = Meeting(
            listing_id=of.id,
            site_id=of.site_id,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=minutes),
            zone=zone,
            capacity=places,
        )
        self.session.add(meeting)
        self.session.flush()
        return meeting

    def person(self, *, band: str = "18+", phone: bool = True, called: str = "") -> Person:
        person = Person(tag="sr-Latn", band=band, called=called, created_at=self.now, welcomed_at=self.now)
        self.session.add(person)
        self.session.flush()
        if phone:
            self.session.add(
                Address(
                    person_id=person.id,
                    channel="console",
                    external_id=f"demo{person.id}",
                    created_at=self.now,
                    last_heard_at=self.now,
                )
            )
        self.agrees(person, person)
        return person

    def people(self, count: int) -> list[Person]:
        return [self.person() for _one in range(count)]

    def child(self, guardian: Person, *, phone: bool = False, called: str = "DEMO") -> Person:
        child = self.person(band="under14", phone=phone, called=called)
        self.session.add(
            Guardianship(guardian_id=guardian.id, child_id=child.id, relation="mother", confirmed_at=self.now)
        )
        self.agrees(child, guardian)
        return child

    def agrees(self, person: Person, by: Person) -> None:
        wording = Wording(hash=f"{person.id}-{by.id}", language="en", text="given in a test")
        self.session.add(wording)
        self.session.flush()
        self.session.add(
            Consent(
                person_id=person.id,
                given_by_id=by.id,
                purpose="attend",
                wording_id=wording.id,
                channel="console",
                given_at=self.now,
            )
        )
        self.session.flush()

    def _next(self) -> int:
        self._count = getattr(self, "_count", 0) + 1
        return self._count


def make_tables(engine: Engine) -> None:
    Base.metadata.create_all(engine)
