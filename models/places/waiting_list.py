"""The waiting list: a place given back is offered to the next in line for a stated time, and nobody is skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from models.messages.reminder import drop
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import goes_on, joins_until, last_start
from models.places import eligibility
from models.places.agenda import overlapping
from models.places.booking import ACTIVE, HOLDING, Booking
from models.places.locking import give_place_back, lock_people, lock_session, take_place
from models.places.quota import quotas_of
from models.places.room import room_of
from models.places.taking import Booked, why_not
from models.places.together import decided_by, group_of
from models.who.acting import may_change

Hold = Callable[[Meeting], "datetime | None"]
"""Until when (UTC) a place that is free now is held for whom it is offered to; None where no offer is possible
any more. It knows quiet hours, which models do not."""

CHECK_KEEPS = timedelta(hours=48)
"""So long a place that has become free is kept for somebody whose turn it is while it is checked whether they may take
part. After that it goes on, and they keep their turn: a line must not stand still for a decision."""

_OFFERED = text("booking.state = 'offered'")
_WAITING = text("booking.state = 'waiting'")
"""Conditions of partial indexes, word for word: with a bound value neither database would use them."""


@dataclass(frozen=True, slots=True)
class Freed:
    """How giving a place back ended: "cancelled", "declined", "gone" (it was not theirs any more), "denied" or "others"
    (it is held for several together, and who booked for them decides).

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
    if not reason and not may_change(session, now, actor_id, booking.person_id, booking.booked_by_id):
        return Freed("denied")
    if booking.state not in ACTIVE or last_start(session, meeting) <= now:
        return Freed("gone", booking)
    if booking.state == "offered" and not reason:  # what is held for several is held for all of them or for none
        rows = decided_by(session, now, actor_id, booking)
        return _free(session, now, rows, meeting, hold, state="cancelled", reason="") if rows else Freed("others")
    return _free(session, now, [booking], meeting, hold, state="cancelled", reason=reason)


def free_double(session: Session, now: datetime, booking_id: int, hold: Hold) -> tuple[Booking, ...]:
    """End a booking of somebody who has a better one in the same session, also a past one. Who is offered its place."""
    found = _locked(session, booking_id)
    if found is None:
        return ()
    booking, meeting = found
    return _free(session, now, [booking], meeting, hold, state="cancelled", reason="merged").offered


def decline(session: Session, now: datetime, *, booking_id: int, actor_id: int, hold: Hold) -> Freed:
    """Say no to an offered place: it is offered to the next."""
    found = _locked(session, booking_id)
    if found is None:
        return Freed("gone")
    booking, meeting = found
    if not may_change(session, now, actor_id, booking.person_id, booking.booked_by_id):
        return Freed("denied")
    if booking.state != "offered":
        return Freed("gone", booking)
    rows = decided_by(session, now, actor_id, booking)
    if not rows:
        return Freed("others", booking)
    freed = _free(session, now, rows, meeting, hold, state="cancelled", reason="declined")
    return Freed("declined", freed.booking, freed.offered)


def _free(
    session: Session, now: datetime, rows: list[Booking], meeting: Meeting, hold: Hold, *, state: str, reason: str
) -> Freed:
    """End bookings; only then are their places offered on, all at once."""
    for booking in rows:
        held = booking.state in HOLDING
        booking.state, booking.reason, booking.offer_until, booking.changed_at = state, reason, None, now
        session.flush()
        drop(session, "booking", booking.id)
        if held:
            give_place_back(session, meeting)
    return Freed(state, rows[0], tuple(_offer(session, now, meeting, hold)))


def accept(session: Session, now: datetime, *, booking_id: int, actor_id: int) -> Booked:
    """Take an offered place, with the places of those it was offered to together (`others`). Outcomes: "booked",
    "already", "overlap", "late" (the offer has lapsed), "past", "cancelled", "denied", "gone", "others" (it is held for
    several together, and who booked for them decides).
    """
    first = session.get(Booking, booking_id)
    if first is None:
        return Booked("gone")
    lock_people(session, [row.person_id for row in group_of(session, first)])
    found = _locked(session, booking_id)
    if found is None:
        return Booked("gone")
    booking, meeting = found
    if not may_change(session, now, actor_id, booking.person_id, booking.booked_by_id):
        return Booked("denied")
    if booking.state == "booked":
        return Booked("already", booking)
    if booking.state != "offered":
        return Booked("late" if booking.state == "lapsed" else "gone", booking)
    if (refused := why_not(session, now, meeting)) in ("cancelled", "past"):
        return Booked(refused, booking)
    if booking.offer_until is None or booking.offer_until <= now:
        return Booked("late", booking)
    rows = decided_by(session, now, actor_id, booking)
    if not rows:
        return Booked("others", booking)
    for row in rows:
        clash = overlapping(session, now, row.person_id, meeting)
        if clash is not None:
            return Booked("overlap", row, clash=clash)
    for row in rows:
        row.state, row.offer_until, row.changed_at, row.together_id = "booked", None, now, None
    session.flush()
    return Booked("booked", booking, others=tuple(rows[1:]))


