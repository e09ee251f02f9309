"""Pictures of how it goes: registrations and attendance by week. Counts only, nobody is named."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import words
from bot.language.tongue import Speaker
from models.attending.attendance import Attendance
from models.offers.call import Application
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: a title, the name of the axis, a label for each week, and a series of numbers for each name."""

    title: str
    axis: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]


def weeks(session: Session, kind: str, organisation_id: int, now: datetime, speak: Speaker) -> Picture:
    """The last twelve weeks of an organisation: "registrations" (places and calls) or "attendance"."""
    first = _monday(now.date()) - timedelta(weeks=WEEKS - 1)
    days = tuple(first + timedelta(weeks=number) for number in range(WEEKS))
    labels = tuple(f"{day.day}.{day.month}." for day in days)
    axis = speak.speak(words.WEEK)
    if kind == "registrations":
        booked = Counter(_monday(at.date()) for at in _booked(session, organisation_id, now))
        numbers = tuple(booked.get(day, 0) for day in days)
        return Picture(speak.speak(words.REGISTRATIONS), axis, labels, (("", numbers),))
    marks = _marks(session, organisation_id, now)
    series = tuple(
        (speak.speak(name), tuple(marks.get((day, state), 0) for day in days))
        for state, name in (("present", words.WERE_THERE), ("absent", words.WERE_NOT))
    )
    return Picture(speak.speak(words.ATTENDANCE), axis, labels, series)


def _booked(session: Session, organisation_id: int, now: datetime) -> list[datetime]:
    since = now - timedelta(weeks=WEEKS)
    places = (
        select(Booking.created_at)
        .join(Meeting, Meeting.id == Booking.session_id)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(Listing.organisation_id == organisation_id, Booking.created_at > since)
    )
    calls = (
        select(Application.created_at)
        .join(Listing, Listing.id == Application.listing_id)
        .where(Listing.organisation_id == organisation_id, Application.created_at > since)
    )
    return [*session.scalars(places), *session.scalars(calls)]


def _marks(session: Session, organisation_id: int, now: datetime) -> Counter[tuple[date, str]]:
    found = session.execute(
        select(Meeting.starts_at, Meeting.zone, Attendance.state)
        .join(Meeting, Meeting.id == Attendance.session_id)
        .join(Booking, Booking.id == Attendance.booking_id)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(
            Listing.organisation_id == organisation_id,
            Booking.state == "booked",
            Attendance.state.in_(("present", "absent")),
            Meeting.starts_at > now - timedelta(weeks=WEEKS),
        )
    )
    return Counter((_monday(at.astimezone(ZoneInfo(zone)).date()), state) for at, zone, state in found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def bars(picture: Picture) -> bytes:
    """The picture as PNG: bars, the series on top of each other."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # only here: it takes a second to import
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(8, 4.5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    below = [0] * len(picture.labels)
    for name, numbers in picture.series:
        axes.bar(picture.labels, numbers, bottom=below, label=name or None)
        below = [low + number for low, number in zip(below, numbers, strict=True)]
    axes.set_title(picture.title)
    axes.set_xlabel(picture.axis)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    if len(picture.series) > 1:
        axes.legend()
    content = BytesIO()
    figure.savefig(content, format="png")
    return content.getvalue()


def main() -> None:
    """Draws the picture that comes in as JSON: a process of its own, so that no conversation waits for the library."""
    given = json.load(sys.stdin)
    series = tuple((name, tuple(numbers)) for name, numbers in given["series"])
    sys.stdout.buffer.write(bars(Picture(given["title"], given["axis"], tuple(given["labels"]), series)))


if __name__ == "__main__":
    main()
