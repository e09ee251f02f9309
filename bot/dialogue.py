"""One arrival, one transaction: dedupe, lock, turn, deeds, replies. Nothing here sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.deeds import perform
from bot.doing import Doing
from bot.erasure import forget, ledger_at
from bot.facts import KnownFacts, Lookup
from bot.knowing import me_of
from bot.language.languages import guess
from bot.language.tongue import spoken, tongue
from bot.links import Opening, resolve
from bot.telling import Rules, queue
from conversations.engine import Engine, Turn
from conversations.questions import free
from conversations.script import Json
from conversations.speech import Attachment, Done, Heard, Say, Text, _
from conversations.standing import StandingAction
from conversations.state import State
from handlers.channel import Arrival
from models import code
from models.base import Instant
from models.conversation import Standing, Talk
from models.message import Inbox, Note, Outgoing, StoredAttachment
from models.people import Address, Person

IDLE = timedelta(days=1)
"""After so much silence people are asked whether to go on."""
KEEP_ATTACHMENT = timedelta(hours=48)
DEEDS_MOST = 20
"""The most deeds one arrival may lead to; more is a circle in a script."""

_GONE_BUTTON = _("This button has had its time. Here is where we are:")
_UNKNOWN_LINK = _("This link or code does not work any more. Ask for a new one, or look around:")


StoredState = dict[str, Any] | None

# Statements of every turn, built once: building one costs as much as running it.
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_REMEMBER = {
    name: made(Inbox.__table__)
    .on_conflict_do_nothing(index_elements=["channel", "message_id"])
    .returning(Inbox.__table__.c.id)
    for name, made in _INSERTS.items()
}
_NEW_ADDRESS = {
    name: made(Address.__table__)
    .on_conflict_do_nothing(index_elements=["channel", "external_id"])
    .returning(Address.__table__.c.id)
    for name, made in _INSERTS.items()
}
_KEEP_TALK = {
    name: (keeping := made(Talk.__table__)).on_conflict_do_update(
        index_elements=["address_id"],
        set_={"state": keeping.excluded.state, "changed_at": keeping.excluded.changed_at},
    )
    for name, made in _INSERTS.items()
}
_WHO = (
    select(Address, Person, Talk.state)
    .join(Person, Person.id == Address.person_id)
    .outerjoin(Talk, Talk.address_id == Address.id)
    .where(Address.channel == bindparam("channel"), Address.external_id == bindparam("external_id"))
    .with_for_update(of=Address)
)
_HEARD_FROM = (
    update(Address.__table__)
    .where(Address.__table__.c.id == bindparam("address"))
    .values(active=True, inactive_reason="", last_heard_at=bindparam("now", type_=Instant))
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an arrival: `outgoing` are the ids of the messages to send now that it is committed."""

    outgoing: tuple[int, ...] = ()
    duplicate: bool = False


