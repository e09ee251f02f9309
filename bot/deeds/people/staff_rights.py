"""What staff may touch: everything of an organisation in which they hold a role today, and nothing else."""

from __future__ import annotations

from bot.doing import Doing
from models.campaigns.broadcast import Broadcast
from models.lessons.leading import leads_session
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.staff import organisations_of


def organisation_for(doing: Doing, organisation_id: int | None) -> int | None:
    """The organisation to act for: the one named if the person may, else their only one; None if they may not."""
    mine = organisations_of(doing.session, doing.person_id)
    if organisation_id is not None:
        return organisation_id if organisation_id in mine else None
    return min(mine) if mine else None


def listing_for(doing: Doing, listing_id: int) -> Listing | None:
    """The listing, if the person who acts is staff of its organisation."""
    listing = doing.session.get(Listing, listing_id)
    if listing is None or listing.organisation_id not in organisations_of(doing.session, doing.person_id):
        return None
    return listing


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


def broadcast_for(doing: Doing, broadcast_id: int) -> Broadcast | None:
    """The broadcast, if the person who acts is staff of its organisation."""
    row = doing.session.get(Broadcast, broadcast_id)
    if row is None or row.organisation_id not in organisations_of(doing.session, doing.person_id):
        return None
    return row
