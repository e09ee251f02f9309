"""Tables of the hours at which professionals work: each row is one of their days at one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Column, Reader
from bot.importing.kinds import Entry, Kind
from bot.importing.known import with_town
from bot.importing.reading import Cell
from bot.importing.week import DAYS, spans
from conversations.hours import clock
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Joined, Text, Words, _, lines, verbatim
from conversations.weekdays import SHORT
from models.offers.programme import Site
from models.visits.opening import spans_of
from models.visits.professional import Professional, WorkingHours


def _team(reader: Reader) -> list[tuple[int, Mapping[str, str]]]:
    """The professionals of the organisation, by what they are called."""
    rows = reader.seen.get("team")
    if rows is None:
        wanted = select(Professional).where(
            Professional.organisation_id == reader.organisation_id, Professional.ended_at.is_(None)
        )
        rows = reader.seen["team"] = list(reader.session.scalars(wanted.order_by(Professional.id)))
    return [(row.id, {"sr": row.called}) for row in rows]


def _site(cell: Cell, reader: Reader) -> int:
    """A known place: somebody can only be visited where there is one."""
    found: int = c.named(_sites, "site")(cell, reader)
    return found


def _sites(reader: Reader) -> list[tuple[int, Mapping[str, str]]]:
    return [(one.id, with_town(reader, one.name, one.town_id)) for one in reader.sites]


def _entry(row: Mapping[str, Any], _reader: Reader) -> Entry:
    return {
        "professional": row["person"],
        "site": row["site"],
        "days": row["days"],
        "hours": [list(span) for span in spans_of(row["hours"])],
    }


def _there(entry: Entry, reader: Reader) -> bool:
    """True where one of the hours touches hours that the professional has already."""
    rows = reader.session.scalars(
        select(WorkingHours).where(
            WorkingHours.professional_id == entry["professional"], WorkingHours.weekday.in_(entry["days"])
        )
    ).all()
    return any(
        row.from_minute < closes and opens < row.until_minute for row in rows for opens, closes in entry["hours"]
    )


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    somebody = doing.session.get(Professional, entry["professional"])
    if somebody is None or somebody.organisation_id != organisation_id or somebody.ended_at is not None:
        return ""
    rows = [
        WorkingHours(
            professional_id=somebody.id,
            site_id=entry["site"],
            weekday=weekday,
            from_minute=opens,
            until_minute=closes,
        )
        for weekday in entry["days"]
        for opens, closes in entry["hours"]
    ]
    doing.session.add_all(rows)
    doing.session.flush()
    return "hours:" + ",".join(str(row.id) for row in rows)


def _undo(doing: Doing, made: str) -> bool:
    for one in made.partition(":")[2].split(","):
        row = doing.session.get(WorkingHours, int(one))
        if row is not None:
            doing.session.delete(row)
    doing.session.flush()
    return True


def _seen(entry: Entry, reader: Reader) -> Text:
    somebody = reader.session.get(Professional, entry["professional"])
    site = reader.session.get(Site, entry["site"])
    days = Joined(tuple(SHORT[day] for day in entry["days"]), "commas")
    hours = Joined(tuple(f"{clock(opens)}–{clock(closes)}" for opens, closes in entry["hours"]), "commas")
    return lines(
        verbatim(somebody.called if somebody else ""),
        _("🕓 {days}: {hours}").of(days=days, hours=hours),
        _("📍 {place}").of(place=Words.of(site.name)) if site else None,
    )


HOURS = Kind(
    name="hours",
    columns=(
        Column(
            "person",
            HEADS["person"],
            c.named(_team, "person"),
            required=True,
            example=verbatim("Jelena DEMO"),
            choices=lambda reader: [verbatim(names["sr"]) for _id, names in _team(reader)],
        ),
        Column(
            "site",
            HEADS["site"],
            _site,
            required=True,
            example=EXAMPLES["site"],
            choices=lambda reader: [_("{words}").of(words=Words.of(one.name)) for one in reader.sites],
        ),
        replace(DAYS, required=True),
        Column("hours", HEADS["hours"], spans, required=True, example=verbatim("09:00-13:00")),
    ),
    entry=_entry,
    key=lambda entry: f"{entry['professional']} {entry['days']} {entry['hours']}",
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    key_column="person",
    at_once=40,
)
