"""What there is to decide: applications, notes, waiting lists and broadcasts that have no card yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import Select, func, select

from bot.desk import progress
from bot.doing import Doing
from models.caring.desk import DeskCard, DeskGroup
from models.messages.message import Note, Outgoing
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import goes_on
from models.places.booking import Booking
from models.who.people import Address

NEW_MOST = 3
"""New cards of one look: the platform takes 20 posts a minute in a group, and requests come first."""
NOTES_FROM = timedelta(days=7)
APPLICATIONS_FROM = timedelta(days=60)
WAITING_MANY = 3
"""So many people in one waiting list are worth another meeting."""

Find = Callable[[Doing, DeskGroup], list[int]]


def _applications(doing: Doing, group: DeskGroup) -> list[int]:
    return list(
        doing.session.scalars(
            select(Application.id)
            .join(Listing, Listing.id == Application.listing_id)
            .where(
                Listing.organisation_id == group.organisation_id,
                Application.state == "registered",
                Application.created_at > doing.now - APPLICATIONS_FROM,
                Application.id.not_in(_known(group, "application")),
            )
            .order_by(Application.id)
            .limit(NEW_MOST)
        )
    )


def _notes(doing: Doing, group: DeskGroup) -> list[int]:
    """Notes that nobody has looked at; none about the desk's own messages, which would bring forth each other."""
    of_desk = select(Outgoing.id).join(Address, Address.id == Outgoing.address_id).where(Address.channel == "desk")
    return list(
        doing.session.scalars(
            select(Note.id)
            .where(
                Note.seen_at.is_(None),
                Note.created_at > doing.now - NOTES_FROM,
                ~Note.about.startswith("desk:"),
                (Note.outgoing_id.is_(None)) | (Note.outgoing_id.not_in(of_desk)),
                Note.id.not_in(_known(group, "note")),
            )
            .order_by(Note.id)
            .limit(NEW_MOST)
        )
    )


def _waiting(doing: Doing, group: DeskGroup) -> list[int]:
    """Full meetings with a long line."""
    line = (
        select(Booking.session_id)
        .where(Booking.state == "waiting")
        .group_by(Booking.session_id)
        .having(func.count() >= WAITING_MANY)
    )
    return list(
        doing.session.scalars(
            select(Meeting.id)
            .join(Listing, Listing.id == Meeting.listing_id)
            .where(
                Listing.organisation_id == group.organisation_id,
                Meeting.state == "planned",
                goes_on(doing.now),
                Meeting.id.in_(line),
                Meeting.id.not_in(_known(group, "waiting")),
            )
            .order_by(Meeting.starts_at)
            .limit(NEW_MOST)
        )
    )


def _known(group: DeskGroup, about: str) -> Select[int]:
    return select(DeskCard.about_id).where(DeskCard.group_id == group.id, DeskCard.about == about)


FINDERS: Mapping[str, Find] = {
    "broadcast": progress.find,
    "note": _notes,
    "application": _applications,
    "waiting": _waiting,
}
