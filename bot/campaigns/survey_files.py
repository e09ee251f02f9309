"""The results of a survey as a spreadsheet or a picture to be drawn: counts of at least five, never who said what."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.desk.plots import Picture
from bot.desk.sheets import MEDIA_TYPE, Table, workbook
from bot.facts.asking.asking_staff import asked
from bot.language.tongue import Speaker
from conversations.asking import notices
from conversations.asking import results as words
from conversations.facts.asking import Asked
from conversations.speech import Document, Words
from models.asking.survey import Survey
from models.asking.survey_results import Result, names_and_answers, over_time, results
from models.who.people import Person

LABEL_MOST = 28
"""Characters of a label under a bar."""


def sheet(session: Session, survey: Survey, speak: Speaker) -> Document | None:
    """Counts by question; of a named survey also who answered what; the same over time below. None: too few."""
    found = results(session, survey)
    if not found or all(one.few for one in found):
        return None
    questions = {str(question["key"]): asked(question) for question in survey.questions}
    rows: list[tuple[str, ...]] = []
    for one in found:
        rows += _rows(one, questions[one.key], speak)
    rows += _named(session, survey, questions, speak)
    rows += _over_time(session, survey, questions, speak)
    heads = tuple(speak.speak(head) for head in (words.QUESTION, words.ANSWER, words.HOW_MANY, words.MONTH))
    table = Table(speak.words(Words.of(survey.title)), heads, tuple(rows))
    return Document(f"survey-{survey.id}.xlsx", MEDIA_TYPE, workbook(table))


def _rows(one: Result, question: Asked, speak: Speaker) -> list[tuple[str, ...]]:
    text = speak.words(question.text)
    if one.few:
        return [(text, speak.speak(words.FEW), "", "")]
    counted: list[tuple[str, ...]] = [
        (text, speak.speak(notices.label(question, key)), str(n), "") for key, n in one.counts
    ]
    said: list[tuple[str, ...]] = [(text, line, "", "") for line in one.words]
    return [*counted, *said, *((text, speak.speak(words.VOICE), str(len(one.voices)), "") for _one in one.voices[:1])]


def _named(session: Session, survey: Survey, questions: dict[str, Asked], speak: Speaker) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for person_id, sheet_of_one in names_and_answers(session, survey):
        called = session.get_one(Person, person_id).called
        for key, value in sheet_of_one.items():
            question = questions[key]
            chosen = [speak.speak(notices.label(question, one)) for one in value.get("choice", ())]
            number = str(value["number"]) if "number" in value else ""
            answer = value.get("text") or number or ", ".join(chosen) or speak.speak(words.VOICE)
            rows.append((speak.words(question.text), answer, f"{person_id} {called}".strip(), ""))
    return rows


def _over_time(session: Session, survey: Survey, questions: dict[str, Asked], speak: Speaker) -> list[tuple[str, ...]]:
    series = over_time(session, survey.id)
    if len(series) < 2:
        return []
    return [
        (speak.words(questions[one.key].text), speak.speak(notices.label(questions[one.key], key)), str(n), _day(row))
        for row, found in series
        for one in found
        if not one.few and one.key in questions
        for key, n in one.counts
    ]


def _day(row: Survey, zone: str = "Europe/Belgrade") -> str:
    return f"{row.created_at.astimezone(ZoneInfo(zone)):%d.%m.%Y.}"


def picture(session: Session, survey: Survey, key: str, speak: Speaker, *, over_time: bool) -> Picture | None:
    """What is to be drawn of one question: bars of its counts, or the same over time. None: nothing to be seen yet."""
    question = next((asked(one) for one in survey.questions if one["key"] == key), None)
    if question is None or question.kind in ("text", "voice"):
        return None
    if over_time:
        return _trend(session, survey, question, speak)
    one = next((one for one in results(session, survey) if one.key == key), None)
    if one is None or one.few:
        return None
    labels = tuple(speak.speak(notices.label(question, choice))[:LABEL_MOST] for choice, _n in one.counts)
    numbers = tuple(n for _choice, n in one.counts)
    return Picture(speak.words(question.text), "", _without_signs(labels), (("", numbers),))


def _trend(session: Session, survey: Survey, question: Asked, speak: Speaker) -> Picture | None:
    series = [
        (row, next((one for one in found if one.key == question.key and not one.few), None))
        for row, found in over_time(session, survey.id)
    ]
    shown = [(row, one) for row, one in series if one is not None]
    if not shown:
        return None
    choices = dict.fromkeys(choice for _row, one in shown for choice, _n in one.counts)
    labels = _without_signs(tuple(speak.speak(notices.label(question, choice)) for choice in choices))
    return Picture(
        speak.words(question.text),
        speak.speak(words.MONTH),
        tuple(_day(row) for row, _one in shown),
        tuple(
            (label, tuple(dict(one.counts).get(choice, 0) for _row, one in shown))
            for label, choice in zip(labels, choices, strict=True)
        ),
    )


def _without_signs(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels without the little pictures that the drawing has no letters for."""
    return tuple(label.lstrip("😊😐🙁 ") or label for label in labels)
