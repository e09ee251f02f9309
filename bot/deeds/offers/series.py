"""Performing the deeds about series: excuses for single units, and what staff do to the whole."""

from __future__ import annotations

from datetime import datetime

from bot.deeds.people.staff_rights import booking_for, listing_for, session_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.languages import BASES
from bot.language.tongue import tongue
from bot.offering import places
from bot.offering.describing import name_for, title_of
from bot.searching.search import index_listing
from bot.telling import earlier
from bot.times.calendar_file import entries_file
from conversations.deeds.series import AddUnit, CancelSeries, Excuse, NameUnit, SeePaper, SetPaper, SetSeries
from conversations.offers import notices as said
from conversations.speech import Document, Done, Moment, Words
from conversations.staff import notices
from models.attending import attendance
from models.messages.reminder import drop, plan_unit
from models.offers import listing_changes, series_changes
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import SERIES, first_of
from models.places.booking import Booking
from models.who.acting import may_change
from models.who.people import Person

REFUSED = Done("refused")
PERCENTS = range(101)
UNITS = range(61)


def excuse(doing: Doing, deed: Excuse) -> Done:
    """Somebody cannot come to one unit: their reminders of it end, the others concerned hear of it, staff see it."""
    booking = doing.session.get(Booking, deed.booking)
    if booking is None:
        return Done("gone")
    if not may_change(doing.session, doing.now, doing.person_id, booking.person_id, booking.booked_by_id):
        return Done("denied")
    before = attendance.state_of(doing.session, booking.id, deed.session)
    state = "excused" if deed.away else ""
    noted = attendance.say(
        doing.session, doing.now, booking_id=booking.id, session_id=deed.session, state=state, by_id=doing.person_id
    )
    if not noted:
        return Done("gone")
    meeting = doing.session.get_one(Meeting, deed.session)
    if deed.away:
        drop(doing.session, "booking", booking.id, "excused", session_id=meeting.id)
    else:
        plan_unit(doing.session, doing.now, booking, meeting, earlier(doing.rules))
    doing.audit("excused" if deed.away else "comes", f"booking:{booking.id}", session=meeting.id)
    if deed.away and before != "excused":
        title = title_of(doing.session, meeting.listing_id)
        when = Moment(meeting.starts_at, meeting.zone)
        places.tell_others(
            doing,
            booking,
            lambda reader: said.excused_by_other(title, when, name_for(doing.session, booking.person_id, reader)),
        )
    return Done("noted", {"booking": booking.id})


# ---------------------------------------------------------------- staff


def name_unit(doing: Doing, deed: NameUnit) -> Done:
    """The name of a unit is shown to everybody from then on."""
    if session_for(doing, deed.session) is None or deed.language not in BASES:
        return REFUSED
    if not series_changes.set_topic(doing.session, deed.session, deed.language, deed.words.strip()[:80]):
        return REFUSED
    doing.audit("unit.named", f"session:{deed.session}", language=deed.language)
    return Done("saved")


def add_unit(doing: Doing, deed: AddUnit) -> Done:
    """Everybody with a place is told once, with the calendar entry, and reminded of it like of the others."""
    listing = listing_for(doing, deed.listing)
    if listing is None:
        return REFUSED
    added = series_changes.add_unit(doing.session, doing.now, listing.id, datetime.fromisoformat(deed.starts_at))
    if added is None:
        return Done("late")
    index_listing(doing.session, listing.id)
    told: set[int] = set()
    for booking in series_changes.alive(doing.session, first_of(doing.session, added).id):
        if booking.state == "booked":
            plan_unit(doing.session, doing.now, booking, added, earlier(doing.rules))
        for person_id in places.those_concerned(doing.session, doing.now, booking):
            say = said.unit_added(
                Words.of(listing.title),
                Moment(added.starts_at, added.zone),
                name_for(doing.session, booking.person_id, person_id),
                _entries(doing, listing, [added], booking, person_id),
            )
            until = added.starts_at
            if doing.tell(person_id, say, "reminder", expires_at=until, listing_id=listing.id) is not None:
                told.add(person_id)
    doing.audit("unit.added", f"session:{added.id}", told=len(told))
    return Done("added", {"told": len(told), "session": added.id})


