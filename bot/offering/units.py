"""Series as conversations know them, from the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from conversations.facts.series import Course, Unit
from conversations.speech import Moment, Words
from models.attending.attendance import needed
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import is_series, units_of


def course_of(
    session: Session, now: datetime, meeting: Meeting, known: Mapping[int, str] | None = None
) -> Course | None:
    """The series of a meeting, with what is known of a booking by session; None for a single meeting."""
    if not is_series(session, meeting):
        return None
    units = units_of(session, meeting)
    known = known or {}
    listing = session.get_one(Listing, meeting.listing_id)
    at = [unit.starts_at.astimezone(ZoneInfo(unit.zone)) for unit in units]
    return Course(
        units=tuple(
            Unit(
                session_id=unit.id,
                number=number,
                when=Moment(unit.starts_at, unit.zone),
                topic=Words.of(unit.topic),
                begun=unit.starts_at <= now,
                attends=known.get(unit.id, ""),
                exam=unit.exam,
            )
            for number, unit in enumerate(units, 1)
        ),
        weekday=_weekday(at),
        percent=listing.rule_percent,
        needed=needed(listing.rule_percent, len(units)) if listing.rule_percent else 0,
    )


def _weekday(at: Sequence[datetime]) -> int | None:
    """The day of the week on which all of them are, week by week at the same time; None else: who reads "on Saturdays"
    comes on each of them.
    """
    weekly = any((later.date() - earlier.date()).days == 7 for earlier, later in pairwise(at))  # some may be left out
    return at[0].weekday() if weekly and len({(one.weekday(), one.time()) for one in at}) == 1 else None


def next_unit(session: Session, now: datetime, meeting: Meeting) -> Meeting:
    """The next meeting of a series to come, or its last one; a single meeting itself."""
    if not is_series(session, meeting):
        return meeting
    units = units_of(session, meeting) or [meeting]
    return next((unit for unit in units if unit.starts_at > now), units[-1])
