"""Tables of what is on elsewhere, at a known hour: programmes on television, seminars, events of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.deeds.helping.announcements import announce
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.shared_columns import TITLE, TOWN, one_of
from bot.importing.wording import in_languages, words_in
from conversations.deeds.campaigns import Announce
from conversations.help.events import told
from conversations.importing.words import EXAMPLES, HEADS
from conversations.people.topics import TOPICS
from conversations.speech import Moment, Text, Words, verbatim
from conversations.staff.informing.announcing import KINDS
from models.offers import announcement
from models.offers.announcement import Announcement


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    at = c.moment(reader, row["day"], row["time"], row["town"], column="day")
    return {
        "organisation": reader.organisation_id,
        "topic": row["topic"],
        "title": words_in(reader, row, "title"),
        "place": c.said_in(reader, row["where"]),
        "town": row["town"],
        "at": at.isoformat(),
    }


def _there(entry: Entry, reader: Reader) -> bool:
    """The same title at the same time."""
    wanted = select(Announcement).where(
        Announcement.organisation_id == reader.organisation_id,
        Announcement.state == "open",
        Announcement.starts_at == datetime.fromisoformat(entry["at"]),
    )
    return any(c.same_words(row.title, entry["title"]) for row in reader.session.scalars(wanted))


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = announce(doing, Announce({**entry, "organisation": organisation_id}))
    return f"announcement:{done.details['event']}" if done.outcome == "announced" else ""


def _locked(doing: Doing, made: str) -> Announcement | None:
    return announcement.locked(doing.session, id_in(made))


def _undo(doing: Doing, made: str) -> bool:
    """Once somebody wants to be reminded of it, it stays."""
    row = _locked(doing, made)
    if row is None:
        return True
    if announcement.asked(doing.session, row.id):
        return False
    announcement.cancel(doing.session, row)
    return True


def _sight(doing: Doing, made: str, *, shown: bool) -> None:
    row = _locked(doing, made)
    if row is not None:
        row.state = "open" if shown else "cancelled"
        doing.session.flush()


def _seen(entry: Entry, reader: Reader) -> Text:
    at = Moment(datetime.fromisoformat(entry["at"]), c.zone_of(reader, entry["town"]))
    return told(entry["topic"], Words.of(entry["title"]), Words.of(entry["place"]), at)


_TITLE = replace(TITLE, example=EXAMPLES["announcement"])
ANNOUNCEMENTS = Kind(
    name="announcements",
    columns=(
        _TITLE,
        one_of("topic", {key: TOPICS[key] for key in KINDS}, example="tv", required=True),
        Column("where", HEADS["where"], c.words(2, 80), required=True, example=EXAMPLES["where"], sets=("place",)),
        TOWN,
        Column("day", HEADS["day"], c.day, required=True, example=verbatim("26.11.2026"), sets=("at",)),
        Column("time", HEADS["time"], c.clock, required=True, example=verbatim("17:00"), sets=("at",)),
        *in_languages(_TITLE),
    ),
    entry=_entry,
    key=lambda entry: f"{sorted(entry['title'].values())} {entry['at']}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    at_once=20,
    sight=_sight,
    wizards=(Wizard("announce"),),
)
