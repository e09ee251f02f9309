"""Places and the waiting list as the house runs them: for how long an offer is held, who is told, what lapses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session, object_session

from bot import trip_asking
from bot.doing import Doing
from bot.offering.describing import about_booking, described, name_for
from bot.telling import Rules, after_quiet, earlier
from conversations.offers import words
from conversations.speech import Moment, Say, Text
from models.messages.reminder import and_who_booked, plan, reminded, replan_session
from models.offers.listing import Session as Meeting
from models.offers.series import joins_until, last_start
from models.places.booking import Booking
from models.places.together import decided_by
from models.places.waiting_list import (
    Hold,
    lapse,
    lapse_offers,
    offer_free_places,
    places_waited_for,
)
from models.visits.appointment import Appointment
from models.who.acting import speaks_for

OFFER_FOR = timedelta(hours=12)
"""An offered place is held so long, but no longer than half of the time that is left until the start; what would end
in quiet hours, when nobody else can be asked, is held until they are over."""
LEAST = timedelta(minutes=10)
"""What would be held for less is not offered any more."""


def hold(now: datetime, rules: Rules) -> Hold:
    """Until when a place that is free at `now` (UTC) is held: the time begins when people may be written to."""

    def until(meeting: Meeting) -> datetime | None:
        opens = after_quiet(now, meeting.zone, rules)
        session = object_session(meeting)
        joins = joins_until(session, meeting) if session is not None else meeting.starts_at
        held = min(OFFER_FOR, (joins - opens) / 2)
        if held < LEAST:
            return None
        ends = (opens + held).replace(second=0, microsecond=0)
        awake = after_quiet(ends, meeting.zone, rules)
        return awake if awake + LEAST <= joins else ends

    return until


def clash_of(what: Booking | Appointment | None) -> int:
    """The booking that is at the same time, as a detail; 0 for an appointment: it is named only where it is kept."""
    return what.id if isinstance(what, Booking) else 0


def plan_reminders(doing: Doing, bookings: Iterable[Booking]) -> None:
    """Plan the reminders of bookings that have just been given a place; for a trip guardians are asked."""
    for booking in bookings:
        plan(doing.session, doing.now, booking, earlier(doing.rules))
        trip_asking.ask(doing, [booking])


def replan(doing: Doing, session_id: int) -> int:
    """Plan all reminders of a session anew, after it has moved and its `sequence` has grown."""
    return replan_session(doing.session, doing.now, session_id, earlier(doing.rules))


def fill(doing: Doing, session_id: int) -> int:
    """Offer the free places of a session to those who wait: more places were made. Returns how many were offered."""
    offered = offer_free_places(doing.session, doing.now, session_id, hold(doing.now, doing.rules))
    tell_offers(doing, offered)
    return len(offered)


def sweep(doing: Doing) -> None:
    """What time does to waiting lists: offers lapse, and places that could not be offered at night are offered."""
    holding = hold(doing.now, doing.rules)
    lapsed, offered = lapse_offers(doing.session, doing.now, holding)
    went_on = {booking.session_id for booking in offered}
    for booking in lapsed:
        _tell_lapsed(doing, booking, given_on=booking.session_id in went_on)
    for session_id in places_waited_for(doing.session, doing.now):
        offered.extend(offer_free_places(doing.session, doing.now, session_id, holding))
    tell_offers(doing, offered)


# ---------------------------------------------------------------- telling


def tell_offers(doing: Doing, offered: Iterable[Booking]) -> None:
    """Tell people about the places held for them. An offer that reaches nobody lapses at once, and the next gets it."""
    queue = list(offered)
    while queue:
        booking = queue.pop(0)
        together = [one for one in queue if booking.together_id is not None and one.together_id == booking.together_id]
        queue = [one for one in queue if one not in together]
        if booking.state == "offered" and not _tell_offer(doing, booking, together):
            _lapsed, more = lapse(
                doing.session, doing.now, booking.id, hold(doing.now, doing.rules), reason="unreachable"
            )
            queue.extend(more)


def _tell_offer(doing: Doing, booking: Booking, together: list[Booking]) -> bool:
    """Tell everybody concerned once, about all who were offered places together. False if it reaches nobody."""
    about_it = about_booking(doing.session, doing.now, booking)
    until = booking.offer_until or doing.now
    zone = doing.session.get_one(Meeting, booking.session_id).zone
    told = False
    rows = (booking, *together)
    concerned = {row.id: those_concerned(doing.session, doing.now, row, who_may_act=True) for row in rows}
    by, asked = booking.booked_by_id, False
    everybody = dict.fromkeys(one for theirs in concerned.values() for one in theirs)
    for person_id in sorted(everybody, key=lambda one: one != by):
        if together and asked and not any(decided_by(doing.session, doing.now, person_id, row) for row in rows):
            _told(doing, booking, person_id, Say(words.place_asked(about_it)), "offer", until)
            continue
        theirs = [row for row in rows if person_id in concerned[row.id]]
        named = [name_for(doing.session, row.person_id, person_id) for row in theirs]
        text = words.place_held(about_it, Moment(until, zone), words.together(named))
        about = {"booking": theirs[0].id}
        buttons = (
            doing.button(person_id, words.TAKE_IT, "accept_place", about),
            doing.button(person_id, words.LEAVE_IT, "decline_place", about),
        )
        reached = _told(doing, booking, person_id, Say(text, buttons), "offer", until)
        told, asked = told or reached, asked or (reached and person_id == by)
    return told


def _tell_lapsed(doing: Doing, booking: Booking, *, given_on: bool) -> None:
    title, when = described(doing.session, doing.now, booking)
    meeting = doing.session.get_one(Meeting, booking.session_id)
    for person_id in those_concerned(doing.session, doing.now, booking, who_may_act=True):
        again = doing.button(person_id, words.LOOK_AGAIN, "see_offer", {"listing": meeting.listing_id})
        gone = words.place_gone(title, when, given_on=given_on)
        _told(doing, booking, person_id, Say(gone, (again,)), "offer", when.at)


def tell_others(doing: Doing, booking: Booking, text_for: Callable[[int], Text | Say]) -> None:
    """Tell the others concerned by a booking what the one who acts has done: the guardian, or the child.

    `text_for` gives the text for a reader's person id, or all of the message.
    """
    over = last_start(doing.session, doing.session.get_one(Meeting, booking.session_id))
    for person_id in those_concerned(doing.session, doing.now, booking, who_may_act=True):
        if person_id != doing.person_id:
            said = text_for(person_id)
            say = said if isinstance(said, Say) else Say(said)
            _told(doing, booking, person_id, say, "reminder", over)


def _told(doing: Doing, booking: Booking, person_id: int, say: Say, kind: str, until: datetime) -> bool:
    listing_id = doing.session.get_one(Meeting, booking.session_id).listing_id
    return doing.tell(person_id, say, kind, expires_at=until, listing_id=listing_id) is not None


def those_concerned(session: Session, now: datetime, booking: Booking, *, who_may_act: bool = False) -> list[int]:
    """The person of a booking, their guardians who want to hear of it, and the guardian or helper who booked.

    With `who_may_act` without guardians who are only reminded: of a young person who decides alone.
    """
    found = reminded(session, now, booking)
    concerned = and_who_booked(session, now, found, booking.person_id, booking.booked_by_id)
    if who_may_act:
        return [one for one in concerned if speaks_for(session, one, booking.person_id, now)]
    return concerned
