"""Tables of answers for the answer book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.doing import Doing
from bot.importing import columns as c
from bot.importing.columns import Bad, Column, Reader, as_text
from bot.importing.kinds import Entry, Kind, Wizard, id_in
from bot.importing.reading import Cell
from bot.importing.shared_columns import TOWN, one_of
from bot.importing.wording import in_languages, words_in
from bot.language.fold import fold
from bot.language.languages import TAGS
from bot.language.tongue import tongue
from conversations.help.answers import TOPICS
from conversations.importing.words import COUNTRIES, EXAMPLES, HEADS
from conversations.speech import Text, Words, _, lines, verbatim
from conversations.staff.informing.new_answer import KEEPS
from models.caring import answer_keeping


def _review(cell: Cell, reader: Reader) -> date:
    """A day, or for how long from today, as the wizard says it."""
    keeps = {fold(tongue(tag).speak(label)): int(days) for days, label in KEEPS.items() for tag in TAGS}
    days = keeps.get(fold(as_text(cell)))
    return reader.now.date() + timedelta(days=days) if days else c.day(cell, reader)


def _entry(row: Mapping[str, Any], reader: Reader) -> Entry:
    today = reader.now.date()
    dated, review = row["dated"], row.get("review") or today + answer_keeping.REVIEW
    if dated > today:
        raise Bad("day", "dated")
    if review <= today:
        raise Bad("past", "review")
    country = row.get("country") or "all"
    return {
        "topic": row["topic"],
        "country": "" if country == "all" else country,
        "town": row.get("town"),
        "question": words_in(reader, row, "question"),
        "answer": words_in(reader, row, "answer"),
        "source": row["source"],
        "dated": dated.isoformat(),
        "review": min(review, today + timedelta(days=730)).isoformat(),
    }


def _there(entry: Entry, reader: Reader) -> bool:
    known = reader.seen.get("answers")
    if known is None:
        rows = answer_keeping.in_the_book(reader.session, {reader.organisation_id})
        known = reader.seen["answers"] = {(row.country, name) for row in rows for name in c.folded(row.question)}
    return any((entry["country"], name) in known for name in c.folded(entry["question"]))


def _add(doing: Doing, entry: Entry, organisation_id: int) -> str:
    card = answer_keeping.add(
        doing.session,
        organisation_id=organisation_id,
        owner_id=doing.person_id,
        topic=entry["topic"],
        country=entry["country"],
        town_id=entry["town"],
        question=entry["question"],
        answer=entry["answer"],
        source=entry["source"],
        source_date=date.fromisoformat(entry["dated"]),
        review_on=date.fromisoformat(entry["review"]),
    )
    return f"answer:{card.id}"


def _undo(doing: Doing, made: str) -> bool:
    card = answer_keeping.locked(doing.session, id_in(made))
    if card is not None:
        answer_keeping.retire(doing.session, doing.now, card)
    return True


def _seen(entry: Entry, reader: Reader) -> Text:
    return lines(
        TOPICS[entry["topic"]],
        _("📍 {place}").of(place=c.name_of(reader, entry["town"])) if entry["town"] else None,
        _("❓ {question}").of(question=Words.of(entry["question"])),
        _("{words}").of(words=Words.of(entry["answer"])),
        _("Source: {source}").of(source=entry["source"]),
    )


_QUESTION = Column("question", HEADS["question"], c.words(3, 200), required=True, example=EXAMPLES["question"])
_ANSWER = Column("answer", HEADS["answer"], c.words(3, 1000), required=True, example=EXAMPLES["answer"])
ANSWERS = Kind(
    name="answers",
    columns=(
        one_of("topic", TOPICS, example="services", required=True),
        _QUESTION,
        _ANSWER,
        one_of("country", COUNTRIES, example="all", sets=("where",)),
        Column("town", HEADS["town"], c.town, choices=TOWN.choices),
        Column("source", HEADS["source"], c.words(2, 200), required=True, example=EXAMPLES["source"]),
        Column("dated", HEADS["dated"], c.day, required=True, example=verbatim("1.2.2026")),
        Column("review", HEADS["review"], _review, sets=("keeps",)),
        *in_languages(_QUESTION, _ANSWER),
    ),
    entry=_entry,
    key=lambda entry: fold(" ".join(entry["question"].values())) + entry["country"],
    there=_there,
    add=_add,
    undo=_undo,
    seen=_seen,
    key_column="question",
    most=500,
    at_once=15,
    wizards=(Wizard("new_answer"),),
)
