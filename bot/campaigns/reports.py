"""The report on a broadcast as a spreadsheet: who got it, who did not, why."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from bot.language.fold import clean
from bot.language.tongue import Speaker
from conversations.speech import Document, Words
from conversations.staff.writing import reports
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.message import Outgoing
from models.offers.programme import Town
from models.who.people import Person

ROWS_MOST = 1000
"""More rows could pass the 50 kB that a file may have; those who did not get it come first."""
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def broadcast_report(session: Session, row: Broadcast, voice: Speaker) -> Document:
    """One line per person. Names are as people are called; nobody's address or number is in it."""
    from openpyxl import Workbook  # only here: importing it takes a tenth of the whole start
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = voice.speak(reports.SHEET)
    heads = (reports.NUMBER, reports.NAME, reports.TOWN, reports.OUTCOME, reports.REASON)
    sheet.append([voice.speak(head) for head in heads])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    got_it = case((Outgoing.state == "sent", 1), else_=0)
    found = session.execute(
        select(Recipient, Person.called, Town.name, Outgoing.state, Outgoing.reason)
        .join(Person, Person.id == Recipient.person_id)
        .outerjoin(Town, Town.id == Person.town_id)
        .outerjoin(Outgoing, Outgoing.id == Recipient.outgoing_id)
        .where(Recipient.broadcast_id == row.id)
        .order_by(got_it, Recipient.person_id)
    ).all()
    for recipient, called, town, sending, why in found[:ROWS_MOST]:
        left = recipient.state == "left"
        state = "left" if left else sending or recipient.state
        outcome = reports.OUTCOMES.get("waiting" if state in ("queued", "sending") else state)
        reason = recipient.reason if left else (why or "")
        spoken = reports.reason(reason)
        _append(
            sheet,
            (
                str(recipient.person_id),
                called,
                voice.words(Words.of(town)) if town else "",
                voice.speak(outcome) if outcome else state,
                voice.speak(spoken) if spoken else reason,
            ),
        )
    if len(found) > ROWS_MOST:
        _append(sheet, ("", voice.speak(reports.MORE.of(n=len(found) - ROWS_MOST)), "", "", ""))
    for column, width in zip("ABCDE", (10, 28, 20, 24, 44), strict=True):
        sheet.column_dimensions[column].width = width
    content = BytesIO()
    book.save(content)
    return Document(f"putokaz-{row.id}.xlsx", MEDIA_TYPE, content.getvalue())


def _append(sheet: object, values: tuple[str, ...]) -> None:
    """A line of plain strings: a name that begins with = is no formula."""
    line = sheet.max_row + 1  # type: ignore[attr-defined]  # openpyxl is untyped
    for column, value in enumerate(values, 1):
        cell = sheet.cell(line, column)  # type: ignore[attr-defined]  # openpyxl is untyped
        cell.value = clean(value)
        cell.data_type = "s"
