"""The columns of tables: how a cell is read, and what is wrong with one that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.importing.days import day_of
from bot.importing.reading import Cell, Formula
from bot.language.fold import clean, fold
from bot.language.languages import TAGS
from bot.language.tongue import tongue
from bot.times.reading_dates import read_clock
from conversations.speech import Text, Words, verbatim
from models.offers.programme import Site, Subject, Town
from models.visits.opening import instant

ALIKE = 72.0
"""From here on a name is near enough to be suggested (rapidfuzz, per cent)."""
SERIAL_FIRST = date(1899, 12, 30)
"""Day 0 of the serial numbers of spreadsheets (ECMA-376 18.17.4.1, with its leap day of 1900)."""
SERIALS = range(36_526, 73_051)
"""Serial numbers from 2000 to 2099: smaller numbers are no days."""


_SPAN = re.compile(r"\d\s*(?:h|ч)?\s*[-–—]\s*(?!(?:00|15|30|45)\b)\d")
_WHOLE = re.compile(r"(\d{1,6})(?:[.,]00?)?")
_SPOILT = "\ufffd"


class Bad(Exception):
    """A cell or a row that cannot be taken. `reason` is a key of conversations/importing/words.py, with its values."""

    def __init__(self, reason: str, column: str = "", **values: str) -> None:
        super().__init__(reason)
        self.reason, self.column, self.values = reason, column, values


@dataclass
class Reader:
    """What rows are read with: one transaction's facts. `now` is UTC, `language` the base of who sent the file."""

    session: Session
    now: datetime
    organisation_id: int
    language: str
    zone: str
    seen: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def towns(self) -> list[Town]:
        """All towns."""
        return list(self.session.scalars(select(Town).order_by(Town.id)))

    @cached_property
    def sites(self) -> list[Site]:
        """All sites."""
        return list(self.session.scalars(select(Site).order_by(Site.id)))

    @cached_property
    def subjects(self) -> list[Subject]:
        """All subjects."""
        return list(self.session.scalars(select(Subject).order_by(Subject.id)))


