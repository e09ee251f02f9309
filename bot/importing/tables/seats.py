"""Tables of seats by the slot: each row is a room with its seats, and the hours of its week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.deeds.visits import resources
from bot.doing import Doing
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard
from bot.importing.shared_columns import BANDS_COLUMN, SITE, SUMMARY, TITLE, TOWN, number
from bot.importing.tables.listings import place_of, sight, title_and_town, titled, what_and_where, withdraw
from bot.importing.week import DAYS, spans
from bot.importing.wording import in_languages
from conversations.importing.words import EXAMPLES, HEADS
from conversations.resources.new_resource import seen
from conversations.speech import Text, verbatim
from models.resources.resource import BLOCK


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    return {
        **what_and_where(row, reader),
        "places": row["seats"],
        "week": {str(day): row["hours"] for day in row["days"]},
        "slot_minutes": row.get("minutes") or 60,
        "week_slots": row.get("turns") or 0,
        "week_pages": row.get("pages") or 0,
        "bands": row.get("bands") or [],
    }


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    made = resources.add(doing, dict(entry), organisation_id)
    return f"listing:{made.listing_id}" if made is not None else ""


def _seen(entry: Entry, reader: Reader) -> Text:
    return seen(entry, place_of(entry, reader))


_TITLE = replace(TITLE, example=EXAMPLES["room"])
SEATS = Kind(
    name="seats",
    columns=(
        _TITLE,
        replace(SUMMARY, example=EXAMPLES["about_room"]),
        TOWN,
        SITE,
        number("seats", 1, 200, "4", required=True, sets=("places",)),
        replace(DAYS, required=True),
        Column("hours", HEADS["hours"], spans, required=True, example=verbatim("16:00-20:00")),
        number("minutes", 15, 480, "60", sets=("slot",)),
        number("turns", 1, 50, "3", sets=("week_slots",)),
        number("pages", 1, 500, "20"),
        BANDS_COLUMN,
        *in_languages(_TITLE, SUMMARY),
    ),
    entry=_entry,
    key=title_and_town,
    there=titled(BLOCK),
    add=_add,
    undo=withdraw,
    seen=_seen,
    sight=sight,
    wizards=(Wizard("new_resource"),),
)
