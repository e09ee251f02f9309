"""Who an arrival comes from: the inbox that knows it already, the address it locks, the person behind it.

These few statements run in every turn, so they are prepared (models/prepared.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from bot.keeping.erasure import forget
from bot.keeping.ledger import ledger_at
from bot.language.languages import guess
from bot.telling import Rules
from handlers.channel import Arrival
from models.base import Instant, inserting
from models.messages.conversation import Talk
from models.messages.message import RANKS, Inbox, Outgoing
from models.messages.sending import move_waiting
from models.prepared import Prepared
from models.who.people import Address, Person


def _remembering(dialect: str) -> Any:
    row: dict[str, Any] = {name: bindparam(name) for name in ("channel", "message_id", "arrived_at", "state", "reason")}
    return (
        inserting(dialect)(Inbox)
        .values(**row)
        .on_conflict_do_nothing(index_elements=["channel", "message_id"])
        .returning(Inbox.id)
    )


def _new_address(dialect: str) -> Any:
    row: dict[str, Any] = {name: bindparam(name) for name in ("person_id", "channel", "external_id", "created_at")}
    return (
        inserting(dialect)(Address)
        .values(**row, active=True, inactive_reason="")
        .on_conflict_do_nothing(index_elements=["channel", "external_id"])
        .returning(Address.id)
    )


def _keeping(dialect: str) -> Any:
    keep = inserting(dialect)(Talk).values(**{name: bindparam(name) for name in ("address_id", "state", "changed_at")})
    return keep.on_conflict_do_update(
        index_elements=["address_id"], set_={"state": keep.excluded.state, "changed_at": keep.excluded.changed_at}
    )


def _hearing(_dialect: str) -> Any:
    heard = {"active": True, "inactive_reason": "", "last_heard_at": bindparam("now", type_=Instant)}
    return update(Address).where(Address.id == bindparam("address")).values(**heard)


_REMEMBER, _NEW_ADDRESS = Prepared(_remembering), Prepared(_new_address)
_KEEP_TALK, _HEARD_FROM = Prepared(_keeping), Prepared(_hearing)
_BACK = Prepared(
    lambda _dialect: update(Address).where(Address.id == bindparam("address")).values(active=True, inactive_reason="")
)
_OF_PERSON = (
    Person.id, Person.tag, Person.band, Person.town_id, Person.welcomed_at, Person.stopped_at, Person.erased_at,
)  # fmt: skip
_WHO = Prepared(
    lambda _dialect: (
        select(*_OF_PERSON, Address.id, Address.last_heard_at, Talk.state)
        .select_from(Address)
        .join(Person, Person.id == Address.person_id)
        .outerjoin(Talk, Talk.address_id == Address.id)
        .where(Address.channel == bindparam("channel"), Address.external_id == bindparam("external_id"))
        .with_for_update(of=Address)
    )
)
_AGAIN = Prepared(
    lambda _dialect: (
        select(*_OF_PERSON)
        .select_from(Address)
        .join(Person, Person.id == Address.person_id)
        .where(Address.id == bindparam("address"))
    )
)
_OF_ID = Prepared(lambda _dialect: select(*_OF_PERSON).where(Person.id == bindparam("person")))
_NEW_PERSON = Prepared(
    lambda _dialect: (
        insert(Person)
        .values(
            called="",
            tag=bindparam("tag"),
            language_chosen=False,
            band="",
            created_at=bindparam("created_at", type_=Instant),
        )
        .returning(*_OF_PERSON)
    )
)


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever sent an arrival, as far as a turn needs to know: read anew after every deed."""

    id: int
    tag: str
    band: str
    town_id: int | None
    welcomed_at: datetime | None
    stopped_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an arrival came from: its address, locked for the turn, and what is stored of its conversations."""

    address_id: int
    last_heard_at: datetime | None = None
    stored: dict[str, Any] | None = None
    holder: int | None = None
    """Who speaks, at a place that is nobody's own: in a group of staff."""
    tag: str = ""
    """The language in which everybody reads there, whoever speaks; "" where it is that of who speaks."""


def sender_of(session: Session, arrival: Arrival, now: datetime, rules: Rules) -> tuple[Who, Place]:
    """Who sent it, from where; a newcomer is made."""
    whose = {"channel": arrival.channel, "external_id": arrival.sender.external_id}
    found = _WHO.run(session, **whose)
    if found:
        who, place = Who(*found[0][:-3]), Place(*found[0][-3:])
        if who.erased_at is None or arrival.event == "left":
            return who, place
        # whoever comes back after their erasure is somebody new
        forget(session, ledger_at(rules.ledger), session.get_one(Address, place.address_id), who.erased_at)
        session.flush()
    tag = guess(arrival.sender.language, rules.default_tag)
    who = Who(*_NEW_PERSON.run(session, tag=tag, created_at=now)[0])
    made = _NEW_ADDRESS.run(session, **whose, person_id=who.id, created_at=now)
    if not made:  # another process met the same newcomer a moment earlier
        session.execute(delete(Person).where(Person.id == who.id))
        return sender_of(session, arrival, now, rules)
    return who, Place(made[0][0])


def remember(session: Session, arrival: Arrival, now: datetime, *, state: str = "handled", reason: str = "") -> bool:
    """Put an arrival into the inbox. False if it is there already."""
    made = _REMEMBER.run(
        session,
        channel=arrival.channel,
        message_id=arrival.message_id,
        arrived_at=now,
        state=state,
        reason=reason[:120],
    )
    return bool(made)


def left(session: Session, address_id: int, reason: str) -> list[int]:
    """Mark an address unreachable. Answers meant for it are dropped; what else waits goes to another of the person.

    Returns the ids of what was moved; without another address it is cancelled.
    """
    session.execute(
        update(Outgoing)
        .where(Outgoing.address_id == address_id, Outgoing.state == "waiting", Outgoing.rank == RANKS["reply"])
        .values(state="cancelled", reason=reason)
    )
    session.execute(update(Address).where(Address.id == address_id).values(active=False, inactive_reason=reason))
    session.flush()
    return move_waiting(session, session.get_one(Address, address_id), reason, ("waiting",))


def hear_from(session: Session, place: Place, now: datetime) -> None:
    """An address is alive: it was heard from at `now`."""
    _HEARD_FROM.run(session, address=place.address_id, now=now)


def is_back(session: Session, place: Place) -> None:
    """An address can be reached again. Nothing was written from it: on a channel that costs it still does."""
    _BACK.run(session, address=place.address_id)


def again(session: Session, place: Place) -> Who:
    """Whose the address is after a deed: the same person as they are now, or somebody new where it has left them."""
    if place.holder is not None:
        who = who_is(session, place.holder)
        return replace(who, tag=place.tag) if place.tag else who
    return Who(*_AGAIN.run(session, address=place.address_id)[0])


def who_is(session: Session, person_id: int) -> Who:
    """Somebody who is known, as far as a turn needs to know."""
    return Who(*_OF_ID.run(session, person=person_id)[0])


def keep_state(session: Session, place: Place, state: dict[str, Any], now: datetime) -> None:
    """Store where an address stands in its conversations."""
    _KEEP_TALK.run(session, address_id=place.address_id, state=state, changed_at=now)
