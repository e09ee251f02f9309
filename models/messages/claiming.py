"""Taking messages to send: what somebody is still to get, and what costs nothing or is paid for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from models.messages import money
from models.messages.message import AT_LEAST_ONCE, Outgoing
from models.messages.reminder import Reminder
from models.messages.sending import OPEN, end, said_by
from models.offers.programme import Town
from models.who.people import Address, Person
from models.who.reaching import free_elsewhere

_OUT: Any = Outgoing.__table__
_IDS: Any = bindparam("ids", expanding=True)
# made once: making a statement takes as long as running it
_CLAIMABLE = (
    select(
        *(_OUT.c.id, _OUT.c.kind, _OUT.c.address_id, _OUT.c.reminder_id, _OUT.c.expires_at),
        *(Address.active, Address.channel, Address.last_heard_at, Address.person_id),
        *(Person.stopped_at, Person.erased_at, Town.country),
    )
    .join(Address, Address.id == _OUT.c.address_id)
    .join(Person, Person.id == Address.person_id)
    .outerjoin(Town, Town.id == Person.town_id)
    .where(_OUT.c.id.in_(_IDS), _OUT.c.state == "waiting", OPEN)
    .with_for_update(of=_OUT, skip_locked=True)
)
_CLAIM = _OUT.update().where(_OUT.c.id.in_(_IDS)).values(state="sending")


def claim(
    session: Session,
    now: datetime,
    ids: Sequence[int],
    tariffs: money.Tariffs = (),
    parts: Mapping[int, int] | None = None,
) -> frozenset[int]:
    """Mark messages as being sent, before the platform is called. Returns those that may be sent.

    Left out are those that another process took or that were cancelled. What somebody is no longer to
    get (stopped, erased, blocked; a reminder called off; too late) is cancelled here. What costs by the
    `tariffs` is entered into the ledger (so many `parts` of it), or goes where it is free, or is cancelled.
    What is sent at least once is only paid for here: it is not marked.
    """
    session.flush()
    connection = session.connection()
    found = connection.execute(_CLAIMABLE, {"ids": ids}).all()
    reminders = _reminders(session, [row.reminder_id for row in found])
    wanted: list[Row[Any]] = []
    for row in found:
        said = reminders.get(row.reminder_id, [])
        if row.kind in AT_LEAST_ONCE:
            wanted.append(row)
        elif row.stopped_at is not None or row.erased_at is not None or not row.active:
            end(session, session.get_one(Outgoing, row.id), "cancelled", "stopped" if row.active else "unreachable")
        elif any(reminder.state == "cancelled" for reminder in said):
            _call_off(session.get_one(Outgoing, row.id), said)
        elif row.expires_at is not None and row.expires_at <= now:
            end(session, session.get_one(Outgoing, row.id), "cancelled", "too late")
            if len(said) > 1:
                _say_anew(said)
        else:
            wanted.append(row)
    taken = _affordable(session, now, wanted, tariffs, parts or {})
    marked = [row.id for row in wanted if row.id in taken and row.kind not in AT_LEAST_ONCE]
    if marked:
        connection.execute(_CLAIM, {"ids": marked})
    session.flush()
    return taken


def _affordable(
    session: Session, now: datetime, rows: Sequence[Row[Any]], tariffs: money.Tariffs, parts: Mapping[int, int]
) -> frozenset[int]:
    """Which messages cost nothing or are paid for. The others go to a free address or nowhere."""
    taken = {row.id for row in rows}
    for tariff in tariffs:
        costly = [row for row in rows if row.channel == tariff.channel and not tariff.free(row.last_heard_at, now)]
        if not costly:
            continue
        bills = [
            money.Bill(row.id, row.address_id, row.kind, row.country or "", parts.get(row.id, 1)) for row in costly
        ]
        paid = money.pay(session, now, tariff, bills)
        unpaid = [row.id for row in costly if row.id not in paid]
        taken.difference_update(unpaid)
        _without_money(session, now, unpaid, tariff, tariffs)
    return frozenset(taken)


def not_paid(
    session: Session, now: datetime, ids: Sequence[int], tariff: money.Tariff, tariffs: money.Tariffs, reason: str
) -> None:
    """The platform itself wants money that is not there: nothing that costs is sent for a day."""
    money.platform_refuses(session, now, tariff, reason)
    money.give_back(session, ids)
    _without_money(session, now, ids, tariff, tariffs)


def _without_money(
    session: Session, now: datetime, ids: Sequence[int], tariff: money.Tariff, tariffs: money.Tariffs
) -> None:
    """Messages that cannot be paid for: to another address of the person that is free now, else cancelled."""
    unsent = 0
    rows = select(Outgoing, Address.person_id).join(Address, Address.id == Outgoing.address_id)
    for row, person_id in session.execute(rows.where(Outgoing.id.in_(ids)).order_by(Outgoing.id)).all():
        other = free_elsewhere(session, person_id, now, tariffs, (row.address_id,))
        if other is not None:
            row.address_id, row.state, row.edits, row.tries, row.parts = other, "waiting", "", 0, 0
            continue
        end(session, row, "cancelled", "budget")
        unsent += 1
    if unsent:
        money.count_unsent(session, now, tariff, unsent)
    session.flush()


def _say_anew(said: Sequence[Reminder]) -> None:
    """Each is judged by its own time when it is put into words the next time."""
    for reminder in said:
        reminder.state, reminder.reason, reminder.said_with_id = "planned", "", None


def _call_off(row: Outgoing, said: Sequence[Reminder]) -> None:
    """A message of which something is not to be said any more. What else stood in it is put into words anew."""
    row.state = "cancelled"
    row.reason = next((one.reason for one in said if one.state == "cancelled" and one.reason), "called off")
    for reminder in said:
        reminder.said_with_id = None
        if reminder.state == "queued":
            reminder.state = "planned"


def _reminders(session: Session, ids: Iterable[int | None]) -> dict[int | None, list[Reminder]]:
    """What each message reminds of, by the reminder it was written for."""
    wanted = [one for one in ids if one is not None]
    found: dict[int | None, list[Reminder]] = {}
    if wanted:
        for row in session.scalars(select(Reminder).where(said_by(wanted))):
            found.setdefault(row.said_with_id or row.id, []).append(row)
    return found
