"""The waiting list: a place given back is offered to the next in line for a stated time, and nobody is skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.booking import (
    ACTIVE,
    Booked,
    Booking,
    give_place_back,
    lock_people,
    lock_session,
    overlapping,
    speaks_for,
    take_place,
    why_not,
)
from models.listing import Session as Meeting
from models.reminder import drop

Hold = Callable[[Meeting], "datetime | None"]
"""Until when (UTC) a place that is free now is held for whom it is offered to; None where no offer is possible
any more. It knows quiet hours, which models do not."""

_OFFERED = text("booking.state = 'offered'")
_WAITING = text("booking.state = 'waiting'")
"""Conditions of partial indexes, word for word: with a bound value neither database would use them."""


@dataclass(frozen=True, slots=True)
class Freed:
    """How giving a place back ended: "cancelled", "declined", "gone" (it was not theirs any more) or "denied".

    `offered` are the bookings that were offered a place by it.
    """

    outcome: str
    booking: Booking | None = None
    offered: tuple[Booking, ...] = ()


def _locked(session: Session, booking_id: int) -> tuple[Booking, Meeting] | None:
    """A booking, read afresh under the lock of its session."""
    booking = session.get(Booking, booking_id)
    meeting = lock_session(session, booking.session_id) if booking else None
    if booking is None or meeting is None:
        return None
    session.refresh(booking)
    return booking, meeting


def cancel(session: Session, now: datetime, *, booking_id: int, actor_id: int, hold: Hold, reason: str = "") -> Freed:
    """Cancel a booking, an offer or a turn in the line; a freed place goes to the next. Only before the start.

    With a `reason` it is the house or staff who cancel, and whoever calls has authorised it.
    """
    found = _locked(session, booking_id)
    if found is None:
        return Freed("gone")
    booking, meeting = found
    if not reason and not speaks_for(session, actor_id, booking.person_id):
        return Freed("denied")
    if booking.state not in ACTIVE or meeting.starts_at <= now:
        return Freed("gone", booking)
    return _free(session, now, booking, meeting, hold, state="cancelled", reason=reason)


def decline(session: Session, now: datetime, *, booking_id: int, actor_id: int, hold: Hold) -> Freed:
    """Say no to an offered place: it is offered to the next."""
    found = _locked(session, booking_id)
    if found is None:
        return Freed("gone")
    booking, meeting = found
    if not speaks_for(session, actor_id, booking.person_id):
        return Freed("denied")
    if booking.state != "offered":
        return Freed("gone", booking)
    freed = _free(session, now, booking, meeting, hold, state="cancelled", reason="declined")
    return Freed("declined", freed.booking, freed.offered)


def _free(
    session: Session, now: datetime, booking: Booking, meeting: Meeting, hold: Hold, *, state: str, reason: str
) -> Freed:
    held = booking.state in ("booked", "offered")
    booking.state, booking.reason, booking.offer_until, booking.changed_at = state, reason, None, now
    session.flush()
    drop(session, "booking", booking.id)
    if held:
        give_place_back(session, meeting)
    return Freed(state, booking, tuple(_offer(session, now, meeting, hold)))


def accept(session: Session, now: datetime, *, booking_id: int, actor_id: int) -> Booked:
    """Take an offered place. Outcomes: "booked", "already", "overlap", "late" (the offer has lapsed), "past",
    "cancelled", "denied", "gone".
    """
    first = session.get(Booking, booking_id)
    if first is None:
        return Booked("gone")
    lock_people(session, (first.person_id,))
    found = _locked(session, booking_id)
    if found is None:
        return Booked("gone")
    booking, meeting = found
    if not speaks_for(session, actor_id, booking.person_id):
        return Booked("denied")
    if booking.state == "booked":
        return Booked("already", booking)
    if booking.state != "offered":
        return Booked("late" if booking.state == "lapsed" else "gone", booking)
    if (refused := why_not(session, now, meeting)) in ("cancelled", "past"):
        return Booked(refused, booking)
    if booking.offer_until is None or booking.offer_until <= now:
        return Booked("late", booking)
    clash = overlapping(session, booking.person_id, meeting)
    if clash is not None:
        return Booked("overlap", booking, clash=clash)
    booking.state, booking.offer_until, booking.changed_at = "booked", None, now
    session.flush()
    return Booked("booked", booking)


def offer_free_places(session: Session, now: datetime, session_id: int, hold: Hold) -> list[Booking]:
    """Offer every free place of a session to those who wait, in order: after more places were made, say."""
    meeting = lock_session(session, session_id)
    return _offer(session, now, meeting, hold) if meeting else []


def _offer(session: Session, now: datetime, meeting: Meeting, hold: Hold) -> list[Booking]:
    offered: list[Booking] = []
    if meeting.state != "planned" or meeting.starts_at <= now or meeting.taken >= meeting.capacity:
        return offered
    until = hold(meeting)
    if until is None or not now < until < meeting.starts_at:
        return offered
    line = select(Booking).where(Booking.session_id == meeting.id, Booking.state == "waiting").order_by(Booking.line)
    for booking in session.scalars(line.limit(meeting.capacity - meeting.taken)).all():
        if not take_place(session, meeting):
            break
        booking.state, booking.offer_until, booking.changed_at = "offered", until, now
        offered.append(booking)
    session.flush()
    return offered


# ---------------------------------------------------------------- the sweep


def lapse_offers(
    session: Session, now: datetime, hold: Hold, *, most: int = 100
) -> tuple[list[Booking], list[Booking]]:
    """End the offers whose time is over and offer their places to the next: (lapsed, newly offered)."""
    over = session.scalars(
        select(Booking.id)
        .where(_OFFERED, Booking.offer_until <= now)
        .order_by(Booking.session_id, Booking.line)
        .limit(most)
    ).all()
    lapsed: list[Booking] = []
    offered: list[Booking] = []
    for booking_id in over:
        one, freed = lapse(session, now, booking_id, hold)
        lapsed.extend(one)
        offered.extend(freed)
    return lapsed, offered


def lapse(
    session: Session, now: datetime, booking_id: int, hold: Hold, *, reason: str = ""
) -> tuple[list[Booking], list[Booking]]:
    """End one offer: its time is over or, with a `reason`, it can reach nobody. ([it], newly offered)."""
    found = _locked(session, booking_id)
    if found is None:
        return [], []
    booking, meeting = found
    until = booking.offer_until
    if booking.state != "offered" or not (reason or (until is not None and until <= now)):
        return [], []
    freed = _free(session, now, booking, meeting, hold, state="lapsed", reason=reason)
    return [booking], list(freed.offered)


def places_waited_for(session: Session, now: datetime, *, most: int = 100) -> Sequence[int]:
    """Ids of sessions to come that have free places while people wait: an offer was not possible, now it may be."""
    waiting = select(Booking.session_id).where(_WAITING).distinct()
    free = select(Meeting.id).where(
        Meeting.id.in_(waiting), Meeting.state == "planned", Meeting.starts_at > now, Meeting.taken < Meeting.capacity
    )
    return session.scalars(free.order_by(Meeting.id).limit(most)).all()


def cancel_all_future(
    session: Session, now: datetime, person_id: int, reason: str, hold: Hold
) -> tuple[list[Booking], list[Booking]]:
    """Cancel whatever of a person is still to come: they left, or consent was withdrawn. (cancelled, newly offered)."""
    ids = session.scalars(
        select(Booking.id)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Booking.person_id == person_id, Booking.state.in_(ACTIVE), Meeting.starts_at > now)
        .order_by(Meeting.id)
    ).all()
    cancelled: list[Booking] = []
    offered: list[Booking] = []
    for booking_id in ids:
        freed = cancel(session, now, booking_id=booking_id, actor_id=person_id, hold=hold, reason=reason)
        if freed.outcome == "cancelled" and freed.booking is not None:
            cancelled.append(freed.booking)
        offered.extend(freed.offered)
    return cancelled, offered
