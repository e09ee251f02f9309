"""Performing the deeds about spreadsheets. All of a table is added, or nothing."""

from __future__ import annotations

from bot.arriving.sent import sent
from bot.deeds.people.staff_rights import organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.importing.adding import add_rows, finish, reader_for
from bot.importing.ahead import checked
from bot.importing.reading import Unreadable
from bot.importing.tables.every import KINDS
from bot.importing.template import MEDIA_TYPE, template
from bot.importing.undoing import BEGIN, STEPS
from conversations.deeds.imports import AddSheet, ReadSheet, SendTemplate, UndoSheet
from conversations.importing.words import KINDS as TITLES
from conversations.speech import Document, Done, Say
from models.offers.importing import KEPT, UNDO_WITHIN, SheetImport, locked
from models.who.staff import organisations_of

REFUSED = Done("refused")


def send_template(doing: Doing, deed: SendTemplate) -> Done:
    """The file goes to where it was asked for."""
    organisation, kind = organisation_for(doing, deed.organisation), KINDS.get(deed.kind)
    if organisation is None or kind is None:
        return REFUSED
    content = template(kind, reader_for(doing, organisation), doing.voice)
    file = Document(f"putokaz-{kind.name}.xlsx", MEDIA_TYPE, content)
    doing.hand(Say(TITLES[kind.name], document=file))
    return Done("sent")


def read_sheet(doing: Doing, deed: ReadSheet) -> Done:
    """Read and check what was sent; the file itself is not needed any more."""
    organisation, kind = organisation_for(doing, deed.organisation), KINDS.get(deed.kind)
    if organisation is None or kind is None:
        return REFUSED
    file = sent(doing, deed.attachment)
    if file is None:
        return Done("lost")
    content = file.content
    doing.session.delete(file)
    doing.session.flush()
    try:
        found = checked(content, kind, reader_for(doing, organisation))
    except Unreadable as error:
        return Done("unreadable", {"reason": error.reason, "most": kind.most, "like": error.like})
    row = SheetImport(
        person_id=doing.person_id,
        organisation_id=organisation,
        kind=kind.name,
        state="read",
        entries=found.entries,
        problems=[list(problem) for problem in found.problems],
        made=[],
        created_at=doing.now,
    )
    doing.session.add(row)
    doing.session.flush()
    details = {"sheet": row.id, "rows": len(found.entries), "bad": len(found.problems)}
    return Done("problems" if found.problems else "ready", details)


def _own(doing: Doing, sheet: int) -> SheetImport | None:
    """A table of one's own, for an organisation in which one still is staff."""
    row = locked(doing.session, sheet, doing.person_id)
    if row is None or row.organisation_id not in organisations_of(doing.session, doing.person_id):
        return None
    return row


def add(doing: Doing, deed: AddSheet) -> Done:
    """Add every row, each checked once more; one that cannot be added takes all of them back."""
    row = _own(doing, deed.sheet)
    if row is None:
        return REFUSED
    if row.state != "read" or row.problems or not row.entries or doing.now - row.created_at > KEPT:
        return Done("gone")
    kind = KINDS[row.kind]
    if len(row.entries) > 2 * kind.at_once:  # a long one: a standing job adds it, portion by portion
        row.state = "adding"
        return Done("adding", {"rows": len(row.entries)})
    made = add_rows(doing, kind, row, 0, len(row.entries))
    if made is None:
        return Done("changed")
    row.made = made
    return Done("added", {"added": len(made), "undo": finish(doing, row).tap})


def undo(doing: Doing, deed: UndoSheet) -> Done:
    """Take everything back, or nothing: what people use already stays, and so does the rest."""
    row = _own(doing, deed.sheet)
    if row is None:
        return REFUSED
    if row.state in STEPS:
        return Done("undoing", {"rows": len(row.made)})
    if row.state != "added" or row.added_at is None or doing.now - row.added_at > UNDO_WITHIN:
        return Done("late")
    kind = KINDS[row.kind]
    if len(row.made) > 2 * kind.at_once:
        row.state = BEGIN
        return Done("undoing", {"rows": len(row.made)})
    part = doing.session.begin_nested()
    if not all(kind.undo(doing, made) for made in reversed(row.made)):
        part.rollback()
        return Done("used")
    part.commit()
    row.state = "undone"
    doing.audit("import.undone", f"import:{row.id}", kind=row.kind, rows=len(row.made))
    return Done("undone")


PERFORM: Performers = {SendTemplate: send_template, ReadSheet: read_sheet, AddSheet: add, UndoSheet: undo}
