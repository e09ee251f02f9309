"""Facts about money for staff: what a broadcast costs, and what was not sent because there was none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.campaigns.judging import Cost
from bot.facts.lookup import Lookup
from bot.language.languages import BY_TAG
from conversations.facts.staff import NotReached, NotTold, Paid, Shortage
from conversations.speech import Moment, Words
from models.messages.message import Outgoing
from models.messages.money import EURO, Spending, tariff_of
from models.messages.reminder import Reminder
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.people import Address, Person

SHOWN = 10
TOLD_MOST = 20
RECENT = timedelta(days=14)
"""What is older is no news any more."""


def told(cost: Cost, tag: str) -> Paid:
    """A cost as it is told in the language of a tag. What is left is never told as more than it is."""
    return Paid(
        channel=cost.tariff.name,
        people=cost.people,
        cost=euros(cost.micros, tag),
        left=euros(cost.left, tag, ROUND_FLOOR),
        enough=cost.enough,
        unknown=cost.unknown,
        each=euros(cost.tariff.otherwise, tag),
    )


def shortage(lookup: Lookup, about: str) -> Shortage | None:
    """What a note of the kind "budget" is about: "viber 2026-11". None where that channel costs nothing any more."""
    channel, _, month = about.partition(" ")
    tariff = tariff_of(lookup.rules.tariffs, channel)
    row = lookup.session.get(Spending, (channel, month))
    if tariff is None or row is None:
        return None
    return Shortage(tariff.name, row.unsent, euros(tariff.budget, lookup.me.tag))


def not_reached(lookup: Lookup, organisations: Collection[int]) -> tuple[NotReached, ...]:
    """Whom nobody reminded of a meeting of these organisations, for want of money."""
    rows = lookup.session.execute(
        select(Person.called, Booking.number, Listing.title, Meeting.starts_at, Meeting.zone)
        .select_from(Reminder)
        .join(Person, Person.id == Reminder.recipient_id)
        .join(Booking, Booking.id == Reminder.about_id)
        .join(Meeting, Meeting.id == Reminder.session_id)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(
            Reminder.about == "booking",
            Reminder.state == "missed",
            Reminder.reason == "budget",
            Booking.state == "booked",
            Meeting.starts_at > lookup.now,
            Listing.organisation_id.in_(organisations),
        )
        .order_by(Meeting.starts_at, Booking.number, Person.id)
        .limit(4 * SHOWN)
    )
    found = {
        (called, number): NotReached(called, number, Words.of(title), Moment(at, zone, "short"))
        for called, number, title, at, zone in rows  # two reminders of one booking are one line
    }
    return tuple(found.values())[:SHOWN]


def not_told(lookup: Lookup, organisations: Collection[int]) -> tuple[NotTold, ...]:
    """Who could not be told something of a listing of these organisations for want of money; the newest first.

    Left out is what has lost its use since, and whoever wrote since: they were answered.
    """
    session = lookup.session
    rows = session.execute(
        select(Person.id, Person.called, Listing.id, Listing.title, func.max(Outgoing.id))
        .select_from(Outgoing)
        .join(Address, Address.id == Outgoing.address_id)
        .join(Person, Person.id == Address.person_id)
        .join(Listing, Listing.id == Outgoing.listing_id)
        .where(
            Outgoing.reason == "budget",
            Outgoing.state == "cancelled",
            Outgoing.listing_id.is_not(None),
            Outgoing.created_at > lookup.now - RECENT,
            or_(Outgoing.expires_at.is_(None), Outgoing.expires_at > lookup.now),
            or_(Address.last_heard_at.is_(None), Address.last_heard_at < Outgoing.created_at),
            Person.erased_at.is_(None),
            Listing.organisation_id.in_(organisations),
        )
        .group_by(Person.id, Person.called, Listing.id)
        .order_by(func.max(Outgoing.id).desc())
        .limit(TOLD_MOST)
    )
    return tuple(
        NotTold(called, _number(session, person_id, listing_id), Words.of(title))
        for person_id, called, listing_id, title, _newest in rows
    )


def _number(session: Session, person_id: int, listing_id: int) -> int:
    """The number under which staff find somebody: of their booking or application there, or of one they made."""
    booked = (
        select(Booking.number)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.listing_id == listing_id, or_(Booking.person_id == person_id, Booking.booked_by_id == person_id))
        .order_by(Booking.person_id != person_id, Booking.id.desc())
    )
    applied = (
        select(Application.number)
        .where(Application.listing_id == listing_id)
        .where(or_(Application.person_id == person_id, Application.registered_by_id == person_id))
        .order_by(Application.person_id != person_id, Application.id.desc())
    )
    found = session.scalars(booked.limit(1)).first()
    return found or session.scalars(applied.limit(1)).first() or 0


def euros(micros: int, tag: str, rounding: str = ROUND_HALF_UP) -> str:
    """A sum in euros with two decimals, as it is written in the language of a tag: "0.80", "0,80"."""
    written = str((Decimal(micros) / EURO).quantize(Decimal("0.01"), rounding))
    return written if BY_TAG[tag].base == "en" else written.replace(".", ",")