class Dialogue:
    """Takes arrivals, one transaction each. Knows no channel and no event loop."""

    def __init__(self, engine: Engine, standing: Mapping[str, StandingAction], rules: Rules) -> None:
        self.engine = engine
        self.standing = standing
        self.rules = rules

    def take(self, session: Session, arrival: Arrival, now: datetime) -> Taken:
        """Take one arrival within the caller's transaction. A known message id has no effect."""
        if not remember(session, arrival, now):
            return Taken(duplicate=True)
        if arrival.event in ("ignored", "delivered", "failed"):
            return Taken()
        address, person, stored = self._address(session, arrival, now)
        if arrival.event == "left":
            _left(session, address, "left")
            return Taken()
        idle = address.last_heard_at is not None and now - address.last_heard_at > IDLE
        session.connection().execute(_HEARD_FROM, {"address": address.id, "now": now})
        if arrival.event == "returned":
            return Taken()
        turn = _Turning(self, session, arrival, address, person, State.from_json(stored), now)
        turn.take(idle=idle)
        state = (State(asked=turn.state.asked) if person.erased_at is not None else turn.state).to_json()
        session.flush()
        kept = {"address_id": address.id, "state": state, "changed_at": now}
        session.connection().execute(_KEEP_TALK[_dialect(session)], kept)
        return Taken(tuple(turn.doing.outgoing))

    def quarantine(self, session: Session, arrival: Arrival, now: datetime, reason: str) -> Taken:
        """Set aside an arrival whose turn failed: the person gets an apology and a way on, staff a note.

        `reason` is the name of the error, never its text.
        """
        if not remember(session, arrival, now, state="quarantined", reason=reason):
            return Taken(duplicate=True)
        address, person, _stored = self._address(session, arrival, now)
        session.add(Note(kind="quarantined", about=f"{arrival.channel}: {reason}", created_at=now))
        apology = Say(_("Something went wrong on our side, and we have been told. Please go on from the menu."))
        written = queue(session, now, address.id, spoken(free(apology), tongue(person.tag)), "reply")
        return Taken((written,))

    def _address(self, session: Session, arrival: Arrival, now: datetime) -> tuple[Address, Person, StoredState]:
        """The sender's address, locked for this turn, with its person and stored conversations."""
        whose = {"channel": arrival.channel, "external_id": arrival.sender.external_id}
        found = session.execute(_WHO, whose).first()
        if found is not None and found[1].erased_at is not None and arrival.event != "left":
            # whoever comes back after their erasure is somebody new
            forget(session, ledger_at(self.rules.ledger), found[0], found[1].erased_at)
            found = None
        if found is not None:
            return found[0], found[1], found[2]
        person = Person(tag=guess(arrival.sender.language, self.rules.default_tag), created_at=now)
        session.add(person)
        session.flush()
        address = {**whose, "person_id": person.id, "active": True, "inactive_reason": "", "created_at": now}
        made = session.connection().execute(_NEW_ADDRESS[_dialect(session)], address).first()
        if made is None:  # another process met the same newcomer a moment earlier
            session.delete(person)
            session.flush()
            return self._address(session, arrival, now)
        return session.get_one(Address, made[0]), person, None


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def remember(session: Session, arrival: Arrival, now: datetime, *, state: str = "handled", reason: str = "") -> bool:
    """Put an arrival into the inbox. False if it is there already."""
    row = {
        "channel": arrival.channel,
        "message_id": arrival.message_id,
        "arrived_at": now,
        "state": state,
        "reason": reason[:120],
    }
    return session.connection().execute(_REMEMBER[_dialect(session)], row).first() is not None


def _left(session: Session, address: Address, reason: str) -> None:
    """Mark an address unreachable and cancel what waits for it."""
    address.active, address.inactive_reason = False, reason
    session.execute(
        update(Outgoing)
        .where(Outgoing.address_id == address.id, Outgoing.state == "waiting")
        .values(state="cancelled", reason=reason)
    )


