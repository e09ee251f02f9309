"""Tables of calls and grants: each row becomes what the wizard would have gathered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.importing import columns as c
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard
from bot.importing.reading import Cell
from bot.importing.shared_columns import (
    BANDS_COLUMN,
    DEADLINE,
    DEADLINE_AT,
    SITE,
    SUBJECT,
    SUMMARY,
    TOWN,
    number,
    one_of,
)
from bot.importing.tables.listings import add, common, key, seen_as, sight, there, withdraw
from bot.importing.wording import in_languages
from bot.language.fold import fold
from bot.language.languages import TAGS
from bot.language.tongue import tongue
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Text, Words, said, verbatim
from conversations.staff.publishing import questions
from conversations.staff.publishing.drafts import REMINDERS


def _call(block: str) -> Callable[[Mapping[str, Any], Reader], Entry]:
    def entry(row: Mapping[str, Any], reader: Reader) -> Entry:
        at = row.get("time") or DEADLINE_AT
        closes = c.moment(reader, row["deadline"], at, row.get("town"), column="deadline")
        shared = common(row, reader)
        offered, own = row.get("offered"), shared["summary"].get(reader.language)
        if offered and own:
            shared["summary"][reader.language] = f"{own}\n{offered}"
        return {
            **shared,
            "block": block,
            "kind": row.get("kind") or "grant",
            "criteria": c.said_in(reader, row.get("criteria")),
            "closes": closes.isoformat(),
            "remind": list(REMINDERS.get(row.get("remind") or "deadline", ())),
        }

    return entry


def _town(cell: Cell, reader: Reader) -> int | None:
    """A town, or everywhere, as the wizard says it."""
    everywhere = {fold(tongue(tag).speak(questions.EVERYWHERE)) for tag in TAGS}
    return None if fold(c.as_text(cell)) in everywhere else c.town(cell, reader)


def _towns(reader: Reader) -> list[Text]:
    return [questions.EVERYWHERE, *(said(Words.of(one.name)) for one in reader.towns)]


def _of_call(name: str, what: str, block: str, kind: tuple[Column, ...], example: str) -> Kind:
    title = Column("title", HEADS["title"], c.words(3, 80), required=True, example=EXAMPLES[example])
    return Kind(
        name=name,
        columns=(
            title,
            replace(SUMMARY, example=EXAMPLES[f"about_{example}"]),
            *kind,
            SUBJECT,
            Column("town", HEADS["town"], _town, example=TOWN.example, choices=_towns),
            SITE,
            DEADLINE,
            Column("time", HEADS["time"], c.clock, example=verbatim("12:00"), sets=("closes",)),
            number("places", 1, 1000, "5"),
            Column("criteria", HEADS["criteria"], c.words(3, 600), example=EXAMPLES["criteria"]),
            Column("offered", HEADS["offered"], c.words(2, 300), example=EXAMPLES["offered"]),
            BANDS_COLUMN,
            one_of("remind", questions.OF_A_DEADLINE, example="deadline"),
            *in_languages(title, SUMMARY),
        ),
        entry=_call(block),
        key=key,
        there=there,
        add=add,
        undo=withdraw,
        seen=seen_as,
        sight=sight,
        wizards=(Wizard("new", {"what": what}),),
        apart={"holidays": "nothing takes place on a day of its own"},
    )


_KIND = one_of("kind", questions.JOB_KINDS, example="internship", required=True)
CALLS = _of_call("calls", "job", "CALL", (_KIND,), "call")
GRANTS = _of_call("grants", "grant", "GRANT", (), "grant")
