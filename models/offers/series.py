"""Series: meetings that are enrolled in once. Places live at the first unit, the others point at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings.steps import LEFT, step_of

SERIES = "series"
"""What `Listing.enrols` says where one enrolment counts for all units; "each" is every meeting on its own."""


def first_of(session: Session, meeting: Meeting) -> Meeting:
    """The session at which the places of a meeting live: the first unit of its series, else itself."""
    return session.get_one(Meeting, meeting.first_id) if meeting.first_id is not None else meeting


def is_series(session: Session, meeting: Meeting) -> bool:
    """True if a meeting is a unit of a series."""
    return meeting.first_id is not None or session.get_one(Listing, meeting.listing_id).enrols == SERIES


def units_of(session: Session, meeting: Meeting, *, cancelled: bool = False) -> list[Meeting]:
    """The planned units of the series of a meeting, in the order of time; a single meeting alone.

    With `cancelled` also those that will not take place.
    """
    first = meeting.first_id or meeting.id
    wanted = select(Meeting).where(or_(Meeting.id == first, Meeting.first_id == first))
    if not cancelled:
        wanted = wanted.where(Meeting.state == "planned")
    return list(session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)))


def units_among(meetings: Iterable[Meeting], meeting: Meeting) -> list[Meeting]:
    """The same as `units_of`, of meetings of a listing that were read already."""
    first = meeting.first_id or meeting.id
    units = (one for one in meetings if one.state == "planned" and first in (one.id, one.first_id))
    return sorted(units, key=lambda one: (one.starts_at, one.id))


def begins(session: Session, meeting: Meeting) -> datetime:
    """When (UTC) a meeting begins; a trip as soon as it has left, though it be before the time on the card."""
    if not session.get_one(Listing, meeting.listing_id).trip:
        return meeting.starts_at
    left = step_of(session, meeting.id, LEFT)
    return min(meeting.starts_at, left.at) if left is not None else meeting.starts_at


def joins_until(session: Session, meeting: Meeting) -> datetime:
    """From which instant (UTC) nobody can come in any more: when it begins, or later where the listing says so."""
    if not is_series(session, meeting):
        return begins(session, meeting)
    units = units_of(session, meeting)
    late = session.get_one(Listing, meeting.listing_id).join_late
    return units[min(late, len(units) - 1)].starts_at if units else meeting.starts_at


def last_start(session: Session, meeting: Meeting) -> datetime:
    """When (UTC) the last unit begins: from then on a place cannot be given back."""
    if not is_series(session, meeting):
        return begins(session, meeting)
    return max((unit.starts_at for unit in units_of(session, meeting)), default=meeting.starts_at)


def goes_on(now: datetime, *, until_the_end: bool = False) -> ColumnElement[bool]:
    """A condition on the session at which places live: it, or a later unit, is still to begin (or to end)."""
    unit = _unit()

    def to_come(of: type[Meeting]) -> ColumnElement[bool]:
        return (of.ends_at if until_the_end else of.starts_at) > now

    later = select(unit.id).where(unit.first_id == Meeting.id, unit.state == "planned", to_come(unit)).exists()
    return or_(and_(Meeting.first_id.is_(None), to_come(Meeting)), later)


@cache
def _unit() -> type[Meeting]:
    """A later unit of the same series; made once, because that takes longer than asking for it."""
    return aliased(Meeting)
