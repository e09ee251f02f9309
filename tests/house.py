"""The whole product without a network: a real database, the real dialogue, people with names, a clock that stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine as Database
from sqlalchemy import bindparam, create_engine, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from bot.dialogue import Dialogue
from bot.doing import Doing
from bot.reminders import next_due
from bot.running.standing_jobs import due
from bot.sending import envelope
from bot.store import driver_url, sqlite_engine
from bot.switchboard import clean
from bot.telling import Rules
from conversations.deeds.help import Concern
from conversations.engine.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from conversations.speech import Attachment, Heard, Spoken, SpokenButton
from handlers.channel import Arrival, Sender
from models.base import Base
from models.messages.message import Outgoing
from models.messages.sending import recover
from models.offers.programme import Organisation, Town
from models.who.people import Address, Person
from models.who.staff import StaffRole
from tests.cheaper import without_waiting_for_the_disk
from tests.templates import furnish

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Ten o'clock on a Monday in Belgrade: nobody's quiet hours, no clock change near."""
STEP = timedelta(minutes=15)
"""How the clock walks on from a reminder that is due again at once."""
LONG = timedelta(days=3)
HOURS, SELDOM = (8, 9, 12, 15, 18, 19, 20), (9, 13, 18)
"""When the clock is moved it stops for each reminder, and at these hours of the house's zone: all runs in its order.

By night nobody is written to but for reminders. On a way of more than three days it stops more seldom.
"""


_OUT: Any = Outgoing.__table__
# the open ones are named word for word: only then does the partial index serve
_DUE = (
    select(Outgoing.id, Outgoing.body, Address.external_id)
    .join(Address, Address.id == Outgoing.address_id)
    .where(
        sql("outgoing.state IN ('waiting', 'sending')"),
        Outgoing.state == "waiting",
        Outgoing.due_at <= bindparam("now"),
    )
    .order_by(Outgoing.id)
)
_SHOWN = _OUT.update().where(_OUT.c.id == bindparam("this")).values(state="sent", sent_at=bindparam("at"))


@dataclass(slots=True)
class Somebody:
    """A person of a test: everything that was shown to them, in order."""

    name: str
    external_id: str
    tag: str
    shown: list[Spoken] = field(default_factory=list)