def offer_free_places(session: Session, now: datetime, session_id: int, hold: Hold) -> list[Booking]:
    """Offer every free place of a session to those who wait, in order: after more places were made, say."""
    meeting = lock_session(session, session_id)
    return _offer(session, now, meeting, hold) if meeting else []


def _offer(session: Session, now: datetime, meeting: Meeting, hold: Hold) -> list[Booking]:
    offered: list[Booking] = []
    if meeting.state != "planned" or meeting.taken >= meeting.capacity:
        return offered
    joins = joins_until(session, meeting)
    until = hold(meeting) if joins > now else None
    if until is None or not now < until < joins:
        return offered
    room = room_of(session, meeting)
    for rows in _parties(session, meeting):
        needed = Counter(room.key(row.quota_id) for row in rows)
        if _checking(session, now, meeting, rows):
            if now - max(row.created_at for row in rows) < CHECK_KEEPS:
                room.use(needed)
            continue
        if not room.fits(needed):
            continue  # their quota is full, or too few for those who wait together: they keep their turn
        room.use(needed)
        if not all(take_place(session, meeting) for _row in rows):
            break
        for booking in rows:
            booking.state, booking.offer_until, booking.changed_at = "offered", until, now
        offered.extend(rows)
        session.flush()
        if meeting.taken >= meeting.capacity:
            break
    return offered


def _parties(session: Session, meeting: Meeting) -> list[list[Booking]]:
    """Those who wait, in order; who waits together stands where the first of them does."""
    line = select(Booking).where(Booking.session_id == meeting.id, Booking.state == "waiting").order_by(Booking.line)
    alone = session.scalars(line.where(Booking.together_id.is_(None)).limit(_looked_at(session, meeting))).all()
    together = session.scalars(line.where(Booking.together_id.is_not(None))).all()
    parties: dict[int, list[Booking]] = {}
    for booking in sorted((*alone, *together), key=lambda row: row.line):
        parties.setdefault(booking.together_id or booking.id, []).append(booking)
    return list(parties.values())


def _looked_at(session: Session, meeting: Meeting) -> int | None:
    """How many of those who wait can get a place; None for all, where some may have to be passed over."""
    free = meeting.capacity - meeting.taken
    listing = session.get_one(Listing, meeting.listing_id)
    return None if listing.checked or quotas_of(session, listing.id) else free


def _checking(session: Session, now: datetime, meeting: Meeting, rows: Sequence[Booking]) -> bool:
    """True while it is not decided of all of them that they may take part."""
    listing = session.get_one(Listing, meeting.listing_id)
    return any(eligibility.decision(session, now, listing, row.person_id) is not True for row in rows)


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
    """End one offer: its time is over or, with a `reason`, it can reach nobody. (it and its group, newly offered)."""
    found = _locked(session, booking_id)
    if found is None:
        return [], []
    booking, meeting = found
    until = booking.offer_until
    if booking.state != "offered" or not (reason or (until is not None and until <= now)):
        return [], []
    rows = group_of(session, booking)
    freed = _free(session, now, rows, meeting, hold, state="lapsed", reason=reason)
    return rows, list(freed.offered)


def places_waited_for(session: Session, now: datetime, *, most: int = 100) -> Sequence[int]:
    """Ids of sessions to come that have free places while people wait: an offer was not possible, now it may be."""
    waiting = select(Booking.session_id).where(_WAITING).distinct()
    free = select(Meeting.id).where(
        Meeting.id.in_(waiting),
        Meeting.state == "planned",
        Meeting.taken < Meeting.capacity,
        goes_on(now),
        or_(Meeting.starts_at > now, Meeting.listing_id.in_(select(Listing.id).where(Listing.join_late > 0))),
    )
    return session.scalars(free.order_by(Meeting.id).limit(most)).all()


def cancel_all_future(
    session: Session, now: datetime, person_id: int, reason: str, hold: Hold
) -> tuple[list[Booking], list[Booking]]:
    """Cancel whatever of a person is still to come: they left, or consent was withdrawn. (cancelled, newly offered)."""
    ids = session.scalars(
        select(Booking.id)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Booking.person_id == person_id, Booking.state.in_(ACTIVE), goes_on(now))
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
