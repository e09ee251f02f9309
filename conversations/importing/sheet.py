"""/import: a spreadsheet from staff. The template, the file, what it comes to, every bad row; then all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conversations.deeds.imports import AddSheet, ReadSheet, SendTemplate, UndoSheet
from conversations.importing.words import FILES, KINDS
from conversations.script import Conversation
from conversations.speech import Button, Say, Text, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.standing import StandingAction
from conversations.steps import Attach, Choose, Do, End, Here, Tell

SHOWN, LISTED = 3, 12
UNDO = _("Undo")
_CHANGED = _("Something has changed meanwhile, so nothing was added. Please send it once more.")


def _kinds(here: Here) -> Mapping[str, Text]:
    found = {kind: KINDS[kind] for kind in here.facts.imports.kinds()}
    return found or {"none": _("Nothing")}


def _organisation(here: Here) -> int | None:
    chosen = here.get("organisation")
    return int(chosen) if chosen else None


def _sheet(here: Here) -> int:
    """The table that was read last."""
    return max(int((here.get(step) or {}).get("sheet") or 0) for step in ("read", "read_again"))


def _unreadable(step: str) -> Callable[[Here], Text]:
    """Why the file that was read at a step is no table."""

    def told(here: Here) -> Text:
        done = here[step]
        match done["reason"]:
            case "rows":
                return FILES["rows"].of(n=done["most"])
            case "other":
                return FILES["other"].of(kind=KINDS[done["like"]])
        return FILES[done["reason"]]

    return told


def _read(step: str) -> Callable[[Here], ReadSheet]:
    """Reads the file that was sent at a step."""

    def read(here: Here) -> ReadSheet:
        sent = here[step] or {}
        return ReadSheet(str(here["kind"]), str(sent.get("attachment") or ""), _organisation(here))

    return read


def _wrong(here: Here) -> Say:
    known = here.facts.imports
    found, total = known.wrong(_sheet(here), LISTED)
    more = total - len(found)
    return Say(
        lines(
            n_("{n} thing is wrong, so nothing was added:", "{n} things are wrong, so nothing was added:").of(n=total),
            *(
                _("Row {row}, {column}: {reason}").of(row=one.row, column=one.column, reason=one.reason)
                for one in found
            ),
            n_("… and {n} more, all of them in the file.", "… and {n} more, all of them in the file.").of(n=more)
            if more > 0
            else None,
            n_("{n} row is good.", "{n} rows are good.").of(n=known.count(_sheet(here))),
            _("Correct it and send it once more."),
        ),
        document=known.list_of_wrong(_sheet(here)),
    )


def _preview(here: Here) -> Text:
    known = here.facts.imports
    rows = known.count(_sheet(here))
    seen = known.seen(_sheet(here), SHOWN)
    parts: list[Text] = []
    for one in seen:
        parts += [verbatim("—"), one]
    more = rows - len(seen)
    return lines(
        n_(
            "{n} row, all good. People will see it like this:", "{n} rows, all good. People will see them like this:"
        ).of(n=rows),
        *parts,
        n_("… and {n} more.", "… and {n} more.").of(n=more) if more > 0 else None,
        _("Shall I add them all?"),
    )


def _added(here: Here) -> Say:
    done = here["add"]
    return all_added(done["added"], Button(UNDO, done["undo"]))


def all_added(count: int, undo: Button) -> Say:
    """Told when every row of a table is there."""
    return Say(
        lines(
            n_("✅ {n} row is added.", "✅ {n} rows are added.").of(n=count),
            _("You can undo this for 15 minutes, as long as nobody uses any of it."),
        ),
        (undo,),
    )


UNDONE = _("It is all taken back. Nobody sees it any more.")
USED = _("Somebody uses some of it already, so nothing was taken back.")


def none_added() -> Say:
    """Told when a long table could not be added after all."""
    return Say(_CHANGED)


_READ = {"ready": "look", "problems": "wrong", "lost": "lost", "refused": "refused"}

import_sheet = Conversation(
    name="import_sheet",
    title=_("Taking a table over"),
    command="import",
    about=_("take a spreadsheet over"),
    role="staff",
    steps=(
        usual.organisation(),
        Choose(name="kind", question=_("What is in the table?"), choices=_kinds, page=14),
        Choose(
            name="way",
            question=_("Do you have it already, or shall I send an empty one with an example?"),
            choices={"file": _("📎 I send it now"), "template": _("📄 Send me an empty one")},
            goto={"file": "file", "template": "template"},
        ),
        Do(
            name="template",
            does=SendTemplate,
            deed=lambda here: SendTemplate(str(here["kind"]), _organisation(here)),
            goto={"sent": "filled", "refused": "refused"},
        ),
        Tell(
            name="filled",
            text=_(
                "Fill it in, save it, and send it here. What stands in bold is needed, the rest may stay empty. "
                "The first row is an example: write over it."
            ),
            otherwise="file",
        ),
        Attach(
            name="file",
            question=_("Send the table as .xlsx or .csv. Nothing is added before you have seen it."),
            kinds=("file",),
        ),
        Do(
            name="read",
            does=ReadSheet,
            deed=_read("file"),
            goto={**_READ, "unreadable": "unreadable"},
        ),
        Tell(name="wrong", text=_wrong, otherwise="file"),
        Tell(name="unreadable", text=_unreadable("read"), otherwise="file"),
        Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="file"),
        Attach(
            name="look",
            question=_preview,
            kinds=("file",),
            choices={"add": _("✅ Add all of them"), "again": _("📎 Another file"), "drop": _("🗑 Throw away")},
            goto={"add": "add", "again": "file", "drop": "dropped"},
            otherwise="read_again",
        ),
        Do(
            name="read_again",
            does=ReadSheet,
            deed=_read("look"),
            goto={**_READ, "unreadable": "unreadable_again"},
        ),
        Tell(name="unreadable_again", text=_unreadable("read_again"), otherwise="file"),
        Do(
            name="add",
            does=AddSheet,
            deed=lambda here: AddSheet(_sheet(here)),
            goto={"added": "added", "adding": "adding", "changed": "changed", "gone": "gone", "refused": "refused"},
        ),
        Tell(name="changed", text=_CHANGED, otherwise="file"),
        End(
            name="adding",
            text=lambda here: n_(
                "⏳ {n} row is being added. Word comes when it is there.",
                "⏳ {n} rows are being added. Word comes when all of them are there.",
            ).of(n=here["add"]["rows"]),
        ),
        End(name="added", text=_added),
        End(name="gone", text=_("That table was added already, or it has been too long. Please send it once more.")),
        End(name="dropped", text=_("All right, nothing was added.")),
        End(name="refused", text=usual.REFUSED),
    ),
)

undo = StandingAction(
    name="undo_import",
    does=UndoSheet,
    deed=lambda about: UndoSheet(int(about["sheet"])),
    says={
        "undone": UNDONE,
        "undoing": lambda done: n_(
            "⏳ {n} row is being taken back. Word comes when it is done.",
            "⏳ {n} rows are being taken back. Word comes when it is done.",
        ).of(n=done["rows"]),
        "late": _("It is too late for that. You can close each one in the list."),
        "used": USED,
        "refused": usual.REFUSED,
    },
)
