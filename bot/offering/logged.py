"""What was done at meetings that are over, in counts: for the log that staff read and hand on as evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from conversations.facts.lessons import Log, LogRow
from conversations.speech import Moment, Words
from models.attending.attendance import Attendance
from models.attending.head_count import HeadCount
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings.buddy import BuddyPair
from models.places.booking import Booking

BACK = timedelta(days=365)
"""So far back a log goes: a year, for the yearly report."""
MOST = 200
"""So many meetings are listed one by one, the newest; the sums are of all."""


def log_of(session: Session, now: datetime, organisations: Collection[int], listing_id: int = 0) -> Log:
    """The log of these organisations' meetings of the last year, or of one listing of theirs. No names are in it."""
    over = (
        select(Meeting.id)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(
            Listing.organisation_id.in_(organisations),
            Listing.block == "OFF",
            Meeting.state == "planned",
            Meeting.slot.is_(False),
            Meeting.starts_at <= now,
            Meeting.starts_at > now - BACK,
        )
    )
    if listing_id:
        over = over.where(Meeting.listing_id == listing_id)
    place = func.coalesce(Meeting.first_id, Meeting.id)
    places = select(place).where(Meeting.id.in_(over))
    listings = select(Meeting.listing_id).where(Meeting.id.in_(over))
    booked = _counted(
        session,
        select(Booking.session_id, func.count()).where(Booking.session_id.in_(places), Booking.state == "booked"),
    )
    came = _counted(
        session,
        select(Attendance.session_id, func.count())
        .join(Booking, Booking.id == Attendance.booking_id)
        .where(Attendance.session_id.in_(over), Attendance.state == "present", Booking.state == "booked"),
    )
    heads = _counted(
        session, select(HeadCount.session_id, func.sum(HeadCount.total)).where(HeadCount.session_id.in_(over))
    )
    people = select(func.count(Booking.person_id.distinct())).where(
        Booking.session_id.in_(places), Booking.state == "booked"
    )
    pairs = select(func.count()).where(BuddyPair.listing_id.in_(listings), BuddyPair.told_at.is_not(None))
    rows = session.execute(
        select(Meeting, Listing.title)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(Meeting.id.in_(over))
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(MOST)
    )
    return Log(
        rows=tuple(
            LogRow(
                session_id=meeting.id,
                title=Words.of(title),
                when=Moment(meeting.starts_at, meeting.zone),
                booked=booked.get(meeting.first_id or meeting.id, 0),
                came=came.get(meeting.id, 0),
                heads=heads.get(meeting.id),
                log=meeting.log,
            )
            for meeting, title in rows
        ),
        meetings=session.scalar(select(func.count()).select_from(over.subquery())) or 0,
        people=session.scalar(people) or 0,
        came=sum({**came, **heads}.values()),
        pairs=session.scalar(pairs) or 0,
    )


def _counted(session: Session, counts: Select[int, int]) -> dict[int, int]:
    """Numbers by meeting."""
    key = counts.selected_columns[0]
    return {int(row[0]): int(row[1]) for row in session.execute(counts.group_by(key))}
