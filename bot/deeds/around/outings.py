"""Performing what guardians, escorts and staff do about trips. Every one asks again who acts, and whether they may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import trip_asking, trips
from bot.deeds.people.staff_rights import listing_for, marked_by
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering.describing import described, title_of
from bot.searching.search import index_listing
from conversations.deeds.offers import Book
from conversations.deeds.outings import (
    AgreeToTrip,
    CountBack,
    CountOut,
    RefuseTrip,
    SayLate,
    SeePaper,
    SetOuting,
)
from conversations.outings import words
from conversations.speech import Done, Moment, Say
from models.attending import attendance
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import SERIES
from models.outings import buddy, steps, trip
from models.outings.travelling import travellers
from models.places.booking import Booking
from models.places.locking import lock_session
from models.who import person as people
from models.who.people import Person

REFUSED = Done("refused")
POINT_MOST = 200
MINUTES_MOST = 600
TOOLS = ("brings", "needs")


def _told(doing: Doing, booking: Booking, person_id: int, say: Say, until: datetime) -> None:
    listing_id = doing.session.get_one(Meeting, booking.session_id).listing_id
    doing.tell(person_id, say, "reminder", expires_at=until, listing_id=listing_id)


def joined(doing: Doing, deed: Book, bookings: Sequence[Booking]) -> None:
    """What was said at booking beside the place: a guardian's yes to the trip, tools, a buddy."""
    if deed.trip:
        trip_asking.agree_now(doing, [one for one in bookings if one.state == "booked"])
    for booking in bookings:
        listing = doing.session.get_one(Listing, doing.session.get_one(Meeting, booking.session_id).listing_id)
        if deed.tools in TOOLS and listing.tools and booking.created_at == doing.now:
            booking.tools = deed.tools
            booking.brings = [word for word in deed.brings if word in words.TOOLS] if deed.tools == "brings" else []
        if deed.buddy in buddy.WISHES and listing.buddies:
            buddy.wish(doing.session, doing.now, listing.id, booking.person_id, deed.buddy)


# ---------------------------------------------------------------- guardians


def _theirs(doing: Doing, booking_id: int) -> Booking | None:
    """A booking of a child of theirs: only a guardian by a link that stands may answer for it."""
    booking = doing.session.get(Booking, booking_id)
    if booking is None or booking.person_id == doing.person_id:
        return None
    if people.speaks_for(doing.session, doing.person_id, booking.person_id) is None:
        return None
    return booking


def agree(doing: Doing, deed: AgreeToTrip) -> Done:
    """Record a guardian's yes, if the trip is still as they were told."""
    booking = _theirs(doing, deed.booking)
    if booking is None:
        return Done("gone")
    guardian = doing.session.get_one(Person, doing.person_id)
    given = trip.agree(
        doing.session,
        doing.now,
        booking,
        guardian_id=guardian.id,
        wording_id=trip_asking.wording(doing, booking, guardian),
        channel=doing.channel,
        sequence=deed.sequence,
    )
    if given == "gone":
        return Done("gone")
    back = doing.button(doing.person_id, words.TAKE_BACK, "trip_no", {"booking": booking.id}).tap
    if given == "given":
        title, when = described(doing.session, doing.now, booking)
        _told(doing, booking, booking.person_id, Say(words.agreed(title, when)), when.at)
        doing.audit("trip agreed", f"booking:{booking.id}", person=booking.person_id)
    return Done(given, {"back": back})