class _Turning:
    """The turn of one arrival, with the deeds it asks for."""

    def __init__(
        self,
        house: Dialogue,
        session: Session,
        arrival: Arrival,
        address: Address,
        person: Person,
        state: State,
        now: datetime,
    ) -> None:
        self.house, self.session, self.arrival, self.now = house, session, arrival, now
        self.address, self.person, self.state = address, person, state
        self.doing = Doing(session, now, house.rules, person.id, address.id, arrival.channel)
        self.says: list[Say] = []
        self._facts: KnownFacts | None = None

    @property
    def facts(self) -> KnownFacts:
        """Facts as they are after what has been done so far."""
        if self._facts is None:
            me = me_of(self.session, self.person)
            self._facts = KnownFacts(
                Lookup(self.session, self.now, me, self.house.rules, self.address.id, self.arrival.channel)
            )
        return self._facts

    def take(self, *, idle: bool) -> None:
        engine, arrival = self.house.engine, self.arrival
        speak = tongue(self.person.tag)
        if arrival.event == "opened":
            opening = self.opening(arrival.link) if arrival.link else None
            if opening is not None:
                self.run(engine.open(self.state, opening[0], self.facts, speak, opening[1]))
            elif arrival.link:
                self.says.append(Say(_UNKNOWN_LINK))
                self.run(engine.opened(replace(self.state, frames=()), self.facts, speak))
            else:
                self.run(engine.opened(self.state, self.facts, speak))
        elif arrival.heard.tap.startswith("s."):
            self.stand(arrival.heard.tap[2:])
        else:
            self.run(engine.turn(self.state, self._heard(), self.facts, speak, idle=idle))
        self.reply()

    def opening(self, link: str) -> Opening | None:
        """What a deep link opens. Codes are for who has one: guessing is counted, and after too much of it all are
        unknown.
        """
        opening = resolve(self.session, link)
        if opening is not None and "code" not in opening[1]:
            return opening
        if code.blocked(self.session, self.now, self.person.id):
            return None
        if opening is None:
            code.wrong(self.session, self.now, self.person.id)
        return opening

    def _heard(self) -> Heard:
        """What was heard, with its attachment stored and named by the id it is stored under."""
        sent = self.arrival.heard.attachment
        if sent is None or sent.content is None or sent.kind not in ("photo", "file", "voice"):
            return self.arrival.heard
        row = StoredAttachment(
            person_id=self.person.id,
            kind=sent.kind,
            name=sent.name[:120],
            media_type=sent.media_type[:80],
            content=sent.content,
            created_at=self.now,
            keep_until=self.now + KEEP_ATTACHMENT,
        )
        self.session.add(row)
        self.session.flush()
        stored = Attachment(sent.kind, row.name, row.media_type, len(sent.content), ref=str(row.id))
        return replace(self.arrival.heard, attachment=stored)

    def run(self, turn: Turn) -> None:
        """Follow a turn to its end: perform what it asks for and tell the engine how that ended."""
        for _deed in range(DEEDS_MOST):
            self.state = turn.state
            self.says.extend(turn.says)
            for deed in turn.deeds:
                self.perform(deed)
            if turn.asks is None:
                return
            done = self.perform(turn.asks)
            if self.person.erased_at is not None:  # nothing to go back to
                self.state = replace(self.state, frames=self.state.frames[-1:], paused=None)
            turn = self.house.engine.turn(self.state, done, self.facts, tongue(self.person.tag))
        raise RuntimeError("a script asks for deeds without end")

    def perform(self, deed: object) -> Done:
        done = perform(self.doing, deed)  # type: ignore[arg-type]  # turns carry deeds
        self.session.flush()
        self._facts = None
        return done

    def stand(self, token: str) -> None:
        """A standing button: authorised again, performed beside the conversation in progress."""
        engine = self.house.engine
        row = self.session.get(Standing, token, with_for_update=True)
        action = self.house.standing.get(row.action) if row else None
        if row is None or action is None or row.person_id != self.person.id or row.expires_at <= self.now:
            self.says.append(Say(_GONE_BUTTON))
            self.run(engine.repeat(self.state, self.facts, tongue(self.person.tag)))
            return
        if action.single_use and row.used_at is not None:
            return
        row.used_at = self.now
        if action.opens:
            self.run(engine.open(self.state, action.opens, self.facts, tongue(self.person.tag), row.about))
            return
        if action.deed is None:  # a StandingAction does or opens: refused when it was built
            raise RuntimeError(f"standing action {action.name} does nothing")
        done = self.perform(action.deed(row.about))
        answer = action.says[done.outcome]
        about: dict[str, Json] = {**row.about, **done.details, "outcome": done.outcome}
        said = answer if isinstance(answer, Text) else answer(about)
        self.says.append(said if isinstance(said, Say) else Say(said))

    def reply(self) -> None:
        """Write what is to be said to the outbox, in the person's language as it is by now."""
        speak = tongue(self.person.tag)
        for say in self.says:
            edits = self.arrival.shown_id if say.replaces else ""
            self.doing.outgoing.append(
                queue(self.session, self.now, self.address.id, spoken(say, speak), "reply", edits=edits)
            )
