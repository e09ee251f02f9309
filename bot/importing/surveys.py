"""Tables of surveys: each row is one survey with up to five questions, and the day on which it goes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from bot.deeds.asking_staff import close, send
from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader
from bot.importing.kinds import Entry, Kind
from bot.importing.listings import BANDS_COLUMN, DEADLINE_AT, TOWN
from bot.importing.reading import Cell
from conversations.asking.new_survey import CHOICE_MOST, CHOICES_MOST
from conversations.asking.new_survey import KINDS as ANSWERED
from conversations.asking.survey import intro, question_of
from conversations.deeds.asking import CloseSurvey, SendSurvey
from conversations.facts.asking import Asked, SurveyCard
from conversations.importing.words import EXAMPLES, HEADS, NAMES
from conversations.speech import Moment, Text, Words, _, lines, verbatim
from models.asking.survey import QUESTIONS_MOST, Survey, SurveyPerson

SENT_AT = time(10, 0)
"""When a survey goes out whose row says no time: in the morning, outside of the quiet hours."""
_LISTED = ("one", "many")


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
        ),
        Column(
            f"answered{number}",
            HEADS[f"answered{number}"],
            c.choice(ANSWERED),
            example=ANSWERED["one"] if number == 1 else verbatim(""),
            choices=lambda _reader: list(ANSWERED.values()),
        ),
        Column(
            f"choices{number}",
            HEADS[f"choices{number}"],
            _choices,
            example=EXAMPLES["choices"] if number == 1 else verbatim(""),
        ),
    )


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    goes_out = c.moment(reader, row["goes_out"], row.get("time") or SENT_AT, row.get("town"), column="goes_out")
    closes = c.moment(reader, row["deadline"], DEADLINE_AT, row.get("town"), column="deadline")
    if closes <= goes_out:
        raise Bad("before", "deadline")
    return {
        "organisation": reader.organisation_id,
        "title": c.said_in(reader, row["title"]),
        "anonymous": row["names"] == "anonymous",
        "questions": _questions(row, reader),
        "towns": [row["town"]] if row.get("town") else [],
        "bands": row.get("bands") or [],
        "due": goes_out.isoformat(),
        "closes": closes.isoformat(),
    }


def _questions(row: Mapping[str, Any], reader: Reader) -> list[dict[str, Any]]:
    found = []
    for number in range(1, QUESTIONS_MOST + 1):
        text, given = row.get(f"question{number}"), row.get(f"choices{number}") or []
        kind = row.get(f"answered{number}") or ("one" if given else "text")
        if not text:
            if given or row.get(f"answered{number}"):
                raise Bad("missing", f"question{number}")
            continue
        if kind in _LISTED and not given:
            raise Bad("missing", f"choices{number}")
        choices = {f"c{place}": c.said_in(reader, one) for place, one in enumerate(given, 1)} if kind in _LISTED else {}
        found.append({"kind": kind, "text": c.said_in(reader, text), "choices": choices})
    return found


def _there(entry: Entry, reader: Reader) -> bool:
    """The same title in a survey of the organisation that is open."""
    rows = reader.seen.get("surveys")
    if rows is None:
        wanted = select(Survey).where(Survey.organisation_id == reader.organisation_id, Survey.state == "open")
        rows = reader.seen["surveys"] = list(reader.session.scalars(wanted))
    return any(c.same_words(row.title, entry["title"]) for row in rows)


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    done = send(doing, SendSurvey({**entry, "organisation": organisation_id}))
    return f"survey:{done.details['survey']}" if done.outcome in ("scheduled", "sending") else ""


def _undo(doing: Doing, made: str) -> bool:
    """Nobody is asked any more; False once somebody was."""
    survey_id = int(made.partition(":")[2])
    asked = select(SurveyPerson.person_id).where(SurveyPerson.survey_id == survey_id)
    if doing.session.scalars(asked.limit(1)).first() is not None:
        return False
    return close(doing, CloseSurvey(survey_id)).outcome in ("closed", "over")


def _seen(entry: Entry, reader: Reader) -> Text:
    zone = next((town.zone for town in reader.towns if town.id in entry["towns"]), reader.zone)
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
    card = SurveyCard(0, Words.of(entry["title"]), Words(), entry["anonymous"], questions, "open", until)
    return lines(
        intro(card),
        *(question_of(asked, number, len(questions)).text for number, asked in enumerate(questions, 1)),
        _("📤 Goes out: {when}").of(when=Moment(datetime.fromisoformat(entry["due"]), zone)),
    )


SURVEYS = Kind(
    name="surveys",
    columns=(
        Column("title", HEADS["title"], c.words(3, 60), required=True, example=EXAMPLES["survey"]),
        Column(
            "names",
            HEADS["names"],
            c.choice(NAMES),
            required=True,
            example=NAMES["anonymous"],
            choices=lambda _reader: list(NAMES.values()),
        ),
        Column("town", HEADS["town"], c.town, choices=TOWN.choices),
        BANDS_COLUMN,
        Column("goes_out", HEADS["goes_out"], c.day, required=True, example=verbatim("20.11.2026")),
        Column("time", HEADS["time"], c.clock, example=verbatim("10:00")),
        Column("deadline", HEADS["deadline"], c.day, required=True, example=verbatim("26.11.2026")),
        *(column for number in range(1, QUESTIONS_MOST + 1) for column in _question(number)),
    ),
    entry=_entry,
    key=lambda entry: f"{sorted(entry['title'].values())}".casefold(),
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    most=20,
    at_once=20,
)