def refuse(doing: Doing, deed: RefuseTrip) -> Done:
    """A guardian's no: the place is given on, also where another guardian said yes. The young person is told."""
    booking = _theirs(doing, deed.booking)
    if booking is None or booking.state != "booked":
        return Done("gone")
    meeting = doing.session.get_one(Meeting, booking.session_id)
    if not trip.is_trip(doing.session, meeting):
        return Done("gone")
    title, when = described(doing.session, doing.now, booking)
    freed = trips.free(doing, booking, "consent")
    if not freed:
        return Done("left" if steps.step_of(doing.session, meeting.id, steps.LEFT) is not None else "gone")
    trip.withdraw(doing.session, doing.now, meeting.id, booking.person_id)
    for person_id in trips.concerned(doing, booking):
        if person_id != doing.person_id:
            _told(doing, booking, person_id, Say(words.refused(title, when, given_on=freed == "next")), when.at)
    doing.audit("trip refused", f"booking:{booking.id}", person=booking.person_id)
    return Done("freed", {"next": freed == "next"})


# ---------------------------------------------------------------- staff


def set_outing(doing: Doing, deed: SetOuting) -> Done:
    """Set what a listing is; from then on guardians are asked for whoever has a place."""
    listing = listing_for(doing, deed.listing)
    if listing is None or listing.block != "OFF":
        return REFUSED
    if deed.what == "point":
        language = doing.voice.language.base
        point = deed.point.strip()[:POINT_MOST]
        listing.meeting_point = {language: point} if point else {}
    elif deed.what == "trip":
        if deed.wanted and listing.enrols == SERIES:
            return Done("series")
        listing.trip = deed.wanted
    elif deed.what == "tools":
        listing.tools = deed.wanted
    elif deed.what == "buddies":
        listing.buddies = deed.wanted
    else:
        return REFUSED
    doing.session.flush()
    index_listing(doing.session, listing.id)
    doing.audit("listing.outing", f"listing:{listing.id}", what=deed.what, wanted=deed.wanted)
    return Done("saved")


def see_paper(doing: Doing, deed: SeePaper) -> Done:
    """Staff of the organisation have seen the form of a place on a trip; a second time takes it back."""
    meeting = _travels(doing, deed.session)
    booking = doing.session.get(Booking, deed.booking)
    if meeting is None or booking is None or booking.session_id != meeting.id:
        return REFUSED
    lock_session(doing.session, meeting.id)
    known = trip.standing(doing.session, meeting, booking.person_id)
    if known is not None and known.method != "paper":
        return Done("gone")
    if known is not None:
        trip.withdraw(doing.session, doing.now, meeting.id, booking.person_id)
        doing.audit("trip paper taken back", f"booking:{booking.id}", person=booking.person_id)
        return Done("taken_back")
    if trip.agree(doing.session, doing.now, booking, seen_by_id=doing.person_id, channel="paper") != "given":
        return Done("gone")
    title, when = described(doing.session, doing.now, booking)
    _told(doing, booking, booking.person_id, Say(words.agreed(title, when)), when.at)
    doing.audit("trip paper seen", f"booking:{booking.id}", person=booking.person_id)
    return Done("seen")


# ---------------------------------------------------------------- on the way


def _travels(doing: Doing, session_id: int) -> Meeting | None:
    """A trip, if the person who acts is staff of its organisation or leads it."""
    meeting = marked_by(doing, session_id)
    return meeting if meeting is not None and trip.is_trip(doing.session, meeting) else None


def count_out(doing: Doing, deed: CountOut) -> Done:
    """The bus is leaving. Nobody under 18 goes along without a yes, and the count has to be what the list says."""
    if _travels(doing, deed.session) is None:
        return REFUSED
    meeting = lock_session(doing.session, deed.session)
    if meeting is None or meeting.state != "planned" or meeting.ends_at <= doing.now:
        return Done("over")
    if meeting.starts_at - trip.LEAVES_BEFORE > doing.now:
        return Done("early")
    if steps.step_of(doing.session, meeting.id, steps.LEFT) is not None:
        return Done("already")
    on_board = [one for one in travellers(doing.session, meeting) if one.comes]
    missing = [one.booking.number for one in on_board if not one.consent]
    if missing:
        return Done("consent", {"numbers": missing})
    if len(on_board) != deed.heads:
        return Done("differs", {"listed": len(on_board)})
    for one in on_board:
        attendance.mark(
            doing.session,
            doing.now,
            booking_id=one.booking.id,
            session_id=meeting.id,
            state="present",
            by_id=doing.person_id,
        )
    steps.note(doing.session, doing.now, meeting.id, steps.LEFT, deed.heads, doing.person_id)
    title, back = title_of(doing.session, meeting.listing_id), Moment(meeting.ends_at, meeting.zone)
    told = trips.tell_families(doing, on_board, lambda names: words.left(title, names, back))
    doing.audit("trip left", f"session:{meeting.id}", heads=deed.heads, told=told)
    return Done("told", {"told": told})