class House:
    """`hear`, `tap`, `advance`: whatever is shown to anybody in consequence is returned as (name, message)."""

    def __init__(self, folder: Path, *, sample: bool = True, now: datetime = MONDAY, url: str = "") -> None:
        self.now = now
        self.hop: timedelta | None = None
        """How often the clock stops, if not at its hours."""
        if not url:
            furnish(folder / "putokaz.db", sample=now if sample else None)
        self.database: Database = (
            create_engine(driver_url(url)) if url else sqlite_engine(f"sqlite:///{folder / 'putokaz.db'}")
        )
        if not url:
            without_waiting_for_the_disk(self.database)
        self.rules = Rules(landing="https://putokaz.example/go/")
        self.dialogue = Dialogue(Engine(CONVERSATIONS, concern=Concern), STANDING, self.rules)
        self.people: dict[str, Somebody] = {}
        self._ids: Iterator[int] = count(1)
        if url:
            self._make_tables(sample)

    def _make_tables(self, sample: bool) -> None:
        """Furnish an empty database; one that is furnished stays as it is."""
        if inspect(self.database).has_table(Person.__tablename__):
            return
        Base.metadata.create_all(self.database)
        with Session(self.database) as session:
            from bot.searching.index_tables import ensure

            ensure(session)
            if sample:
                from bot.sample import load

                load(session, self.now)
            session.commit()

    # ------------------------------------------------------------ people

    def person(
        self,
        name: str,
        tag: str = "sr-Latn",
        *,
        band: str = "",
        town: str = "",
        organisation: str = "",
        role: str = "staff",
    ) -> Somebody:
        """Somebody who writes: a newcomer, or (with a band) already welcomed, or staff of an organisation."""
        somebody = Somebody(name, f"console-{name}", tag)
        self.people[name] = somebody
        if band or organisation:
            with Session(self.database) as session:
                person = Person(
                    tag=tag,
                    called="",
                    band=band or "18+",
                    created_at=self.now,
                    welcomed_at=self.now,
                    band_at=self.now,
                    language_chosen=True,
                    town_id=session.scalars(select(Town.id).where(Town.code == town)).first() if town else None,
                )
                session.add(person)
                session.flush()
                session.add(
                    Address(
                        person_id=person.id,
                        channel="console",
                        external_id=somebody.external_id,
                        created_at=self.now,
                        last_heard_at=self.now,
                    )
                )
                self._consents(session, person)
                if organisation:
                    where = session.scalars(select(Organisation).where(Organisation.code == organisation)).one()
                    session.add(StaffRole(person_id=person.id, organisation_id=where.id, role=role, given_at=self.now))
                session.commit()
        return somebody

    def _consents(self, session: Session, person: Person) -> None:
        """What the welcome would have recorded for somebody old enough to consent alone."""
        from bot.arriving.knowing import me_of
        from models.who.consent import Consent, Wording

        if me_of(session, person).needs_guardian:
            return
        wording = session.scalars(select(Wording).where(Wording.hash == "test")).first()
        if wording is None:
            wording = Wording(hash="test", language="en", text="given in a test")
            session.add(wording)
            session.flush()
        for purpose in ("attend", "messages"):
            session.add(
                Consent(
                    person_id=person.id,
                    given_by_id=person.id,
                    purpose=purpose,
                    wording_id=wording.id,
                    channel="console",
                    given_at=self.now,
                )
            )

    def person_id(self, name: str) -> int:
        """The id of the person behind a name."""
        with Session(self.database) as session:
            return session.scalars(
                select(Address.person_id).where(Address.external_id == self.people[name].external_id)
            ).one()

    # ------------------------------------------------------------ what they do

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        """What is done in here is committed together."""
        with Session(self.database) as session:
            yield session
            session.commit()

    def hear(
        self,
        name: str,
        text: str = "",
        *,
        tap: str = "",
        attachment: Attachment | None = None,
        message_id: str = "",
        shown_id: str = "",
    ) -> list[tuple[str, Spoken]]:
        """Somebody writes, taps a payload or sends something. "/start X" opens a deep link."""
        event, link = "heard", ""
        if text.startswith("/start"):
            event, link, text = "opened", text.removeprefix("/start").strip(), ""
        arrival = Arrival(
            channel="console",
            message_id=message_id or f"m{next(self._ids)}",
            sender=Sender(self.people[name].external_id, self.people[name].tag),
            at=self.now,
            event="opened" if event == "opened" else "heard",
            heard=Heard(text=text, tap=tap, attachment=attachment),
            link=link,
            shown_id=shown_id,
        )
        with self._transaction() as session:
            self.dialogue.take(session, clean(arrival), self.now)
        return self._deliver()

    def event(self, name: str, event: str) -> list[tuple[str, Spoken]]:
        """Somebody blocks ("left") or comes back ("returned")."""
        arrival = Arrival(
            "console",
            f"m{next(self._ids)}",
            Sender(self.people[name].external_id, self.people[name].tag),
            self.now,
            event,  # type: ignore[arg-type]  # tests name the events of the contract
        )
        with self._transaction() as session:
            self.dialogue.take(session, arrival, self.now)
        return self._deliver()

    def in_doubt(self, name: str) -> list[tuple[str, Spoken]]:
        """Nobody knows whether the newest message to somebody arrived: the program stopped while it was sent."""
        with self._transaction() as session:
            row = session.scalars(
                select(Outgoing)
                .join(Address, Address.id == Outgoing.address_id)
                .where(Address.external_id == self.people[name].external_id)
                .order_by(Outgoing.id.desc())
                .limit(1)
            ).one()
            row.state = "sending"
            session.flush()
            recover(session, self.now, "console")
        return self._deliver()

    def trouble(self, name: str) -> list[tuple[str, Spoken]]:
        """Somebody writes, and the turn fails as often as it is tried."""
        arrival = Arrival(
            "console",
            f"m{next(self._ids)}",
            Sender(self.people[name].external_id, self.people[name].tag),
            self.now,
            "heard",
            heard=Heard(text="DEMO"),
        )
        with self._transaction() as session:
            self.dialogue.quarantine(session, arrival, self.now, "KeyError")
        return self._deliver()

    def tap(self, name: str, label: str, *, shown: int = 0) -> list[tuple[str, Spoken]]:
        """Somebody taps the button with that label: of the newest message that has it, or of the n-th shown."""
        button = self.button(name, label, shown=shown)
        if button.url:
            raise AssertionError(f"{label!r} opens a page: {button.url}")
        return self.hear(name, tap=button.tap, shown_id="shown")

    def button(self, name: str, label: str, *, shown: int = 0) -> SpokenButton:
        """The button with that label, as shown to somebody."""
        somebody = self.people[name]
        messages = [somebody.shown[shown - 1]] if shown else list(reversed(somebody.shown))
        for message in messages:
            for button in buttons(message):
                if button.label == label:
                    return button
        newest = [b.label for b in buttons(somebody.shown[-1])] if somebody.shown else []
        raise AssertionError(f"{name} sees no button {label!r}; the newest message has {newest}")

    def advance(self, **by: float) -> list[tuple[str, Spoken]]:
        """Let time pass; what falls due in between happens in its order."""
        until = self.now + timedelta(**by)
        hours = SELDOM if until - self.now > LONG else HOURS
        seen: list[tuple[str, Spoken]] = []
        while self.now < until:
            self.now = min(self._next_look(hours), until)
            with self._transaction() as session:
                doing = Doing(session, self.now, self.rules)
                due(doing)
            seen.extend(self._deliver())
        return seen

    def _next_look(self, hours: tuple[int, ...]) -> datetime:
        """When something can happen next: the next reminder to the minute, anything else at one of these hours."""
        with self._transaction() as session:
            reminder = next_due(session)
        if reminder is not None and reminder <= self.now:
            return self.now + STEP
        look = self.now + self.hop if self.hop else at_hour(self.now, ZoneInfo(self.rules.zone), hours)
        return min(reminder or look, look)

    def _deliver(self) -> list[tuple[str, Spoken]]:
        """Show everything that is due to whom it is for."""
        by_address = {somebody.external_id: somebody for somebody in self.people.values()}
        seen: list[tuple[str, Spoken]] = []
        with self._transaction() as session:
            connection = session.connection()
            rows = connection.execute(_DUE, {"now": self.now}).all()
            if rows:
                connection.execute(_SHOWN, [{"this": row.id, "at": self.now} for row in rows])
        for row in rows:
            somebody = by_address.get(row.external_id)
            if somebody is not None:
                message = envelope.from_json(row.body)
                somebody.shown.append(message)
                seen.append((somebody.name, message))
        return seen


