"""Tables of services: each row is a service for which a professional gives appointments, with their hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bot.deeds.calendars import publish
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind
from bot.importing.listings import SUMMARY, TOWN, sight, withdraw
from bot.importing.places import spans, weekdays
from bot.importing.reading import Cell
from bot.language.fold import fold
from bot.language.languages import TAGS
from bot.language.tongue import tongue
from conversations.appointments.words import LANGUAGES, PROFESSIONS
from conversations.deeds.appointments import PublishService
from conversations.hours import clock
from conversations.importing.words import EXAMPLES, HEADS, YES_NO
from conversations.speech import Joined, Text, Words, _, lines, n_, verbatim
from conversations.weekdays import SHORT
from models.offers.listing import Listing
from models.visits.appointment import Appointment
from models.visits.opening import spans_of


def _profession(cell: Cell, _reader: Reader) -> str:
    """A known profession by its name in any language, else the words themselves."""
    said = " ".join(c.as_text(cell).split())
    if not 2 <= len(said) <= 40:
        raise Bad("long", n="40") if len(said) > 40 else Bad("short", n="2")
    named = {fold(tongue(tag).speak(label)): key for key, label in PROFESSIONS.items() for tag in TAGS}
    return named.get(fold(said), said)


def _minutes(cell: Cell, reader: Reader) -> int:
    found: int = c.whole(5, 480)(cell, reader)
    if found % 5:
        raise Bad("five")
    return found


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    site, site_name = c.place(reader, row["town"], row["site"])
    return {
        "title": c.said_in(reader, row["title"]),
        "summary": c.said_in(reader, row["summary"]),
        "town": row["town"],
        "site": site,
        "site_name": site_name,
        "called": row["person"],
        "profession": row["profession"],
        "languages": row.get("languages") or [],
        "hours": [[day, *span] for day in row["days"] for span in spans_of(row["hours"])],
        "minutes": row.get("minutes") or 30,
        "after": row.get("pause") or 0,
        "notice": 1440,
        "horizon": 28,
        "most": 1,
        "discreet": row.get("discreet") == "yes",
        "home": row.get("home") == "yes",
    }


def _there(entry: Entry, reader: Reader) -> bool:
    """The same title, open in the same town."""
    wanted = select(Listing).where(
        Listing.organisation_id == reader.organisation_id, Listing.block == "APT", Listing.state == "open"
    )
    rows = reader.session.scalars(wanted.where(Listing.town_id == entry["town"]))
    return any(c.same_words(row.title, entry["title"]) for row in rows)


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = publish(doing, PublishService({**entry, "organisation": organisation_id}))
    return f"listing:{done.details['listing']}" if done.outcome == "published" else ""


def _undo(doing: Doing, made: str) -> bool:
    booked = select(Appointment.id).where(Appointment.listing_id == int(made.partition(":")[2]))
    return doing.session.scalars(booked.limit(1)).first() is None and withdraw(doing, made)


def _seen(entry: Entry, reader: Reader) -> Text:
    days = Joined(tuple(dict.fromkeys(SHORT[day] for day, _opens, _closes in entry["hours"])), "commas")
    first = entry["hours"][0][0]
    hours = Joined(
        tuple(f"{clock(opens)}–{clock(closes)}" for day, opens, closes in entry["hours"] if day == first), "commas"
    )
    return lines(
        _("📌 {title}").of(title=Words.of(entry["title"])),
        _("{words}").of(words=Words.of(entry["summary"])),
        _("📍 {place}").of(place=c.name_of(reader, entry["town"])),
        _("👤 {name}").of(name=entry["called"]),
        _("🕓 {days}: {hours}").of(days=days, hours=hours),
        n_("⏱ {n} minute", "⏱ {n} minutes").of(n=entry["minutes"]),
    )


def _yes_no(name: str) -> Column:
    return Column(name, HEADS[name], c.choice(YES_NO), choices=lambda _reader: list(YES_NO.values()))


SERVICES = Kind(
    name="services",
    columns=(
        Column("title", HEADS["title"], c.words(3, 80), required=True, example=EXAMPLES["service"]),
        SUMMARY,
        TOWN,
        Column("site", HEADS["site"], c.words(2, 80), required=True, example=EXAMPLES["site"]),
        Column("person", HEADS["person"], c.words(2, 80), required=True, example=verbatim("Jelena DEMO")),
        Column(
            "profession",
            HEADS["profession"],
            _profession,
            required=True,
            example=PROFESSIONS["psychologist"],
            choices=lambda _reader: list(PROFESSIONS.values()),
        ),
        Column("languages", HEADS["languages"], c.several(LANGUAGES), example=LANGUAGES["sr"]),
        Column(
            "days",
            HEADS["days"],
            weekdays,
            required=True,
            example=_("{first}, {second}").of(first=SHORT[0], second=SHORT[2]),
        ),
        Column("hours", HEADS["hours"], spans, required=True, example=verbatim("09:00-13:00")),
        Column("minutes", HEADS["minutes"], _minutes, example=verbatim("30")),
        Column("pause", HEADS["pause"], _minutes),
        _yes_no("discreet"),
        _yes_no("home"),
    ),
    entry=_entry,
    key=lambda entry: f"{sorted(entry['title'].values())} {entry['town']}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    most=100,
    sight=sight,
)
