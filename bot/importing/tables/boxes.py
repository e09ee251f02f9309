"""Tables of boxes: each row is a box for questions or for stories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bot.deeds.asking.boxes import make
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.known import listing_column, open_now
from bot.importing.shared_columns import one_of
from conversations.asking.boxes import KINDS
from conversations.deeds.asking import MakeBox
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Text, Words, _, lines
from models.asking.box import Box, BoxEntry


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    return {
        "organisation": reader.organisation_id,
        "listing": row.get("listing"),
        "kind": row["puts"],
        "title": c.said_in(reader, row["title"]),
        "intro": c.said_in(reader, row.get("intro")),
    }


def _there(entry: Entry, reader: Reader) -> bool:
    """The same title in a box of the organisation that is open."""
    return any(c.same_words(row.title, entry["title"]) for row in open_now(reader, Box))


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = make(doing, MakeBox({**entry, "organisation": organisation_id}))
    return f"box:{done.details['box']}" if done.outcome == "opened" else ""


def _locked(doing: Doing, made: str) -> Box | None:
    return doing.session.get(Box, id_in(made), with_for_update=True, populate_existing=True)


def _undo(doing: Doing, made: str) -> bool:
    """Once there is something in it, it stays. Its lock waits for whoever is putting something in."""
    box = _locked(doing, made)
    if box is None:
        return True
    if doing.session.scalars(select(BoxEntry.key).where(BoxEntry.box_id == box.id).limit(1)).first() is not None:
        return False
    doing.session.delete(box)
    doing.session.flush()
    return True


def _sight(doing: Doing, made: str, *, shown: bool) -> None:
    """A box that is not shown yet is closed: nobody finds it or puts anything in."""
    box = _locked(doing, made)
    if box is not None:
        box.state = "open" if shown else "closed"


def _seen(entry: Entry, _reader: Reader) -> Text:
    return lines(
        _("📮 {title}").of(title=Words.of(entry["title"])),
        _("{words}").of(words=Words.of(entry["intro"])) if entry["intro"] else None,
        KINDS[entry["kind"]],
    )


BOXES = Kind(
    name="boxes",
    columns=(
        Column("title", HEADS["title"], c.words(3, 60), required=True, example=EXAMPLES["box"]),
        one_of("puts", KINDS, example="question", required=True, sets=("kind",)),
        Column("intro", HEADS["intro"], c.words(3, 300), example=EXAMPLES["intro"]),
        listing_column("listing"),
    ),
    entry=_entry,
    key=lambda entry: f"{sorted(entry['title'].values())}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    most=100,
    at_once=20,
    sight=_sight,
    wizards=(Wizard("new_box"),),
)
