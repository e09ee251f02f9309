"""Tables of services: each row is a service for which a professional gives appointments, with their hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from bot.deeds.visits.calendars import publish
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.reading import Cell
from bot.importing.shared_columns import SITE, SUMMARY, TITLE, TOWN, number, one_of, yes_no
from bot.importing.tables.listings import place_of, sight, title_and_town, titled, what_and_where, withdraw
from bot.importing.week import DAYS, spans
from bot.importing.wording import in_languages
from bot.language.fold import fold
from bot.language.languages import TAGS
from bot.language.tongue import tongue
from bot.times.reading_hours import read_hours
from conversations.appointments.service import GENDERS, HORIZON, HORIZONS, MOST, NOTICE, NOTICES, seen
from conversations.appointments.words import LANGUAGES, PROFESSIONS
from conversations.deeds.appointments import PublishService
from conversations.importing.words import EXAMPLES, HEADS
from conversations.speech import Text, verbatim
from models.offers import listing_changes
from models.visits.appointment import Appointment
from models.visits.opening import spans_of


def _profession(cell: Cell, _reader: Reader) -> str:
    """A known profession by its name in any language, else the words themselves."""
    said = " ".join(c.as_text(cell).split())
    if not 2 <= len(said) <= 40:
        raise Bad("long", n="40") if len(said) > 40 else Bad("short", n="2")
    named = {fold(tongue(tag).speak(label)): key for key, label in PROFESSIONS.items() for tag in TAGS}
    return named.get(fold(said), said)


def _five(least: int, most: int) -> c.Read:
    """Minutes, a multiple of five."""

    def read(cell: Cell, reader: Reader) -> int:
        found: int = c.whole(least, most)(cell, reader)
        if found % 5:
            raise Bad("five")
        return found

    return read


def _hours(cell: Cell, reader: Reader) -> list[list[Any]]:
    """From when to when, the same on all days; or by day, where they differ: weekday, from, until."""
    with_days = read_hours(c.as_text(cell))
    if with_days:
        return [list(one) for one in with_days]
    try:
        return [list(span) for span in spans_of(spans(cell, reader))]
    except Bad as bad:
        raise Bad("week") from bad


def _week(row: Mapping[str, Any]) -> list[list[int]]:
    days, hours = row.get("days") or [], row["hours"]
    if len(hours[0]) > 2:
        if days:
            raise Bad("week", "hours")
        return [list(one) for one in hours]
    if not days:
        raise Bad("missing", "days")
    return [[day, *span] for day in days for span in hours]


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    return {
        **what_and_where(row, reader),
        "called": row["person"],
        "profession": row["profession"],
        "gender": "" if row.get("gender") in (None, "unsaid") else row["gender"],
        "languages": row.get("languages") or [],
        "hours": _week(row),
        "minutes": row.get("minutes") or 30,
        "after": row.get("pause") or 0,
        "notice": NOTICE[row.get("notice") or "day"],
        "horizon": HORIZON[row.get("horizon") or "month"],
        "most": row.get("most") or 1,
        "discreet": bool(row.get("discreet")),
        "home": bool(row.get("home")),
        "wish": bool(row.get("wish")),
    }


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = publish(doing, PublishService({**entry, "organisation": organisation_id}))
    return f"listing:{done.details['listing']}" if done.outcome == "published" else ""


def _undo(doing: Doing, made: str) -> bool:
    listing_changes.locked(doing.session, id_in(made))
    booked = select(Appointment.id).where(Appointment.listing_id == id_in(made))
    return doing.session.scalars(booked.limit(1)).first() is None and withdraw(doing, made)


def _seen(entry: Entry, reader: Reader) -> Text:
    return seen(entry, place_of(entry, reader))


_TITLE = replace(TITLE, example=EXAMPLES["service"])
SERVICES = Kind(
    name="services",
    columns=(
        _TITLE,
        replace(SUMMARY, example=EXAMPLES["about_service"]),
        TOWN,
        replace(SITE, required=True),
        Column(
            "person", HEADS["person"], c.words(2, 80), required=True, example=verbatim("Jelena DEMO"), sets=("called",)
        ),
        Column(
            "profession",
            HEADS["profession"],
            _profession,
            required=True,
            example=PROFESSIONS["psychologist"],
            choices=lambda _reader: list(PROFESSIONS.values()),
            sets=("own_profession",),
        ),
        one_of("gender", GENDERS),
        Column("languages", HEADS["languages"], c.several(LANGUAGES), example=LANGUAGES["sr"]),
        DAYS,
        Column("hours", HEADS["hours"], _hours, required=True, example=verbatim("09:00-13:00")),
        Column("minutes", HEADS["minutes"], _five(10, 240), example=verbatim("30")),
        Column("pause", HEADS["pause"], _five(0, 120), sets=("after",)),
        one_of("notice", NOTICES, example="day"),
        one_of("horizon", HORIZONS, example="month"),
        number("most", 1, MOST, "1"),
        yes_no("discreet", sets=("holds",)),
        yes_no("home", sets=("holds",)),
        yes_no("wish", sets=("holds",)),
        *in_languages(_TITLE, SUMMARY),
    ),
    entry=_entry,
    key=title_and_town,
    there=titled("APT"),
    add=_add,
    undo=_undo,
    seen=_seen,
    most=100,
    sight=sight,
    wizards=(Wizard("new_service"),),
)
