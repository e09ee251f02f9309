"""What staff may touch: everything of an organisation in which they hold a role today, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from bot.doing import Doing
from models.asking.box import Box
from models.asking.survey import Survey
from models.asking.vote import Poll
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast
from models.lessons.leading import Leader, leads_session
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.eligibility import Eligibility
from models.visits.professional import Professional
from models.who.staff import organisations_of

T = TypeVar("T", Box, Broadcast, Eligibility, Leader, Listing, Poll, Professional, Survey)
"""What belongs to an organisation."""


def organisation_for(doing: Doing, organisation_id: int | None) -> int | None:
    """The organisation to act for: the one named if the person may, else their only one; None if they may not."""
    mine = organisations_of(doing.session, doing.person_id)
    if organisation_id is not None:
        return organisation_id if organisation_id in mine else None
    return min(mine) if mine else None


def own(doing: Doing, table: type[T], key: int, *, locked: bool = False) -> T | None:
    """The row, if the person who acts is staff of its organisation; `locked` for a change."""
    row = doing.session.get(table, key, with_for_update=locked or None, populate_existing=locked)
    return row if row is not None and row.organisation_id in organisations_of(doing.session, doing.person_id) else None


def listing_for(doing: Doing, listing_id: int) -> Listing | None:
    """The listing, if the person who acts is staff of its organisation."""
    return own(doing, Listing, listing_id)


def session_for(doing: Doing, session_id: int) -> tuple[Meeting, Listing] | None:
    """The session and its listing, if the person who acts is staff of its organisation."""
    meeting = doing.session.get(Meeting, session_id)
    listing = listing_for(doing, meeting.listing_id) if meeting else None
    return (meeting, listing) if meeting and listing else None


def marked_by(doing: Doing, session_id: int) -> Meeting | None:
    """The session, if the person who acts is staff of its organisation, or leads it."""
    meeting = doing.session.get(Meeting, session_id)
    if meeting is None:
        return None
    if listing_for(doing, meeting.listing_id) is not None or leads_session(
        doing.session, doing.now, doing.person_id, meeting
    ):
        return meeting
    return None


def booking_for(doing: Doing, booking_id: int) -> Booking | None:
    """The booking, if the person who acts is staff of its organisation."""
    booking = doing.session.get(Booking, booking_id)
    return booking if booking and session_for(doing, booking.session_id) else None


def audience_for(doing: Doing, draft: Mapping[str, Any]) -> Audience | None:
    """The audience of a draft; None where it names a listing or a survey of which the person who acts is no staff."""
    audience = Audience.of(draft)
    theirs = all(listing_for(doing, one) is not None for one in audience.listings)
    asked = all(own(doing, Survey, one) is not None for one in audience.asked)
    return audience if theirs and asked else None
