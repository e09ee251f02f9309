"""The operations of the outbox: which messages are due, and what became of those that were sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select, text, update
from sqlalchemy.orm import Session

from models.base import Instant
from models.campaigns.broadcast import Recipient
from models.caring.desk import DeskGroup
from models.messages import money
from models.messages.message import AT_LEAST_ONCE, Note, Outgoing
from models.messages.reminder import Reminder
from models.prepared import Prepared
from models.who.people import Address

OPEN = text("outgoing.state IN ('waiting', 'sending')")
"""The condition of the partial indexes, word for word: with a bound value neither database would use them."""
_SENDABLE = text("outgoing.state IN ('waiting', 'sending', 'unsure')")
"""Where "sent" is the truth, whatever was thought meanwhile."""
NOTE_AGAIN = timedelta(hours=24)
"""How long a note of the same kind about the same thing is not repeated."""


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent, and where to."""

    id: int
    address_id: int
    channel: str
    external_id: str
    kind: str
    rank: int
    body: dict[str, Any]
    edits: str
    tries: int
    parts: int
    expires_at: datetime | None
    heard_at: datetime | None = None
    """When (UTC) this address last wrote: what tells free from paid."""

    @property
    def again(self) -> bool:
        """Whether it may be sent again when it is unknown whether it was shown."""
        return self.kind in AT_LEAST_ONCE


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message: its new state, and how often and how far it was sent.

    `doubt`: it may have been shown all the same, so that it may be billed. `belongs`: it may be a reminder's or a
    broadcast's, which follow its fate.
    """

    id: int
    state: str
    reason: str = ""
    shown_id: str = ""
    tries: int = 0
    parts: int = 0
    doubt: bool = False
    belongs: bool = True


_OUT: Any = Outgoing.__table__
_TO: Any = Recipient.__table__
_IDS: Any = bindparam("ids", expanding=True)
# made once: making a statement takes as long as running it
_SENT = Prepared(
    lambda _dialect: (
        _OUT.update()
        .where(_OUT.c.id == bindparam("this"), _SENDABLE)
        .values(
            state="sent", sent_at=bindparam("at"), shown_id=bindparam("shown"), parts=bindparam("so_far"), reason=""
        )
    )
)
_BELONGS = select(_OUT.c.id, _OUT.c.reminder_id, _OUT.c.broadcast_id).where(_OUT.c.id.in_(_IDS))
_RECEIVED = _TO.update().where(_TO.c.outgoing_id.in_(_IDS)).values(state="sent", reason="")


def due_of_addresses(session: Session, now: datetime, ids: Collection[int], most: int) -> list[Due]:
    """All that is due for the addresses of the given messages, in order: none of them overtakes an older one."""
    addresses = select(Outgoing.address_id).where(Outgoing.id.in_(ids))
    return _read(session, _due(now).where(Outgoing.address_id.in_(addresses)), most)


def due_of_address(session: Session, now: datetime, address_ids: Collection[int], most: int) -> list[Due]:
    """All that is due for some addresses, in order."""
    return _read(session, _due(now).where(Outgoing.address_id.in_(address_ids)), most)


def due_of_channel(
    session: Session, now: datetime, channel: str, rank: int, most: int, without: Collection[int] = ()
) -> list[Due]:
    """What is due on a channel in one rank (2 stands for all the last ones), but for some addresses."""
    wanted = _due(now).where(Address.channel == channel, Outgoing.rank == rank)
    if without:
        wanted = wanted.where(Outgoing.address_id.not_in(without))
    return _read(session, wanted, most, by_due=True)


_OLDER = Prepared(
    lambda _dialect: (
        select(Outgoing.id)
        .where(
            Outgoing.address_id == bindparam("address"),
            OPEN,
            Outgoing.due_at <= bindparam("now", type_=Instant),
            Outgoing.id < bindparam("than"),
        )
        .limit(8)
    )
)


def older_than(session: Session, now: datetime, address_id: int, message_id: int) -> tuple[int, ...]:
    """Up to eight messages that an address is still to get, or is getting, before a given one."""
    return tuple(row[0] for row in _OLDER.run(session, now=now, address=address_id, than=message_id))


def settle(session: Session, now: datetime, fates: Sequence[Fate]) -> None:
    """Write down what became of messages, and of the reminders and broadcasts they belong to."""
    sent = [fate for fate in fates if fate.state == "sent"]
    if sent:
        _settle_sent(session, now, sent)
    others = {fate.id: fate for fate in fates if fate.state != "sent"}
    if not others:
        return
    unbilled: list[int] = []
    for row in session.scalars(select(Outgoing).where(Outgoing.id.in_(others)).with_for_update()):
        fate = others[row.id]
        if row.state not in ("waiting", "sending"):
            continue
        if fate.state != "unsure" and not fate.doubt and fate.parts == row.parts:
            unbilled.append(row.id)
        row.tries, row.parts = fate.tries, fate.parts
        end(session, row, fate.state, fate.reason)
        if fate.state == "unsure" and row.broadcast_id is None:
            note(session, now, "unsure", f"{row.kind}: {fate.reason}", row.id)
        elif fate.state == "failed":
            note(session, now, "refused", f"{row.kind}: {fate.reason}", row.id)
    if unbilled:
        money.give_back(session, unbilled)
    session.flush()


def gone(session: Session, address_id: int, reason: str) -> list[int]:
    """An address that cannot be reached any more: what waits for it goes to another of the same person.

    Returns the ids of what was re-addressed; without another address it is cancelled. That the platform
    refused is certain, so nothing can come twice by this.
    """
    address = session.scalars(select(Address).where(Address.id == address_id).with_for_update()).one()
    address.active, address.inactive_reason = False, reason[:64]
    return move_waiting(session, address, reason)


def move_waiting(
    session: Session, address: Address, reason: str, states: Sequence[str] = ("waiting", "sending")
) -> list[int]:
    """Give what is on its way to an address to the best other one of its person, or cancel it where there is none.

    Returns the ids of what was moved. Whoever calls knows that nothing of it was or will be shown there.
    """
    # a room at the desk is nobody: what was to be posted at one of its places is posted nowhere else
    rooms = select(DeskGroup.room_id)
    other = session.scalars(
        select(Address.id)
        .where(Address.person_id == address.person_id, Address.active, Address.id != address.id)
        .where(Address.person_id.not_in(rooms))
        .order_by(Address.preferred_at.desc().nulls_last(), Address.last_heard_at.desc().nulls_last(), Address.id)
        .limit(1)
    ).first()
    moved: list[int] = []
    left = session.scalars(
        select(Outgoing)
        .where(Outgoing.address_id == address.id, Outgoing.state.in_(states), OPEN)
        .order_by(Outgoing.id)
        .with_for_update()
    ).all()
    money.give_back(session, [row.id for row in left])
    for row in left:
        if other is None:
            end(session, row, "cancelled", reason)
            continue
        row.address_id, row.state, row.edits, row.tries, row.parts = other, "waiting", "", 0, 0
        moved.append(row.id)
    session.flush()
    return moved


def recover(session: Session, now: datetime, channel: str) -> int:
    """Messages that a crash left half way: nobody knows whether they were shown. Returns how many.

    Staff decide about each (a note with the message); those of a broadcast are counted in its report.
    """
    left = session.scalars(
        select(Outgoing)
        .join(Address, Address.id == Outgoing.address_id)
        .where(Outgoing.state == "sending", OPEN, Address.channel == channel)
        .order_by(Outgoing.id)
        .with_for_update(of=Outgoing)
    ).all()
    reason = "the program stopped while it was being sent"
    settle(session, now, [Fate(row.id, "unsure", reason, tries=row.tries, parts=row.parts) for row in left])
    return len(left)


def resend(session: Session, now: datetime, outgoing_id: int) -> bool:
    """Staff decided that a message in doubt is sent again. False if it is not in doubt (any more)."""
    row = session.scalars(select(Outgoing).where(Outgoing.id == outgoing_id).with_for_update()).one_or_none()
    if row is None or row.state != "unsure" or not row.body:
        return False
    if row.expires_at is not None and row.expires_at <= now:
        return False
    end(session, row, "waiting", "")
    row.due_at = now
    return True


def note(session: Session, now: datetime, kind: str, about: str, outgoing_id: int | None = None) -> None:
    """Tell staff something. One of the same kind and words is not repeated within a day, unless about a message."""
    if kind != "unsure":
        told = select(Note.id).where(Note.kind == kind, Note.about == about, Note.created_at > now - NOTE_AGAIN)
        if session.scalars(told.limit(1)).first() is not None:
            return
    session.add(Note(kind=kind, about=about, outgoing_id=outgoing_id, created_at=now))


def _due(now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Outgoing.id,
            Outgoing.address_id,
            Address.channel,
            Address.external_id,
            Outgoing.kind,
            Outgoing.rank,
            Outgoing.body,
            Outgoing.edits,
            Outgoing.tries,
            Outgoing.parts,
            Outgoing.expires_at,
            Address.last_heard_at,
        )
        .join(Address, Address.id == Outgoing.address_id)
        .where(OPEN, Outgoing.state == "waiting", Outgoing.due_at <= now)
    )


def _read(session: Session, wanted: Select[*tuple[Any, ...]], most: int, *, by_due: bool = False) -> list[Due]:
    order = (Outgoing.due_at, Outgoing.id) if by_due else (Outgoing.rank, Outgoing.id)
    return [Due(*row) for row in session.execute(wanted.order_by(*order).limit(most))]


def _settle_sent(session: Session, now: datetime, sent: Sequence[Fate]) -> None:
    """The common case, in a few statements for all of them."""
    session.flush()
    _SENT.run_many(
        session,
        ({"this": fate.id, "at": now, "shown": fate.shown_id[:64], "so_far": fate.parts} for fate in sent),
    )
    belonging = [fate.id for fate in sent if fate.belongs]
    if not belonging:
        return
    connection = session.connection()
    follow = connection.execute(_BELONGS, {"ids": belonging}).all()
    reminders = [row.reminder_id for row in follow if row.reminder_id is not None]
    if reminders:
        session.execute(
            update(Reminder)
            .where(said_by(reminders), Reminder.state.in_(("queued", "unsure", "cancelled")))
            .values(state="sent", reason="")
        )
    broadcast = [row.id for row in follow if row.broadcast_id is not None]
    if broadcast:
        connection.execute(_RECEIVED, {"ids": broadcast})


def end(session: Session, row: Outgoing, state: str, reason: str) -> None:
    """Set a message's state and why; the reminders and the recipient it belongs to follow."""
    row.state, row.reason = state, reason[:120]
    follows = {"waiting": "queued", "unsure": "unsure", "failed": "missed", "cancelled": "missed"}
    if row.reminder_id is not None:
        session.execute(
            update(Reminder)
            .where(said_by([row.reminder_id]), Reminder.state.in_(("queued", "unsure")))
            .values(state=follows[state], reason=reason[:64])
        )
    if row.broadcast_id is not None:
        became = {"waiting": "queued", "unsure": "unsure", "failed": "failed", "cancelled": "failed"}
        session.execute(
            update(Recipient).where(Recipient.outgoing_id == row.id).values(state=became[state], reason=reason[:64])
        )


def said_by(ids: Sequence[int]) -> ColumnElement[bool]:
    """The reminders that a message was written for, and those that are said in it too."""
    return or_(Reminder.id.in_(ids), Reminder.said_with_id.in_(ids))