Read = Callable[[Cell, Reader], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head in words, how a cell is read (an empty one is None), and an example for the template.

    `choices` are offered as a list in the template. `sets` names the steps of wizards that ask for the same under
    another name. `language` is that of the words in it; "" is the language of who sent the table.
    """

    key: str
    head: Text
    read: Read
    required: bool = False
    example: Text = verbatim("")
    choices: Callable[[Reader], Sequence[Text]] | None = None
    sets: tuple[str, ...] = ()
    language: str = ""


def heads_of(column: Column) -> frozenset[str]:
    """The keys under which a column's head is known: in every language, or by its plain name."""
    return frozenset((fold(column.key), *(fold(tongue(tag).speak(column.head)) for tag in TAGS)))


# ---------------------------------------------------------------- how cells are read


def as_text(cell: Cell) -> str:
    """A cell as words; a whole number without its point. Raises Bad for a formula, and for letters that got lost."""
    if isinstance(cell, Formula):
        raise Bad("formula")
    if isinstance(cell, str) and _SPOILT in cell:
        raise Bad("spoilt")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%d.%m.%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return clean(str(cell)) if cell is not None else ""


def words(least: int, most: int) -> Read:
    """Words of a certain length, cleaned of everything hidden: signs alone are none."""

    def read(cell: Cell, _reader: Reader) -> str:
        text = " ".join(as_text(cell).split())
        if len(text) < least or not any(one.isalnum() for one in text):
            raise Bad("short", n=str(least))
        if len(text) > most:
            raise Bad("long", n=str(most))
        return text

    return read


def whole(least: int, most: int) -> Read:
    """A whole number, also as text: "10", "'10", "1 000", "10,0"."""

    def read(cell: Cell, _reader: Reader) -> int:
        text = _WHOLE.fullmatch("".join(as_text(cell).lstrip("'").split()))
        if text is None or not least <= int(text[1]) <= most:
            raise Bad("number", least=str(least), most=str(most))
        return int(text[1])

    return read


def day(cell: Cell, reader: Reader) -> date:
    """A day: a date, its serial number, or written in words and figures (bot/importing/days.py)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if int(cell) in SERIALS:
            return SERIAL_FIRST + timedelta(days=int(cell))
        raise Bad("day")
    text = as_text(cell)
    if text.isdigit() and int(text) in SERIALS:
        return SERIAL_FIRST + timedelta(days=int(text))
    found = day_of(text, reader.now, reader.zone)
    if not isinstance(found, date):
        raise Bad(found)
    return found


def clock(cell: Cell, _reader: Reader) -> time:
    """A time of day: a time, the fraction of a day, or written as 17:00, 17.30, 17h; from when to when is no time."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    text = as_text(cell)
    found = None if _SPAN.search(text) else read_clock(text)
    if found is None:
        raise Bad("time")
    return found


def named(known: Callable[[Reader], Sequence[tuple[int, Mapping[str, str]]]], unknown: str) -> Read:
    """One of several with names, in any language and script; a near one is suggested, and none of two alike taken."""

    def read(cell: Cell, reader: Reader) -> int:
        wanted = fold(as_text(cell))
        by_name: dict[str, dict[int, Mapping[str, str]]] = {}
        for one, names in known(reader):
            for name in names.values():
                if name:
                    by_name.setdefault(fold(str(name)), {})[one] = names
        found = by_name.get(wanted, {})
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise Bad("several")
        near = process.extractOne(wanted, list(by_name), scorer=fuzz.ratio, score_cutoff=ALIKE)
        if near is None:
            raise Bad(unknown)
        names = next(iter(by_name[near[0]].values()))
        raise Bad(unknown + "_near", near=str(names.get(reader.language) or next(iter(names.values()))))

    return read


town = named(lambda reader: [(one.id, one.name) for one in reader.towns], "town")
subject = named(lambda reader: [(one.id, one.name) for one in reader.subjects], "subject")


def choice(choices: Mapping[str, Text], also: Mapping[str, Text] | None = None) -> Read:
    """One of several, by its label in any language; or by how a wizard calls the same (`also`)."""
    labels = [*choices.items(), *(also or {}).items()]

    def read(cell: Cell, reader: Reader) -> str:
        wanted = fold(as_text(cell))
        for key, label in labels:
            if wanted == fold(key) or any(wanted == fold(tongue(tag).speak(label)) for tag in TAGS):
                return key
        raise Bad("choice", known=spoken(reader, choices))

    return read


def spoken(reader: Reader, choices: Mapping[Any, Text]) -> str:
    """All that may be chosen, in the language of who sent the file."""
    return ", ".join(in_words(reader, label) for label in choices.values())


def in_words(reader: Reader, text: Text) -> str:
    """A text in the language of who sent the file."""
    return next((tongue(tag) for tag in TAGS if tag.startswith(reader.language)), tongue("en")).speak(text)


def several(choices: Mapping[str, Text]) -> Read:
    """Any of several, with commas between them."""
    return each_of(choice(choices))


def each_of(one: Read) -> Read:
    """Several of what is read one by one, with semicolons, lines or commas between them."""

    def read(cell: Cell, reader: Reader) -> list[Any]:
        parts = [part for part in re.split(r"[,;/\n]", as_text(cell)) if part.strip()]
        return list(dict.fromkeys(one(part, reader) for part in parts))

    return read


def said_in(reader: Reader, text: str | None) -> dict[str, str]:
    """Words in the language of who sent them."""
    return {reader.language: text} if text else {}


def moment(reader: Reader, at: date, clock_time: time, town_id: int | None, *, column: str) -> datetime:
    """The instant (UTC) of a wall time in a town. Raises Bad where it is over, or never comes."""
    found = instant(at, clock_time, zone_of(reader, town_id))
    if found is None:
        raise Bad("gap", column)
    if found <= reader.now:
        raise Bad("past", column)
    if found - reader.now > timedelta(days=731):
        raise Bad("far", column)
    return found.astimezone(UTC)


def zone_of(reader: Reader, town_id: int | None) -> str:
    """The time zone of a town, else of the house."""
    return next((one.zone for one in reader.towns if one.id == town_id), reader.zone)


def site_in(reader: Reader, town_id: int, text: str | None) -> tuple[int | None, str]:
    """The id of the known site of that name in a town, else the name as one that is new."""
    if not text:
        return None, ""
    for site in reader.sites:
        if site.town_id == town_id and any(fold(str(name)) == fold(text) for name in site.name.values()):
            return site.id, ""
    return None, text


def folded(words: Mapping[str, Any]) -> frozenset[str]:
    """What words say in any language, as it is compared."""
    return frozenset(fold(str(text)) for text in words.values() if text)


def same_words(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """True if two titles say the same in some language."""
    return not folded(known).isdisjoint(folded(wanted))


def name_of(reader: Reader, town_id: int | None) -> Words:
    """The name of a town."""
    return next((Words.of(one.name) for one in reader.towns if one.id == town_id), Words())
