"""Calendar files of bookings (RFC 5545): a session that moves or is cancelled updates the entry it made."""

from __future__ import annotations

from datetime import datetime

from conversations.speech import Document

MEDIA_TYPE = "text/calendar"


def calendar_file(
    *,
    number: int,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    sequence: int,
    summary: str,
    location: str,
    cancelled: bool = False,
) -> Document:
    """One booking as an .ics file. All times are aware and written in UTC, which needs no zone definitions.

    The UID stays the same for a booking, and `sequence` grows with each change of its session, so that
    calendars replace the entry (RFC 5545 3.8.7.4).
    """
    from icalendar import Calendar, Event  # only here: its import slows the start, and few ask for a file

    event = Event()
    event.add("uid", f"booking-{number}@putokaz")
    event.add("sequence", sequence)
    event.add("dtstamp", now)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", summary)
    if location:
        event.add("location", location)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Putokaz//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(event)
    return Document(f"putokaz-{number}.ics", MEDIA_TYPE, bytes(calendar.to_ical()))
