"""Tables of places, and of seats by the slot in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Database

from bot.deeds.visits import resources
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard
from bot.importing.reading import Cell
from bot.importing.tables.listings import BANDS_COLUMN, SITE, SUMMARY, TITLE, TOWN, number, sight, withdraw
from bot.importing.wording import in_languages, words_in
from bot.language.fold import fold
from bot.language.tongue import tongue
from conversations.hours import read_spans
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Joined, Text, Words, _, lines, n_, verbatim
from conversations.weekdays import LONG, SHORT
from models.base import fresh_token
from models.offers.listing import Listing, Session
from models.offers.programme import Site
from models.visits.opening import day_json

_TAGS = ("sr-Latn", "bg", "en")


# ---------------------------------------------------------------- weekdays and hours


def weekdays(cell: Cell, _reader: Reader) -> list[int]:
    """Days of the week, long or short, in any language: "pon-pet", "Mon, Wed"."""
    known = {
        fold(tongue(tag).speak(name)): number
        for tag in _TAGS
        for names in (LONG, SHORT)
        for number, name in enumerate(names)
    }
    found: list[int] = []
    for part in re.split(r"[,;/]|\s+и\s+|\s+i\s+", c.as_text(cell)):
        ends = [known.get(fold(end)) for end in re.split(r"[-–—]", part) if end.strip()]
        if not ends or len(ends) > 2 or None in ends:
            raise Bad("choice", known=", ".join(tongue("sr-Latn").speak(name) for name in SHORT))
        days = [day for day in ends if day is not None]
        found.extend(
            range(days[0], days[-1] + 1) if days[0] <= days[-1] else (*range(days[0], 7), *range(days[-1] + 1))
        )
    return sorted(set(found))


def spans(cell: Cell, _reader: Reader) -> list[list[str]]:
    """From when to when, in parts that do not overlap: "9:00-12:00, 16:00-20:00"."""
    found = read_spans(c.as_text(cell))
    if found is None:
        raise Bad("hours")
    return day_json(found)


# ---------------------------------------------------------------- places


def _site(row: Mapping[str, Any], reader: Reader) -> Entry:
    return {
        "name": c.said_in(reader, row["name"]),
        "town": row["town"],
        "address": c.said_in(reader, row.get("address")),
    }


def _site_there(entry: Entry, reader: Reader) -> bool:
    known = reader.seen.get("sites")
    if known is None:  # thousands of places, each compared with thousands of rows
        known = reader.seen["sites"] = {(one.town_id, name) for one in reader.sites for name in c.folded(one.name)}
    return any((entry["town"], name) in known for name in c.folded(entry["name"]))


def _add_site(doing: Doing, entry: Entry, _organisation_id: int) -> str:
    site = Site(code=fresh_token(), town_id=entry["town"], name=dict(entry["name"]), address=dict(entry["address"]))
    doing.session.add(site)
    doing.session.flush()
    return f"site:{site.id}"


def _undo_site(doing: Doing, made: str) -> bool:
    site_id = int(made.partition(":")[2])
    if _used(doing.session, site_id):
        return False
    site = doing.session.get(Site, site_id)
    if site is not None:
        doing.session.delete(site)
        doing.session.flush()
    return True


def _used(session: Database, site_id: int) -> bool:
    used = (select(Listing.id).where(Listing.site_id == site_id), select(Session.id).where(Session.site_id == site_id))
    return any(session.scalars(wanted.limit(1)).first() is not None for wanted in used)


def _seen_site(entry: Entry, reader: Reader) -> Text:
    address = Words.of(entry["address"])
    return lines(
        _("📍 {place}").of(place=Words.of(entry["name"])),
        _("{words}").of(words=address) if address else None,
        _("{words}").of(words=c.name_of(reader, entry["town"])),
    )


SITES = Kind(
    name="sites",
    columns=(
        Column("name", HEADS["name"], c.words(2, 80), required=True, example=EXAMPLES["site"]),
        TOWN,
        Column("address", HEADS["address"], c.words(2, 120), example=verbatim("DEMO 1")),
    ),
    entry=_site,
    key=lambda entry: f"{sorted(entry['name'].values())} {entry['town']}".casefold(),
    there=_site_there,
    add=_add_site,
    undo=_undo_site,
    seen=_seen_site,
    key_column="name",
    most=2_000,
    at_once=40,
)


# ---------------------------------------------------------------- seats


def _room(row: Mapping[str, Any], reader: Reader) -> Entry:
    site, site_name = c.place(reader, row["town"], row.get("site"))
    return {
        "title": words_in(reader, row, "title"),
        "summary": words_in(reader, row, "summary"),
        "town": row["town"],
        "site": site,
        "site_name": site_name,
        "places": row["seats"],
        "week": {str(day): row["hours"] for day in row["days"]},
        "slot_minutes": row.get("minutes") or 60,
        "week_slots": row.get("turns") or 0,
        "week_pages": row.get("pages") or 0,
        "bands": row.get("bands") or [],
    }


def _room_there(entry: Entry, reader: Reader) -> bool:
    wanted = select(Listing).where(
        Listing.organisation_id == reader.organisation_id, Listing.block == "RES", Listing.state == "open"
    )
    rows = reader.session.scalars(wanted.where(Listing.town_id == entry["town"]))
    return any(c.same_words(row.title, entry["title"]) for row in rows)


def _add_room(doing: Doing, entry: Entry, organisation_id: int) -> str:
    made = resources.add(doing, dict(entry), organisation_id)
    return f"listing:{made.listing_id}" if made is not None else ""


def _seen_room(entry: Entry, reader: Reader) -> Text:
    days = Joined(tuple(SHORT[int(day)] for day in sorted(entry["week"])), "commas")
    hours = Joined(tuple(f"{opens}–{closes}" for opens, closes in next(iter(entry["week"].values()))), "commas")
    return lines(
        _("📌 {title}").of(title=Words.of(entry["title"])),
        _("📍 {place}").of(place=c.name_of(reader, entry["town"])),
        _("🕓 {days}: {hours}").of(days=days, hours=hours),
        n_("🖥 {n} seat", "🖥 {n} seats").of(n=entry["places"]),
    )


_TITLE = replace(TITLE, example=EXAMPLES["room"])
SEATS = Kind(
    name="seats",
    columns=(
        _TITLE,
        SUMMARY,
        TOWN,
        SITE,
        number("seats", 1, 200, "4", required=True, sets=("places",)),
        Column(
            "days",
            HEADS["days"],
            weekdays,
            required=True,
            example=_("{first}, {second}").of(first=SHORT[0], second=SHORT[2]),
        ),
        Column("hours", HEADS["hours"], spans, required=True, example=verbatim("16:00-20:00")),
        number("minutes", 15, 480, "60", sets=("slot",)),
        number("turns", 1, 50, "3", sets=("week_slots",)),
        number("pages", 1, 500, "20"),
        BANDS_COLUMN,
        *in_languages(_TITLE, SUMMARY),
    ),
    entry=_room,
    key=lambda entry: f"{sorted(entry['title'].values())} {entry['town']}".casefold(),
    there=_room_there,
    add=_add_room,
    undo=withdraw,
    seen=_seen_room,
    sight=sight,
    wizards=(Wizard("new_resource"),),
)
