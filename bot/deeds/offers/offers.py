"""Performing the deeds about offers: who acts is authorised by the operations, consent is checked here."""

from __future__ import annotations

from bot.arriving.knowing import consented
from bot.deeds.around.outings import joined
from bot.deeds.offers import series
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering import conditions, places
from bot.offering.booked import audit_booking, tell_booked
from bot.offering.describing import described, name_for
from bot.offering.registered import tell_registered
from conversations.blocks import GOES_ON, OPENS
from conversations.deeds.offers import AcceptPlace, Book, CancelBooking, DeclinePlace, Look, SayComing, SetNeed
from conversations.offers import words
from conversations.speech import Done
from models.asking.club import is_club
from models.attending import attendance
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import ACTIVE, Booking
from models.places.taking import Booked, book, book_together
from models.places.waiting_list import accept, cancel, decline
from models.who.acting import may_change, speaks_for
from models.who.merging import survivor
from models.who.people import Person

HINDRANCES = (
    "cancelled",
    "past",
    "closed",
    "early",
    "drop_in",
    "denied",
    "age",
    "ineligible",
    "institution",
    "town",
    "after",
    "overlap",
    "full",
)
"""What stops several people together, the one that is told first comes first."""


def _look(doing: Doing, deed: Look) -> Done:
    listing = doing.session.get(Listing, deed.listing)
    if listing is None or listing.state in ("draft", "cancelled"):
        return Done("gone")
    return Done("club" if is_club(doing.session, listing.id) else OPENS[listing.block])


def _book(doing: Doing, deed: Book) -> Done:
    wanted = dict.fromkeys(survivor(doing.session, person_id) for person_id in deed.people)
    people = [doing.session.get(Person, person_id) for person_id in wanted]
    known = [person for person in people if person is not None]
    if not known or len(known) < len(people):
        return Done("denied")
    if not all(speaks_for(doing.session, doing.person_id, person.id, doing.now) for person in known):
        return Done("denied")
    if not all(consented(doing.session, person) for person in known):
        return Done("consent")
    ids = [person.id for person in known]
    if len(ids) == 1:
        ended = book(doing.session, doing.now, session_id=deed.session, person_id=ids[0], booked_by_id=doing.person_id)
        results = {ids[0]: ended}
    else:
        results = book_together(
            doing.session,
            doing.now,
            session_id=deed.session,
            person_ids=ids,
            booked_by_id=doing.person_id,
            wait=deed.wait,
        )
    for result in results.values():
        if result.booking is not None and result.booking.created_at == doing.now:
            result.booking.care |= deed.care
            result.booking.transport |= deed.transport
    joined(doing, deed, [result.booking for result in results.values() if result.booking is not None])
    return _booked(doing, list(results.values()))


def _booked(doing: Doing, results: list[Booked]) -> Done:
    outcomes = {result.outcome for result in results}
    made = [result.booking for result in results if result.outcome == "booked" and result.booking is not None]
    for result in results:
        if result.outcome in ("waiting", "checking") and result.booking is not None:
            audit_booking(doing, "waits", result.booking)
    for booking in made:
        audit_booking(doing, "booked", booking)
        tell_booked(doing, booking)
    places.plan_reminders(doing, made)
    _tell_team(doing, results)
    outcome = next((one for one in HINDRANCES if one in outcomes), None)
    outcome = outcome or next((one for one in ("checking", "booked", "waiting") if one in outcomes), "already")
    clash = next((result.clash for result in results if result.clash is not None), None)
    return Done(
        outcome,
        {
            "bookings": [result.booking.id for result in results if result.booking is not None],
            "ahead": max(result.ahead for result in results),
            "clash": places.clash_of(clash),
        },
    )


def _tell_team(doing: Doing, results: list[Booked]) -> None:
    """The staff of the listing hear of who has just come to it, with a place or in the line."""
    new = [one for one in results if one.booking is not None and one.booking.created_at == doing.now]
    for listing_id in {doing.session.get_one(Meeting, one.booking.session_id).listing_id for one in new if one.booking}:
        if all(one.outcome == "checking" for one in new):
            conditions.tell_asked(doing, doing.session.get_one(Listing, listing_id))
        else:
            tell_registered(doing, listing_id)


