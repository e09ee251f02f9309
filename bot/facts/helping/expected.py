"""What somebody is expected at about now, and may be late for; and how the team reads of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.facts.lookup import Lookup
from bot.facts.offers.offers import KnownOffers
from bot.facts.visits.appointments import KnownAppointments
from bot.offering.describing import title_of
from conversations.facts.help import Expected
from conversations.facts.offers import Mine
from conversations.speech import Moment, Words
from models.caring.case import LATE
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.visits.appointment import Appointment
from models.visits.professional import AppointmentRules

BEFORE = timedelta(hours=3)
"""So long before it begins somebody can say that they will be late."""
AFTER = timedelta(hours=1)
"""And so long after it has begun."""
_KEY = re.compile(r"b(\d{1,9})s(\d{1,8})|a(\d{1,9})", re.ASCII)


def expected(lookup: Lookup) -> tuple[Expected, ...]:
    """What the person, or somebody they act for, has booked and begins about now, the nearest first."""
    found = [*_sessions(lookup), *_visits(lookup)]
    near = (one for one in found if lookup.now - AFTER <= one.when.at <= lookup.now + BEFORE)
    return tuple(sorted(near, key=lambda one: one.when.at))


def _sessions(lookup: Lookup) -> Iterator[Expected]:
    for mine in KnownOffers(lookup).bookings():
        if mine.state == "booked":
            for session_id, when in _meetings(mine):
                key = f"b{mine.booking_id}s{session_id}"
                yield Expected(key, mine.gathering.title, when, mine.number, mine.child)


def _meetings(mine: Mine) -> Iterator[tuple[int, Moment]]:
    """The meetings of a booking to which somebody comes."""
    if mine.gathering.course is None:
        yield mine.gathering.session_id, mine.gathering.when
        return
    for unit in mine.gathering.course.units:
        if unit.attends not in ("excused", "present", "absent"):
            yield unit.session_id, unit.when


def _visits(lookup: Lookup) -> Iterator[Expected]:
    for visit in KnownAppointments(lookup).visits():
        yield Expected(f"a{visit.appointment_id}", visit.title, visit.when, visit.number, visit.child)


def late_for(session: Session, about: str) -> Expected | None:
    """What a message to the team says that somebody will be late for, as the team may read it; None for any other.

    Of a discreet appointment no more than its time and number, and of nobody a name.
    """
    found = _KEY.fullmatch(about.removeprefix(LATE)) if about.startswith(LATE) else None
    if found is None:
        return None
    if found[3]:
        return _of_visit(session, about, session.get(Appointment, int(found[3])))
    booking, meeting = session.get(Booking, int(found[1])), session.get(Meeting, int(found[2]))
    if booking is None or meeting is None:
        return None
    when = Moment(meeting.starts_at, meeting.zone)
    return Expected(about.removeprefix(LATE), title_of(session, meeting.listing_id), when, booking.number)


def _of_visit(session: Session, about: str, row: Appointment | None) -> Expected | None:
    if row is None:
        return None
    rules = session.get(AppointmentRules, row.listing_id)
    plain = rules is not None and not rules.discreet
    title = title_of(session, row.listing_id) if plain else Words()
    return Expected(about.removeprefix(LATE), title, Moment(row.starts_at, row.zone), row.number)
