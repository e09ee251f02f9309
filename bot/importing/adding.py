"""Adding a long table: in small transactions, between which turns of people come in; all of it or nothing, also after
a crash. What is added stays out of sight until all of it is there.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.doing import Doing
from bot.importing.columns import Reader
from bot.importing.kinds import Kind
from bot.importing.tables.every import KINDS
from bot.importing.undoing import HIDDEN, STEPS
from conversations.importing import sheet as words
from conversations.speech import Button
from models.offers.importing import UNDER_WAY, UNDO_WITHIN, SheetImport
from models.who.staff import organisations_of

UNDO_DAYS = UNDO_WITHIN.total_seconds() / 86_400


def reader_for(doing: Doing, organisation_id: int) -> Reader:
    """What the rows of a table are read with, for who acts."""
    return Reader(doing.session, doing.now, organisation_id, doing.voice.language.base, doing.rules.zone)


def add_rows(doing: Doing, kind: Kind, row: SheetImport, first: int, last: int) -> list[str] | None:
    """Add some rows, each checked once more; None where one cannot be added, with all of them taken back."""
    written = len(doing.outgoing)
    part = doing.session.begin_nested()
    reader = reader_for(doing, row.organisation_id)
    entries = row.entries[first:last]
    made: list[str] = []
    for entry in () if any(kind.there(entry, reader) for entry in entries) else entries:
        reference = kind.add(doing, entry, row.organisation_id)
        if not reference:
            break
        made.append(reference)
    if len(made) < len(entries):
        part.rollback()
        del doing.outgoing[written:]
        return None
    part.commit()
    return made


def step(doing: Doing) -> bool:
    """The next portion of a table that is being added or taken back. False where there is none."""
    wanted = select(SheetImport).where(SheetImport.state.in_(UNDER_WAY)).order_by(SheetImport.id).limit(1)
    row = doing.session.scalars(wanted.with_for_update(skip_locked=True)).first()
    if row is None:
        return False
    doing.person_id = row.person_id  # what is added is added by who sent it
    kind = KINDS[row.kind]
    _STEPS[row.state](doing, kind, row)
    doing.session.flush()
    return True


def _add(doing: Doing, kind: Kind, row: SheetImport) -> None:
    done = len(row.made)
    may = row.organisation_id in organisations_of(doing.session, row.person_id)
    made = add_rows(doing, kind, row, done, done + kind.at_once) if may else None
    if made is None:
        row.state = "failing"
        return
    if kind.sight is not None:
        for reference in made:
            kind.sight(doing, reference, shown=False)
        made = [HIDDEN + reference for reference in made]
    row.made = [*row.made, *made]
    if len(row.made) >= len(row.entries):
        row.state = "opening"


def _open(doing: Doing, kind: Kind, row: SheetImport) -> None:
    """From here on it is decided: all of it is there, and portion by portion people see it."""
    left = [place for place, reference in enumerate(row.made) if reference.startswith(HIDDEN)]
    made = list(row.made)
    for place in left[: kind.at_once]:
        made[place] = made[place].removeprefix(HIDDEN)
        if kind.sight is not None:
            kind.sight(doing, made[place], shown=True)
    row.made = made
    if len(left) <= kind.at_once:
        doing.tell(row.person_id, words.all_added(len(made), finish(doing, row)), "offer")


def finish(doing: Doing, row: SheetImport) -> Button:
    """All of it is added. Returns the button that takes it back."""
    row.state, row.added_at = "added", doing.now
    opened = KINDS[row.kind].opened
    if opened is not None:
        opened(doing, row.made)
    doing.audit("import.added", f"import:{row.id}", kind=row.kind, rows=len(row.made))
    return doing.button(row.person_id, words.UNDO, "undo_import", {"sheet": row.id}, days=UNDO_DAYS)


def _take_back(doing: Doing, kind: Kind, row: SheetImport) -> None:
    """One row could not be added, so none is: the last ones first. What somebody uses by now has to stay."""
    gone = row.made[-kind.at_once :]
    for reference in reversed(gone):
        kind.undo(doing, reference.removeprefix(HIDDEN))
    row.made = row.made[: -len(gone)] if gone else []
    if not row.made:
        row.state = "undone"
        doing.audit("import.failed", f"import:{row.id}", kind=row.kind)
        doing.tell(row.person_id, words.none_added(), "offer")


_STEPS = {"adding": _add, "opening": _open, "failing": _take_back, **STEPS}
