"""The story "everywhere" of the kill campaign: the child on Viber, the parent on Telegram, staff at the desk."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from models.offers.call import Application
from models.offers.listing import Listing
from models.who.consent import Wording
from tests.campaigns.beside import LEADER, Everywhere
from tests.campaigns.platform import PATIENCE, Platform
from tests.campaigns.program import Program
from tests.campaigns.story import BEFORE, add_person
from tests.fakes.viber import FakeViber
from tests.outside.talking import MENU, agrees, asks_parent, do, sr, to_young_people, welcomed

START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""As the main story: the reminders of the session are due on Monday at 17:00 and at 19:30."""
FIRST, SECOND = START + timedelta(hours=1, minutes=20), START + timedelta(hours=3, minutes=40)
PARENT, FRIEND = 202, 303
CHILD, QUIET = "mila", "vuk"
"""On Viber: who acts, and who wrote too long ago for messages to be free."""
NUMBER = 4711
WANTED = "Radionica je otkazana."
ASKED = "Da li dolazi neko i u subotu?"
ANSWERED = "Dolazimo i u subotu, od deset."
BOOKED, ACCEPTED = "Mesto je rezervisano", "✅ Accept"


def furnish(database: Path) -> None:
    """What the story finds beside the sample: reminders on its own day, somebody who applied, and people on both."""
    engine = sqlite_engine(f"sqlite:///{database}")
    quiet = FakeViber().person(QUIET).id
    with Session(engine) as session:
        listings = {listing.code: listing for listing in session.scalars(select(Listing))}
        listings["bor-matematika"].remind_minutes = list(BEFORE)
        call = listings["bor-zanimanja"]
        call.block = "CALL"
        wording = Wording(hash="campaign", language="en", text="Agreed to in a test.")
        session.add(wording)
        session.flush()
        ids = {who: add_person(session, who, wording.id, START, staff=who == LEADER) for who in (FRIEND, LEADER, quiet)}
        times = {"created_at": START, "changed_at": START}
        session.add(Application(number=NUMBER, listing_id=call.id, person_id=ids[FRIEND], answers={}, **times))
        session.commit()
    with closing(engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


class Story:
    """People on three platforms who act once each and wait for what they see, whatever becomes of the program."""

    def __init__(self, platform: Platform, program: Program) -> None:
        assert isinstance(platform, Everywhere)
        self._program, self._room = program, platform.room
        self.child, self.quiet = platform.viber.person(CHILD), platform.viber.person(QUIET)
        self.parent, self.friend, leader = (platform.person(number) for number in (PARENT, FRIEND, LEADER))
        self.friend.started = leader.started = self.quiet.subscribed = True
        self.detours: list[str] = []

    def play(self) -> None:
        """From the child's first look on Viber to the reminder that it gets no more, having left."""
        child = self.child
        welcomed(child, band="Under 14")
        agrees(self.parent, asks_parent(child))
        child.wait(sr("📅 Go on with the booking"), PATIENCE, since=0)
        do(child, ("[📅 Go on with the booking]", "Yes, please"), ("[Yes, please]", BOOKED))
        self._the_child_asks_staff()
        self._staff_decide()
        self._program.move_clock_to(FIRST)
        child.unsubscribes()
        self._program.wait_for_rest()
        self._program.move_clock_to(SECOND)

    def _the_child_asks_staff(self) -> None:
        child, room = self.child, self._room
        do(child, ("čovek", "Napišite o čemu je reč"), (ASKED, "Poruka je kod našeg tima."))
        asked = room.wait(ASKED, PATIENCE, since=0)
        room.act(ANSWERED, asked.thread)
        child.wait(ANSWERED, PATIENCE)
        do(child, ("[Odgovori timu]", "Napišite odgovor"), ("menu", MENU))

    def _staff_decide(self) -> None:
        room = self._room
        room.act(f"[{sr(ACCEPTED)}]")
        room.wait(sr("✅ accepted"), PATIENCE)
        for act, answer in to_young_people(WANTED):
            room.act(f"[{sr(act[1:-1])}]" if act.startswith("[") else act)
            room.wait(sr(answer), PATIENCE)
