"""Trips as the house runs them: a yes that does not come, a place given on, families told on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot import trip_asking
from bot.doing import Doing
from bot.offering import places
from bot.offering.describing import described, name_for
from conversations.outings import words
from conversations.speech import Joined, Moment, Say, Text, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings import trip
from models.outings.travelling import Traveller
from models.places.booking import Booking
from models.places.waiting_list import cancel
from models.who.staff import staff_of

Told = Callable[[Text | str | Joined], Text]
"""What guardians read, given the names of those of theirs who travel."""


def sweep(doing: Doing) -> None:
    """Ask who has not been asked, remind once, and give on what nobody has agreed to in time."""
    trip_asking.ask(doing, trip.unasked(doing.session, doing.now))
    _remind(doing)
    for row in trip.over(doing.session, doing.now):
        missing = trip.still_missing(doing.session, doing.now, row)
        if missing is not None:
            _lapse(doing, missing)


def _remind(doing: Doing) -> None:
    """Once before a place is given on: the guardians, or who brings the paper where no guardian can be written to."""
    on_paper: dict[int, list[tuple[Booking, trip.TripAsk]]] = {}
    for row in trip.to_remind(doing.session, doing.now):
        row.reminded_at = doing.now
        booking = doing.session.get_one(Booking, row.booking_id)
        if booking.state != "booked" or not trip.lacks_consent(doing.session, booking):
            continue
        if trip_asking.family_by_chat(doing, booking.person_id):
            trip_asking.send(doing, booking, row, again=True)
        else:
            on_paper.setdefault(booking.session_id, []).append((booking, row))
    for waiting in on_paper.values():
        _remind_of_paper(doing, waiting)


def _remind_of_paper(doing: Doing, waiting: Sequence[tuple[Booking, trip.TripAsk]]) -> None:
    """The people of one trip, each of their own place, and staff once of all; when they may be written to."""
    first, soonest = waiting[0][0], min(row.until for _booking, row in waiting)
    meeting = doing.session.get_one(Meeting, first.session_id)
    for booking, row in waiting:
        title, when = described(doing.session, doing.now, booking)
        for person_id in concerned(doing, booking):
            named = name_for(doing.session, booking.person_id, person_id)
            text = words.paper_missing(title, when, named, Moment(row.until, meeting.zone))
            doing.tell(person_id, Say(text), "reminder", expires_at=row.until, listing_id=meeting.listing_id)
    title, when = described(doing.session, doing.now, first)
    text = words.papers_missing(title, when, len(waiting), Moment(soonest, meeting.zone))
    for person_id in staff_of(doing.session, doing.session.get_one(Listing, meeting.listing_id).organisation_id):
        button = doing.button(person_id, words.OPEN_TRIP, "see_trip", {"session": meeting.id})
        doing.tell(person_id, Say(text, (button,)), "reminder", expires_at=soonest)


def _lapse(doing: Doing, booking: Booking) -> None:
    title, when = described(doing.session, doing.now, booking)
    freed = free(doing, booking, "no consent")
    if not freed:
        return
    for person_id in concerned(doing, booking):
        named = name_for(doing.session, booking.person_id, person_id)
        text = words.lapsed(title, when, named, given_on=freed == "next")
        doing.tell(person_id, Say(text), "reminder", expires_at=when.at)
    doing.audit("trip place freed", f"booking:{booking.id}", person=booking.person_id)


def free(doing: Doing, booking: Booking, reason: str) -> str:
    """Give a place on: "next" where somebody waits for it, "others" where nobody does; "" where it is not to be had.

    Whoever calls has authorised it.
    """
    freed = cancel(
        doing.session,
        doing.now,
        booking_id=booking.id,
        actor_id=doing.person_id,
        hold=places.hold(doing.now, doing.rules),
        reason=reason,
    )
    if freed.outcome != "cancelled":
        return ""
    places.tell_offers(doing, freed.offered)
    return "next" if freed.offered else "others"


def concerned(doing: Doing, booking: Booking) -> list[int]:
    """Who hears of it when a place on a trip is given on: who has it, their guardians, and who booked."""
    also = places.those_concerned(doing.session, doing.now, booking)
    return list(dict.fromkeys((*also, *trip.guardians_of(doing.session, booking.person_id))))


# ---------------------------------------------------------------- on the way


def tell_families(doing: Doing, travelling: Iterable[Traveller], told: Told) -> int:
    """Tell the guardians of those under 18 who travel, each once about all of theirs. Returns how many were told.

    At any hour: they wait for it. At most once, also after a crash: what is in doubt staff decide about, since a second
    "the bus is leaving" would be about another bus. Guardians who said stop hear nothing.
    """
    theirs: dict[int, list[int]] = {}
    for one in travelling:
        if trip.is_minor(one.person):
            for guardian_id in trip.guardians_of(doing.session, one.person.id):
                theirs.setdefault(guardian_id, []).append(one.person.id)
    count = 0
    for guardian_id, children in theirs.items():
        if not trip_asking.reachable(doing, guardian_id):
            continue
        names = tuple(name_for(doing.session, child, guardian_id) for child in children)
        count += doing.tell(guardian_id, Say(told(Joined(names, "and"))), "reminder", urgent=True) is not None
    return count


def warn_staff(doing: Doing, meeting: Meeting, listing: Listing, out: int, heads: int) -> int:
    """Warn everybody of the organisation's staff at once, at any hour. Returns how many were warned."""
    text = words.miscount(Words.of(listing.title), out, heads)
    warned = 0
    for person_id in staff_of(doing.session, listing.organisation_id):
        if person_id == doing.person_id:
            continue  # sees it on the screen
        button = doing.button(person_id, words.OPEN_TRIP, "see_trip", {"session": meeting.id})
        warned += doing.tell(person_id, Say(text, (button,)), "safety") is not None
    return warned
