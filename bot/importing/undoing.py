"""Taking a long table back: in small transactions, all of it or nothing, also after a crash.

First everything is looked at and hidden, portion by portion: what nobody uses and nobody sees, nobody can come into any
more. Only then it is taken back. Where somebody uses one of it, all the rest is shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.doing import Doing
from bot.importing.kinds import Kind
from conversations.importing import sheet as words
from conversations.speech import Say
from models.offers.importing import SheetImport
from models.who.staff import organisations_of

HIDDEN = "~"
"""How a reference begins to what is there and seen by nobody: not yet, or no more."""
GONE = ""
"""In the place of a reference: taken back."""
LOST = "-"
"""In the place of a reference: taken back, and could not be added again."""
BEGIN = "hiding"


def _hide(doing: Doing, kind: Kind, row: SheetImport) -> None:
    """The next of them that are seen: each is looked at and hidden in one transaction."""
    made = list(row.made)
    left = [place for place, reference in enumerate(made) if not reference.startswith((HIDDEN, LOST))]
    may = row.organisation_id in organisations_of(doing.session, row.person_id)
    for place in reversed(left[-kind.at_once :]):
        if not may or not _unused(doing, kind, made[place]):
            row.state = "keeping"
            break
        if kind.sight is not None:
            kind.sight(doing, made[place], shown=False)
        made[place] = HIDDEN + made[place]
    row.made = made
    if row.state == BEGIN and len(left) <= kind.at_once:
        row.state = "taking"


def _unused(doing: Doing, kind: Kind, made: str) -> bool:
    """Whether it can be taken back: found out by doing it and leaving nothing of that."""
    written = len(doing.outgoing)
    part = doing.session.begin_nested()
    free = kind.undo(doing, made)
    part.rollback()
    del doing.outgoing[written:]
    return free


def _take(doing: Doing, kind: Kind, row: SheetImport) -> None:
    """The next of them that are hidden are taken back, the last ones first."""
    made = list(row.made)
    left = [place for place, reference in enumerate(made) if reference not in (GONE, LOST)]
    for place in reversed(left[-kind.at_once :]):
        if not kind.undo(doing, made[place].removeprefix(HIDDEN)):
            row.state = "keeping"
            break
        made[place] = GONE
    row.made = made
    if row.state == "taking" and len(left) <= kind.at_once:
        row.state = "undone"
        doing.audit("import.undone", f"import:{row.id}", kind=row.kind, rows=len(made))
        doing.tell(row.person_id, Say(words.UNDONE), "offer")


def _keep(doing: Doing, kind: Kind, row: SheetImport) -> None:
    """The next of them are shown again, or added anew where they were taken back already."""
    made = list(row.made)
    left = [place for place, reference in enumerate(made) if reference == GONE or reference.startswith(HIDDEN)]
    for place in left[: kind.at_once]:
        if made[place] == GONE:
            made[place] = kind.add(doing, row.entries[place], row.organisation_id) or LOST
            continue
        made[place] = made[place].removeprefix(HIDDEN)
        if kind.sight is not None:
            kind.sight(doing, made[place], shown=True)
    row.made = made
    if len(left) <= kind.at_once:
        row.state = "added"
        doing.audit("import.kept", f"import:{row.id}", kind=row.kind)
        doing.tell(row.person_id, Say(words.USED), "offer")


STEPS: Mapping[str, Callable[[Doing, Kind, SheetImport], None]] = {BEGIN: _hide, "taking": _take, "keeping": _keep}
"""What is done next, by the state of the table."""
