"""Lists as spreadsheets: who comes to a meeting, who is interested in a call. Numbers and what people are called."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from sqlalchemy.orm import Session

from bot.desk import words
from bot.language.fold import clean
from bot.language.tongue import Speaker
from conversations.speech import Moment, Words
from models.attending.attendance import states_at
from models.offers.call import applications_for, zone_of
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import first_of
from models.places.booking import people_of_session
from models.who.people import Person

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MOST = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """A title, the heads of its columns, and rows of plain strings."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def people_of(session: Session, about_id: int, organisation_id: int, speak: Speaker) -> Table:
    """Everybody with a place in a meeting, then everybody who waits. Raises LookupError for another's meeting."""
    meeting = session.get(Meeting, about_id)
    listing = session.get(Listing, meeting.listing_id) if meeting is not None else None
    if meeting is None or listing is None or listing.organisation_id != organisation_id:
        raise LookupError("no such meeting here")
    rows = []
    known = states_at(session, about_id)
    for booking, person in people_of_session(session, first_of(session, meeting).id):
        says = words.ATTENDS.get(known.get(booking.id, ""))
        rows.append(
            (
                str(booking.number),
                person.called,
                speak.speak(words.STATES[booking.state]) if booking.state in words.STATES else booking.state,
                speak.speak(says) if says is not None else "",
            )
        )
    heads = tuple(speak.speak(head) for head in (words.NUMBER, words.NAME, words.STATE, words.ANSWERED))
    when = speak.value(Moment(meeting.starts_at, meeting.zone, "short"))
    return Table(f"{speak.words(Words.of(listing.title))}, {when}", heads, tuple(rows[:ROWS_MOST]))


def interested_in(session: Session, about_id: int, organisation_id: int, speak: Speaker) -> Table:
    """Who has applied for a call, in the order they came. Raises LookupError for another's call."""
    listing = session.get(Listing, about_id)
    if listing is None or listing.organisation_id != organisation_id:
        raise LookupError("no such call here")
    zone = zone_of(session, listing)
    rows = tuple(
        (
            str(row.number),
            session.get_one(Person, row.person_id).called,
            speak.speak(words.STATES[row.state]) if row.state in words.STATES else row.state,
            speak.value(Moment(row.created_at, zone, "short")),
        )
        for row in applications_for(session, about_id)[:ROWS_MOST]
    )
    heads = tuple(speak.speak(head) for head in (words.NUMBER, words.NAME, words.STATE, words.SINCE))
    return Table(speak.words(Words.of(listing.title)), heads, rows)


def workbook(table: Table) -> bytes:
    """The table as an .xlsx file. Values are plain strings: a name that begins with = is no formula."""
    from openpyxl import Workbook  # only here: importing it takes a tenth of the whole start
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    for line, values in enumerate(((table.title,), table.heads, *table.rows), 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(line, column)
            cell.value = clean(value)
            cell.data_type = "s"
            if line <= 2:
                cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (12, 30, 22, 22), strict=True):
        sheet.column_dimensions[letter].width = width
    content = BytesIO()
    book.save(content)
    return content.getvalue()