def cancel_series(doing: Doing, deed: CancelSeries) -> Done:
    """All that is still to come is called off: everybody is told once, whatever the number of units."""
    listing = listing_for(doing, deed.listing)
    if listing is None or listing.enrols != SERIES:
        return REFUSED
    told: set[int] = set()
    called_off = 0
    for places_id in series_changes.places_of_listing(doing.session, doing.now, listing.id):
        ended = series_changes.call_off_series(doing.session, doing.now, places_id)
        if ended is None:
            continue
        bookings, units = ended
        called_off += len(units)
        for booking in bookings:
            for person_id in places.those_concerned(doing.session, doing.now, booking):
                say = said.series_cancelled(
                    Words.of(listing.title),
                    Moment(units[0].starts_at, units[0].zone),
                    len(units),
                    notices.REASONS.get(deed.reason, deed.reason),
                    name_for(doing.session, booking.person_id, person_id),
                    _entries(doing, listing, units, booking, person_id, cancelled=True),
                )
                until, now = units[0].starts_at, deed.urgent
                written = doing.tell(person_id, say, "reminder", expires_at=until, urgent=now, listing_id=listing.id)
                if written is not None:
                    told.add(person_id)
    if not called_off:
        return Done("late")
    index_listing(doing.session, listing.id)
    urgent = {"urgent": "cancelled soon before it begins"} if deed.urgent else {}
    doing.audit("series.cancelled", f"listing:{listing.id}", told=len(told), units=called_off, **urgent)
    return Done("cancelled", {"told": len(told)})


def _entries(
    doing: Doing, listing: Listing, units: list[Meeting], booking: Booking, reader_id: int, *, cancelled: bool = False
) -> Document | None:
    """The calendar entries of those units; whoever waits has none."""
    if booking.state == "waiting":
        return None
    voice = tongue(doing.session.get_one(Person, reader_id).tag)
    return entries_file(doing.session, doing.now, booking.number, listing, units, voice, cancelled=cancelled)


def set_series(doing: Doing, deed: SetSeries) -> Done:
    """How long one can join, or what share of it one has to come to."""
    allowed = {"join_late": UNITS, "rule_percent": PERCENTS}.get(deed.what)
    if listing_for(doing, deed.listing) is None or allowed is None or deed.value not in allowed:
        return REFUSED
    listing = listing_changes.locked(doing.session, deed.listing)
    if listing is None or listing.enrols != SERIES:
        return REFUSED
    setattr(listing, deed.what, deed.value)
    doing.session.flush()
    index_listing(doing.session, listing.id)
    doing.audit("series.set", f"listing:{listing.id}", what=deed.what, value=deed.value)
    if deed.what == "join_late":
        for places_id in series_changes.places_of_listing(doing.session, doing.now, listing.id):
            places.fill(doing, places_id)
    return Done("saved")


def set_paper(doing: Doing, deed: SetPaper) -> Done:
    """Which paper has to be shown; nothing about what stands in it."""
    if listing_for(doing, deed.listing) is None or deed.language not in BASES:
        return REFUSED
    listing = listing_changes.locked(doing.session, deed.listing)
    if listing is None:
        return REFUSED
    shows = {**listing.shows, deed.language: deed.words.strip()[:120]}
    listing.shows = {language: words for language, words in shows.items() if words}
    doing.session.flush()
    doing.audit("listing.paper", f"listing:{listing.id}", language=deed.language)
    return Done("saved")


def see_paper(doing: Doing, deed: SeePaper) -> Done:
    """Yes or no, with who saw it and when: nothing else is kept of it."""
    booking = booking_for(doing, deed.booking)
    if booking is None or booking.state != "booked":
        return REFUSED
    booking.shown_at = doing.now if deed.seen else None
    booking.shown_to_id = doing.person_id if deed.seen else None
    doing.session.flush()
    doing.audit("paper.seen" if deed.seen else "paper.not_seen", f"booking:{booking.id}")
    return Done("noted")


PERFORM: Performers = {
    Excuse: excuse,
    NameUnit: name_unit,
    AddUnit: add_unit,
    CancelSeries: cancel_series,
    SetSeries: set_series,
    SetPaper: set_paper,
    SeePaper: see_paper,
}
