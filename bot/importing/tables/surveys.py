"""Tables of surveys: each row is one survey with up to five questions, and the day on which it goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from bot.deeds.asking.asking_staff import close, send
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.known import listing_column, open_now
from bot.importing.reading import Cell
from bot.importing.shared_columns import BANDS_COLUMN, DEADLINE, DEADLINE_AT, TOWN, number, one_of
from bot.importing.wording import in_languages, words_in
from conversations.asking.new_survey import CHOICE_MOST, CHOICES_MOST
from conversations.asking.survey import KINDS as ANSWERED
from conversations.asking.survey import seen
from conversations.deeds.asking import CloseSurvey, SendSurvey
from conversations.facts.asking import Asked, SurveyCard
from conversations.importing.words import EXAMPLES, HEADS, NAMES, YES_NO
from conversations.speech import Moment, Text, Words, _, lines, verbatim
from conversations.staff.fields import LANGUAGES
from conversations.staff.writing.broadcast import ROLES
from models.asking.survey import QUESTIONS_MOST, Survey, SurveyPerson
from models.offers.programme import Organisation

SENT_AT = time(10, 0)
"""When a survey goes out whose row says no time: in the morning, outside of the quiet hours."""
_LISTED = ("one", "many")
_WITH_NAMES = {"named": YES_NO["yes"], "anonymous": YES_NO["no"]}
"""What stands below "With names" just as well."""


def _choices(cell: Cell, _reader: Reader) -> list[str]:
    """What can be chosen, with commas between."""
    parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", c.as_text(cell)))
    found = list(dict.fromkeys(part for part in parts if part))
    if not 2 <= len(found) <= CHOICES_MOST or any(len(one) > CHOICE_MOST for one in found):
        raise Bad("choices", n=str(CHOICES_MOST))
    return found


def _question(number: int) -> tuple[Column, ...]:
    """The columns of one question; how it is answered may be left out: with a list, one of it, else a few words."""
    return (
        Column(
            f"question{number}",
            HEADS[f"question{number}"],
            c.words(3, 120),
            required=number == 1,
            example=EXAMPLES["asked"] if number == 1 else verbatim(""),
            sets=(f"text{number}", *(f"text{number}_{language}" for language in LANGUAGES)),
        ),
        Column(
            f"answered{number}",
            HEADS[f"answered{number}"],
            c.choice(ANSWERED),
            example=ANSWERED["one"] if number == 1 else verbatim(""),
            choices=lambda _reader: list(ANSWERED.values()),
            sets=(f"kind{number}",),
        ),
        Column(
            f"choices{number}",
            HEADS[f"choices{number}"],
            _choices,
            example=EXAMPLES["choices"] if number == 1 else verbatim(""),
        ),
    )


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    town = next(iter(row.get("town") or ()), None)
    goes_out = c.moment(reader, row["goes_out"], row.get("time") or SENT_AT, town, column="goes_out")
    closes = c.moment(reader, row["deadline"], DEADLINE_AT, town, column="deadline")
    if closes <= goes_out:
        raise Bad("before", "deadline")
    return {
        "organisation": reader.organisation_id,
        "title": words_in(reader, row, "title"),
        "anonymous": row["names"] == "anonymous",
        "questions": _questions(row, reader),
        "towns": row.get("town") or [],
        "bands": row.get("bands") or [],
        "roles": row.get("roles") or [],
        "languages": row.get("reads") or [],
        "listings": [row["part"]] if row.get("part") else [],
        "most": row.get("people") or 0,
        "due": goes_out.isoformat(),
        "closes": closes.isoformat(),
    }


def _questions(row: Mapping[str, Any], reader: Reader) -> list[dict[str, Any]]:
    found = []
    for place in range(1, QUESTIONS_MOST + 1):
        text, given = words_in(reader, row, f"question{place}"), words_in(reader, row, f"choices{place}")
        kind = row.get(f"answered{place}") or ("one" if given else "text")
        if not row.get(f"question{place}"):
            if text or given or row.get(f"answered{place}"):
                raise Bad("missing", f"question{place}")
            continue
        if not row.get(f"choices{place}") and (given or kind in _LISTED):
            raise Bad("missing", f"choices{place}")
        choices = _in_order(given, reader, f"choices{place}") if kind in _LISTED else {}
        found.append({"kind": kind, "text": text, "choices": choices})
    return found


def _in_order(given: Mapping[str, list[str]], reader: Reader, key: str) -> dict[str, dict[str, str]]:
    """What can be chosen, by language: in each as many, in the same order."""
    count = len(given[reader.language])
    for language, found in given.items():
        if len(found) != count:
            raise Bad("as_many", f"{key}_{language}", n=str(count))
    return {f"c{at + 1}": {language: found[at] for language, found in given.items()} for at in range(count)}


def _there(entry: Entry, reader: Reader) -> bool:
    """The same title in a survey of the organisation that is open."""
    return any(c.same_words(row.title, entry["title"]) for row in open_now(reader, Survey))


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = send(doing, SendSurvey({**entry, "organisation": organisation_id}))
    return f"survey:{done.details['survey']}" if done.outcome in ("scheduled", "sending") else ""


def _undo(doing: Doing, made: str) -> bool:
    """Nobody is asked any more; False once somebody was."""
    survey_id = id_in(made)
    asked = select(SurveyPerson.person_id).where(SurveyPerson.survey_id == survey_id)
    if doing.session.scalars(asked.limit(1)).first() is not None:
        return False
    return close(doing, CloseSurvey(survey_id)).outcome in ("closed", "over")


def _seen(entry: Entry, reader: Reader) -> Text:
    zone = c.zone_of(reader, next(iter(entry["towns"]), None))
    questions = tuple(
        Asked(
            f"q{number}",
            one["kind"],
            Words.of(one["text"]),
            tuple((key, Words.of(words)) for key, words in one["choices"].items()),
        )
        for number, one in enumerate(entry["questions"], 1)
    )
    until = Moment(datetime.fromisoformat(entry["closes"]), zone)
    name = Words.of(reader.session.get_one(Organisation, reader.organisation_id).name)
    card = SurveyCard(0, Words.of(entry["title"]), name, entry["anonymous"], questions, "open", until)
    return lines(
        seen(card),
        _("📤 Goes out: {when}").of(when=Moment(datetime.fromisoformat(entry["due"]), zone)),
    )


_TITLE = Column("title", HEADS["title"], c.words(3, 60), required=True, example=EXAMPLES["survey"])
_QUESTIONS = tuple(column for place in range(1, QUESTIONS_MOST + 1) for column in _question(place))
SURVEYS = Kind(
    name="surveys",
    columns=(
        _TITLE,
        one_of("names", NAMES, also=_WITH_NAMES, example="anonymous", required=True, sets=("whose",)),
        Column("town", HEADS["town"], c.each_of(c.town), choices=TOWN.choices, sets=("towns",)),
        BANDS_COLUMN,
        Column("roles", HEADS["roles"], c.several(ROLES), choices=lambda _reader: list(ROLES.values()), sets=("whom",)),
        Column("reads", HEADS["reads"], c.several(LANGUAGES), sets=("languages",)),
        listing_column("part", sets=("listing",)),
        number("people", 5, 10_000, "", sets=("most",)),
        Column("goes_out", HEADS["goes_out"], c.day, required=True, example=verbatim("20.11.2026"), sets=("due",)),
        Column("time", HEADS["time"], c.clock, example=verbatim("10:00")),
        DEADLINE,
        *_QUESTIONS,
        *in_languages(_TITLE, *(one for one in _QUESTIONS if not one.key.startswith("answered"))),
    ),
    entry=_entry,
    key=lambda entry: f"{sorted(entry['title'].values())}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    most=20,
    at_once=20,
    sent=True,
    wizards=(Wizard("new_survey"),),
)
