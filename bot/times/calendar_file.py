"""Calendar files of bookings (RFC 5545): a session that moves or is cancelled updates the entry it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.language.tongue import Speaker
from bot.offering.describing import place_of
from conversations.speech import Document, Words
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import is_series

MEDIA_TYPE = "text/calendar"


def entries_file(
    session: Session,
    now: datetime,
    number: int,
    listing: Listing,
    meetings: Sequence[Meeting],
    voice: Speaker,
    *,
    cancelled: bool = False,
) -> Document:
    """The entries of a booking for some of its meetings, spoken by `voice`."""
    title = voice.words(Words.of(listing.title))
    entries = [
        Entry(
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            sequence=meeting.sequence,
            summary=f"{title}: {voice.words(Words.of(meeting.topic))}" if meeting.topic else title,
            location=voice.words(place_of(session, listing, meeting)),
            unit=meeting.id if is_series(session, meeting) else 0,
        )
        for meeting in meetings
    ]
    return calendar_file(number=number, now=now, entries=entries, cancelled=cancelled)


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting of a booking, in words of the reader's language. `unit` is its session's id where there are several.

    All times are aware and written in UTC, which needs no zone definitions.
    """

    starts_at: datetime
    ends_at: datetime
    sequence: int
    summary: str
    location: str
    unit: int = 0


def calendar_file(*, number: int, now: datetime, entries: Sequence[Entry], cancelled: bool = False) -> Document:
    """One booking as an .ics file, with an entry for each of its meetings.

    The UID stays the same for a booking and a unit, and `sequence` grows with each change of its session, so that
    calendars replace the entry (RFC 5545 3.8.7.4).
    """
    from icalendar import Calendar, Event  # only here: its import slows the start, and few ask for a file

    calendar = Calendar()
    calendar.add("prodid", "-//Putokaz//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    for entry in entries:
        event = Event()
        event.add("uid", f"booking-{number}-{entry.unit}@putokaz" if entry.unit else f"booking-{number}@putokaz")
        event.add("sequence", entry.sequence)
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
        event.add("summary", entry.summary)
        if entry.location:
            event.add("location", entry.location)
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        calendar.add_component(event)
    return Document(f"putokaz-{number}.ics", MEDIA_TYPE, bytes(calendar.to_ical()))