def _under_way(doing: Doing, session_id: int) -> tuple[Meeting, steps.TripStep] | str:
    """A trip, locked, with how many left on it; "not_left", or "already" once it is back."""
    meeting = lock_session(doing.session, session_id)
    out = steps.step_of(doing.session, session_id, steps.LEFT)
    if meeting is None or out is None:
        return "not_left"
    return "already" if steps.step_of(doing.session, meeting.id, steps.BACK) is not None else (meeting, out)


def count_back(doing: Doing, deed: CountBack) -> Done:
    """Back again. Families hear it only once the count fits, or it is known who is missing in it and why."""
    if _travels(doing, deed.session) is None:
        return REFUSED
    found = _under_way(doing, deed.session)
    if isinstance(found, str):
        return Done(found)
    meeting, out = found
    listing = doing.session.get_one(Listing, meeting.listing_id)
    if deed.heads != out.heads and not deed.confirmed:
        if steps.note(doing.session, doing.now, meeting.id, steps.MISCOUNT, deed.heads, doing.person_id, deed.heads):
            warned = trips.warn_staff(doing, meeting, listing, out.heads, deed.heads)
            doing.audit("trip miscounted", f"session:{meeting.id}", out=out.heads, back=deed.heads, warned=warned)
        return Done("differs", {"out": out.heads})
    present = [one for one in travellers(doing.session, meeting) if one.attends == "present"]
    here = [one for one in present if one.booking.id not in deed.without]
    if len(present) - len(here) != max(0, out.heads - deed.heads):
        return Done("names", {"out": out.heads})
    steps.note(doing.session, doing.now, meeting.id, steps.BACK, deed.heads, doing.person_id)
    title = title_of(doing.session, meeting.listing_id)
    told = trips.tell_families(doing, here, lambda names: words.returned(title, names))
    without = [one.booking.id for one in present if one not in here]
    doing.audit("trip back", f"session:{meeting.id}", heads=deed.heads, told=told, without=without)
    return Done("told", {"told": told})


def say_late(doing: Doing, deed: SayLate) -> Done:
    """It takes longer: families hear the new time, once for each."""
    if _travels(doing, deed.session) is None or not 1 <= deed.minutes <= MINUTES_MOST:
        return REFUSED
    found = _under_way(doing, deed.session)
    if isinstance(found, str):
        return Done(found)
    meeting, out = found
    if not steps.note(doing.session, doing.now, meeting.id, steps.LATE, out.heads, doing.person_id, deed.minutes):
        return Done("already")
    present = [one for one in travellers(doing.session, meeting) if one.attends == "present"]
    title, back = (
        title_of(doing.session, meeting.listing_id),
        Moment(meeting.ends_at + timedelta(minutes=deed.minutes), meeting.zone),
    )
    told = trips.tell_families(doing, present, lambda _names: words.late(title, deed.minutes, back))
    doing.audit("trip late", f"session:{meeting.id}", minutes=deed.minutes, told=told)
    return Done("told", {"told": told})


PERFORM: Performers = {
    AgreeToTrip: agree,
    RefuseTrip: refuse,
    SetOuting: set_outing,
    SeePaper: see_paper,
    CountOut: count_out,
    CountBack: count_back,
    SayLate: say_late,
}
