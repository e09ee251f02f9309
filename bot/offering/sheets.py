"""Tables for printing and for handing on: a list for signing, who came how often, the log. All text, no formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns.reports import MEDIA_TYPE
from bot.language.fold import clean
from bot.language.tongue import Speaker
from bot.offering.describing import place_of
from bot.offering.logged import log_of
from conversations.outings import words as outings
from conversations.running import sheets
from conversations.speech import Document, Moment, Words
from models.attending import attendance
from models.lessons import leading
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Town
from models.outings.travelling import travellers
from models.places.booking import Booking
from models.places.placed import placed_at
from models.places.quota import institutions_of
from models.who.people import Person

BLANK = 5
"""Empty lines of a list for signing, for who comes without a booking."""
ROWS_MOST = 600
"""More could pass the 50 kB that a file may have."""


def signatures(session: Session, meeting: Meeting, voice: Speaker) -> Document | None:
    """Everybody with a place, by name, with a line to sign; None where nobody has one."""
    listing = session.get_one(Listing, meeting.listing_id)
    rows = session.execute(
        select(Booking.number, Person)
        .join(Person, Person.id == Booking.person_id)
        .where(*placed_at(meeting))
        .order_by(Person.called, Booking.number)
        .limit(ROWS_MOST)
    ).all()
    if not rows:
        return None
    book, page = _page(voice.speak(sheets.SIGNATURES))
    works = listing.audience == "professionals"
    about = (
        voice.words(Words.of(listing.title)),
        voice.value(Moment(meeting.starts_at, meeting.zone)),
        voice.words(place_of(session, listing, meeting)),
    )
    for line, words in enumerate(about, 1):
        _line(page, line, (words,), bold=True)
    heads = [sheets.NUMBER, sheets.NAME, *([sheets.WORKS_AT] if works else []), sheets.SIGNATURE]
    _line(page, 5, [voice.speak(head) for head in heads], bold=True, boxed=True)
    lines: list[list[str]] = []
    institutions = institutions_of(session, [person.id for _number, person in rows]) if works else {}
    for number, person in rows:
        institution = institutions.get(person.id)
        where = [voice.words(Words.of(institution.name)) if institution else ""] if works else []
        lines.append([str(number), person.called, *where, ""])
    lines += [["", "", *([""] if works else []), ""] for _blank in range(BLANK)]
    for at, values in enumerate(lines, 6):
        _line(page, at, values, boxed=True)
        page.row_dimensions[at].height = 26
    _wide(page, (10, 34, *((34,) if works else ()), 38))
    page.print_title_rows = "5:5"
    return _document(book, f"putokaz-{meeting.id}.xlsx")


def escort(session: Session, meeting: Meeting, voice: Speaker, by_chat: Callable[[int], bool]) -> Document | None:
    """Who travels, with boxes to tick on the way out and back; None where nobody has a place.

    What the paper says about health stands on the paper alone (docs/decisions/0088), and no telephone number is in it.
    `by_chat` tells of a person whether their family hears by chat.
    """
    rows = travellers(session, meeting)[:ROWS_MOST]
    if not rows:
        return None
    listing, leader = session.get_one(Listing, meeting.listing_id), leading.leader_of(session, meeting)
    book, page = _page(voice.speak(sheets.TRIP))
    about = (
        outings.point_line(Words.of(listing.meeting_point)),
        outings.back_line(Moment(meeting.ends_at, meeting.zone)),
        sheets.LED_BY.of(name=leader.called if leader else "______"),
        outings.ON_PAPER,
        sheets.COUNTED_OUT_AND_BACK,
    )
    told = [voice.words(Words.of(listing.title)), voice.value(Moment(meeting.starts_at, meeting.zone))]
    told += [voice.speak(one) for one in about if one is not None]
    for line, words in enumerate(told, 1):
        _line(page, line, (words,), bold=line < 3)
    top = len(told) + 2
    heads = (sheets.NUMBER, sheets.NAME, sheets.AGREED, sheets.FAMILY, sheets.ON_BOARD, sheets.BACK)
    _line(page, top, [voice.speak(head) for head in heads], bold=True, boxed=True)
    for at, one in enumerate(rows, top + 1):
        family = sheets.BY_CHAT if by_chat(one.person.id) else sheets.NOT_BY_CHAT
        values = (
            str(one.booking.number),
            one.person.called,
            voice.speak(sheets.YES_BY[one.consent] if one.comes else sheets.STAYS),
            "" if one.consent == "adult" else voice.speak(family),
            "" if one.comes else "—",
            "" if one.comes else "—",
        )
        _line(page, at, values, boxed=True)
        page.row_dimensions[at].height = 26
    _wide(page, (10, 34, 24, 20, 14, 14))
    page.print_title_rows = f"{top}:{top}"
    return _document(book, f"putokaz-{meeting.id}.xlsx")


def travel(session: Session, now: datetime, listing: Listing, voice: Speaker) -> Document | None:
    """Who was at meetings that have begun, how often and when: travel is paid back by it. None where nobody was."""
    rows = session.execute(
        select(Booking, Person, Town.name)
        .join(Meeting, Meeting.id == Booking.session_id)
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(Town, Town.id == Person.town_id)
        .where(Meeting.listing_id == listing.id, Meeting.starts_at <= now, Booking.state == "booked")
        .order_by(Person.id, Booking.number)
    ).all()
    there = attendance.meetings_of(session, [booking.id for booking, _person, _town in rows])
    by_person: dict[int, tuple[Person, Any, list[int], list[Meeting]]] = {}
    for booking, person, town in rows:
        _person, _town, numbers, days = by_person.setdefault(person.id, (person, town, [], []))
        numbers.append(booking.number)
        days.extend(there.get(booking.id, ()))
    came = [one for one in by_person.values() if one[3]][:ROWS_MOST]
    if not came:
        return None
    book, page = _page(voice.speak(sheets.TRAVEL))
    _line(page, 1, (voice.words(Words.of(listing.title)),), bold=True)
    heads = (sheets.NUMBER, sheets.NAME, sheets.TOWN, sheets.TIMES, sheets.DAYS, sheets.SIGNATURE)
    _line(page, 2, [voice.speak(head) for head in heads], bold=True, boxed=True)
    for at, (person, town, numbers, days) in enumerate(came, 3):
        told = [
            voice.value(Moment(one.starts_at, one.zone, "date")) for one in sorted(days, key=lambda one: one.starts_at)
        ]
        values = (
            ", ".join(str(number) for number in numbers),
            person.called,
            voice.words(Words.of(town)) if town else "",
            str(len(days)),
            ", ".join(told),
            "",
        )
        _line(page, at, values, boxed=True)
    _wide(page, (10, 26, 16, 12, 44, 24))
    page.print_title_rows = "2:2"
    return _document(book, f"putokaz-{listing.id}.xlsx")


def log(session: Session, now: datetime, organisations: set[int], listing_id: int, voice: Speaker) -> Document | None:
    """What was done at each meeting of the last year, in counts; None where there was none."""
    known = log_of(session, now, organisations, listing_id)
    if not known.rows:
        return None
    book, page = _page(voice.speak(sheets.LOG))
    heads = (sheets.WHEN, sheets.TITLE, sheets.BOOKED, sheets.CAME, sheets.COUNTED, sheets.DONE)
    _line(page, 1, [voice.speak(head) for head in heads], bold=True, boxed=True)
    for at, row in enumerate(known.rows, 2):
        heads_counted = str(row.heads) if row.heads is not None else ""
        values = (voice.value(row.when), voice.words(row.title), str(row.booked), str(row.came), heads_counted, row.log)
        _line(page, at, values, boxed=True)
    _wide(page, (26, 36, 12, 12, 12, 50))
    page.print_title_rows = "1:1"
    return _document(book, f"putokaz-log-{listing_id or 'all'}.xlsx")


# ---------------------------------------------------------------- how they are written


def _page(title: str) -> tuple[Any, Any]:
    """A book with one page that prints on A4, as wide as the paper."""
    from openpyxl import Workbook  # only here: importing it takes a tenth of the whole start

    book = Workbook()
    page = book.active
    page.title = title[:31]
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return book, page


def _line(page: Any, at: int, values: Sequence[str], *, bold: bool = False, boxed: bool = False) -> None:
    """A line of plain strings: a name that begins with = is no formula."""
    from openpyxl.styles import Alignment, Border, Font, Side

    edge = Side(style="thin")
    for column, value in enumerate(values, 1):
        cell = page.cell(at, column)
        cell.value = clean(value)
        cell.data_type = "s"
        cell.font = Font(bold=bold)
        if boxed:
            cell.border = Border(edge, edge, edge, edge)
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _wide(page: Any, widths: Sequence[int]) -> None:
    for column, width in zip("ABCDEFGH", widths, strict=False):
        page.column_dimensions[column].width = width


def _document(book: Any, name: str) -> Document:
    content = BytesIO()
    book.save(content)
    return Document(name, MEDIA_TYPE, content.getvalue())
