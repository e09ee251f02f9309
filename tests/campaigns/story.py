"""The main story as the kill campaign plays it: welcome, guardian, booking, broadcast, reminder, an offered place."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import models.every
from bot.store import sqlite_engine
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation, Town
from models.who.consent import Consent, Wording
from models.who.people import Address, Person
from models.who.staff import StaffRole
from tests.campaigns.platform import PATIENCE, Platform
from tests.campaigns.program import Program
from tests.fakes.telegram import Person as Phone
from tests.outside.talking import MENU, agrees, asks_parent, do, finds_maths, sr, to_young_people, welcomed

assert models.every  # a table that another refers to must be known

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, 16:00 in Belgrade. The session is on Tuesday at 17:00, and its reminders are due on Monday at 17:00 and at
19:30 (BEFORE): nothing of the story falls into the night, and the clock has not far to go."""
BEFORE = (24 * 60, 21 * 60 + 30)
FIRST, SECOND = START + timedelta(hours=1, minutes=20), START + timedelta(hours=3, minutes=40)
CHILD, PARENT, FRIEND, STAFF, STOPPED = 101, 202, 303, 404, 505
WORDS = "Radionica je otkazana."
REMINDER, FREE = "🔔", "Oslobodilo se mesto."


def furnish(database: Path) -> None:
    """What the story finds beside the sample: one place per session, and three people who are there already."""
    engine = sqlite_engine(f"sqlite:///{database}")
    with Session(engine) as session:
        listing = session.scalars(select(Listing).where(Listing.code == "bor-matematika")).one()
        listing.remind_minutes = list(BEFORE)
        for meeting in session.scalars(select(Meeting).where(Meeting.listing_id == listing.id)):
            meeting.capacity = 1
        wording = Wording(hash="campaign", language="en", text="Agreed to in a test.")
        session.add(wording)
        session.flush()
        for number in (FRIEND, STAFF, STOPPED):
            add_person(session, number, wording.id, START, staff=number == STAFF)
        session.scalars(
            select(Person).join(Address).where(Address.external_id == str(STOPPED))
        ).one().stopped_at = START
        session.commit()
    with closing(engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def add_person(session: Session, who: int | str, wording_id: int, start: datetime, *, staff: bool = False) -> int:
    """Somebody from Bor who was welcomed before the story began: a young person, or staff. Their id.

    `who` is what the platform calls them: a number on Telegram, letters on Viber.
    """
    channel = "telegram" if isinstance(who, int) else "viber"
    town = session.scalars(select(Town.id).where(Town.code == "bor")).one()
    person = Person(
        tag="sr-Latn",
        called="",
        band="18+" if staff else "15-17",
        town_id=town,
        created_at=start,
        welcomed_at=start,
        band_at=start,
        language_chosen=True,
    )
    session.add(person)
    session.flush()
    address = Address(person_id=person.id, channel=channel, external_id=str(who), created_at=start)
    session.add(address)
    for purpose in ("attend", "messages"):
        session.add(
            Consent(
                person_id=person.id,
                given_by_id=person.id,
                purpose=purpose,
                wording_id=wording_id,
                channel=channel,
                given_at=start,
            )
        )
    if staff:
        organisation = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
        session.add_all(
            StaffRole(person_id=person.id, organisation_id=organisation, role=role, given_at=start)
            for role in ("admin", "safeguarding")
        )
    return person.id


class Story:
    """People who act once each and wait for what they see, whatever becomes of the program meanwhile."""

    def __init__(self, platform: Platform, program: Program) -> None:
        self._platform, self._program = platform, program
        self.child, self.parent, self.friend, self.staff, stopped = (
            platform.person(number) for number in (CHILD, PARENT, FRIEND, STAFF, STOPPED)
        )
        for person in (self.friend, self.staff, stopped):
            person.started = True
        self.detours: list[str] = []
        """Where somebody went another way, because a message that is sent at most once did not come."""

    def play(self) -> None:
        """From the child's START to the reminder of the friend who got the place."""
        self._a_child_asks_a_parent()
        self._the_child_books_and_the_friend_waits()
        self._somebody_is_afraid()
        self._staff_write_to_young_people()
        self._program.move_clock_to(FIRST)
        self._the_child_cannot_come()
        self._program.move_clock_to(SECOND)

    def _a_child_asks_a_parent(self) -> None:
        child, parent = self.child, self.parent
        welcomed(child, band="Under 14")
        agrees(parent, asks_parent(child))
        child.wait(sr("📅 Go on with the booking"), PATIENCE, since=0)

    def _the_child_books_and_the_friend_waits(self) -> None:
        for person, answer in ((self.child, "Mesto je rezervisano"), (self.friend, "Na listi čekanja")):
            do(person, ("menu", MENU))
            do(person, (finds_maths(person), "Yes, please"), ("[Yes, please]", answer))

    def _somebody_is_afraid(self) -> None:
        do(self.friend, ("neko mi preti", "You misunderstood me"), ("menu", MENU))

    def _staff_write_to_young_people(self) -> None:
        do(self.staff, *to_young_people(WORDS))

    def _the_child_cannot_come(self) -> None:
        do(
            self.child,
            ("/bookings", "Broj 1001"),
            ("[1. Broj 1001]", "I can't come"),
            ("[I can't come]", "Yes, cancel"),
            ("[Yes, cancel]", MENU),
        )
        if shown_to(self.friend, FREE):
            do(self.friend, ("[✅ Take the place]", "Mesto je rezervisano"))
            return
        self.detours.append("the friend found the offered place by themself")
        do(self.friend, ("/bookings", "Mesto se čuva do"), ("[1. Broj 1002]", "✅ Take the place"))
        do(self.friend, ("[✅ Take the place]", "Mesto je rezervisano"))


def shown_to(person: Phone, words: str, within: float = 0.5) -> bool:
    """Whether somebody was shown this. What is on its way takes a moment."""
    until = time.monotonic() + within
    while person.find(words, since=0) is None:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