def at_hour(moment: datetime, zone: tzinfo, hours: tuple[int, ...]) -> datetime:
    """The next instant (UTC) at which a clock in that zone shows one of these full hours."""
    there = moment.astimezone(zone)
    day = there.replace(hour=0, minute=0, second=0, microsecond=0)
    later = [day.replace(hour=hour) for hour in hours if hour > there.hour]
    return (later[0] if later else (day + timedelta(days=1)).replace(hour=hours[0])).astimezone(UTC)


def buttons(message: Spoken) -> list[SpokenButton]:
    """All buttons of a message, those of its cards first."""
    return [button for card in message.cards for button in card.buttons] + list(message.buttons)


def as_line(message: Spoken) -> str:
    """A message as transcripts write it: text, cards, then [what can be tapped]."""
    text = message.text
    for card in message.cards:
        text += "\n* " + card.text + "".join(f" [{button.label}]" for button in card.buttons)
    if message.venue:
        text += f"\n(pin: {message.venue.name}, {message.venue.address})"
    if message.document:
        text += f"\n(file: {message.document.name})"
    if message.relay is not None:
        text += "\n(attachment)"
    labels = " ".join(f"[{button.label}]" for button in message.buttons if not button.quiet)
    quiet = " ".join(f"({button.label})" for button in message.buttons if button.quiet)
    text = re.sub(r"\b[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}\b", "<short>", text)
    shown = text + ("\n" + " ".join(part for part in (labels, quiet) if part) if labels or quiet else "")
    return re.sub(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])", "<code>", shown)