def _cancel(doing: Doing, deed: CancelBooking) -> Done:
    before = doing.session.get(Booking, deed.booking)
    had_place = before is not None and before.state == "booked"
    freed = cancel(
        doing.session,
        doing.now,
        booking_id=deed.booking,
        actor_id=doing.person_id,
        hold=places.hold(doing.now, doing.rules),
    )
    if freed.outcome != "cancelled" or freed.booking is None:
        return Done("denied" if freed.outcome == "others" else freed.outcome)
    booking = freed.booking
    audit_booking(doing, "cancelled", booking)
    places.tell_offers(doing, freed.offered)
    title, when = described(doing.session, doing.now, booking)
    if had_place:
        places.tell_others(
            doing,
            booking,
            lambda reader: words.cancelled_by_other(title, when, name_for(doing.session, booking.person_id, reader)),
        )
    meeting = doing.session.get_one(Meeting, booking.session_id)
    listing = doing.session.get_one(Listing, meeting.listing_id)
    again = doing.button(doing.person_id, words.AFTER_ALL, GOES_ON[listing.block], {"listing": listing.id})
    return Done("cancelled", {"session": meeting.id, "again": again.tap})


def _accept(doing: Doing, deed: AcceptPlace) -> Done:
    booking = doing.session.get(Booking, deed.booking)
    person = doing.session.get(Person, booking.person_id) if booking else None
    if person is None or not consented(doing.session, person):
        return Done("gone")
    ended = accept(doing.session, doing.now, booking_id=deed.booking, actor_id=doing.person_id)
    if ended.outcome == "booked" and ended.booking is not None:
        for row in (ended.booking, *ended.others):
            places.plan_reminders(doing, [row])
            audit_booking(doing, "accepted", row)
            tell_booked(doing, row)
    outcome = ended.outcome if ended.outcome in AcceptPlace.outcomes else "gone"
    return Done(outcome, {"booking": deed.booking, "clash": places.clash_of(ended.clash)})


def _decline(doing: Doing, deed: DeclinePlace) -> Done:
    freed = decline(
        doing.session,
        doing.now,
        booking_id=deed.booking,
        actor_id=doing.person_id,
        hold=places.hold(doing.now, doing.rules),
    )
    places.tell_offers(doing, freed.offered)
    if freed.outcome not in DeclinePlace.outcomes:
        return Done("gone")
    return Done(freed.outcome, {"next": bool(freed.offered)})


def _may_change(doing: Doing, booking: Booking) -> bool:
    return may_change(doing.session, doing.now, doing.person_id, booking.person_id, booking.booked_by_id)


def _need(doing: Doing, deed: SetNeed) -> Done:
    booking = doing.session.get(Booking, deed.booking, with_for_update=True)
    if booking is None or booking.state not in ACTIVE or not _may_change(doing, booking):
        return Done("gone")
    listing = doing.session.get_one(Listing, doing.session.get_one(Meeting, booking.session_id).listing_id)
    if deed.what == "care" and (listing.child_care or not deed.needed):
        booking.care = deed.needed
    elif deed.what == "transport" and (listing.transport or not deed.needed):
        booking.transport = deed.needed
    else:
        return Done("gone")
    audit_booking(doing, f"{deed.what}.{'needed' if deed.needed else 'not_needed'}", booking)
    return Done("noted")


def _coming(doing: Doing, deed: SayComing) -> Done:
    noted = False
    for booking_id in deed.bookings:
        booking = doing.session.get(Booking, booking_id)
        if booking is None or not _may_change(doing, booking):
            continue
        noted |= attendance.say(
            doing.session,
            doing.now,
            booking_id=booking.id,
            session_id=deed.session or booking.session_id,
            state="coming",
            by_id=doing.person_id,
        )
    return Done("noted" if noted else "gone")


PERFORM: Performers = {
    **series.PERFORM,
    Look: _look,
    Book: _book,
    CancelBooking: _cancel,
    AcceptPlace: _accept,
    DeclinePlace: _decline,
    SayComing: _coming,
    SetNeed: _need,
}
