"""Spreadsheets that staff sent to be taken over: what was read from them, until it is added, undone or forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Several, When, to

KEPT = timedelta(days=2)
"""How long what was read is kept."""
UNDO_WITHIN = timedelta(minutes=15)
UNDER_WAY = ("adding", "opening", "failing", "hiding", "taking", "keeping")
"""States in which a standing job has something left to do: such a table is not forgotten, however old it is."""


class SheetImport(Base):
    """What was read from a spreadsheet for an organisation. `entries` are the rows as they will be added, `problems`
    the bad ones as [row, column, reason, values]. States: read; added (`made` names what); undone. Never half added:
    what UNDER_WAY says goes on until it is one of these (bot/importing/adding.py, bot/importing/undoing.py).
    """

    __tablename__ = "sheet_import"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(to("person"))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), default="read")
    entries: Mapped[Several]
    problems: Mapped[Several]
    made: Mapped[Several]
    created_at: Mapped[When]
    added_at: Mapped[datetime | None] = mapped_column(Instant)


def locked(session: Session, import_id: int, person_id: int) -> SheetImport | None:
    """An import of somebody's own, locked and read afresh."""
    found = session.get(SheetImport, import_id, with_for_update=True, populate_existing=True)
    return found if found is not None and found.person_id == person_id else None
