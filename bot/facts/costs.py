"""Facts about money for staff: what a broadcast costs, and what was not sent because there was none."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from sqlalchemy import select

from bot.campaigns.broadcasting import Cost
from bot.facts.lookup import Lookup
from bot.language.languages import BY_TAG
from conversations.facts.staff import NotReached, Paid, Shortage
from conversations.speech import Moment, Words
from models.messages.money import EURO, Spending, tariff_of
from models.messages.reminder import Reminder
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who.people import Person

SHOWN = 10


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


def euros(micros: int, tag: str, rounding: str = ROUND_HALF_UP) -> str:
    """A sum in euros with two decimals, as it is written in the language of a tag: "0.80", "0,80"."""
    written = str((Decimal(micros) / EURO).quantize(Decimal("0.01"), rounding))
    return written if BY_TAG[tag].base == "en" else written.replace(".", ",")
