"""What a survey came to: counts by question, words in no order, the same over months; nothing of few people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.asking.survey import FEW, Survey, SurveyAnswer, SurveyPerson, again

KEPT = timedelta(days=366)
"""How long after the end words, voices and names are kept; counts stay."""


@dataclass(frozen=True, slots=True)
class Result:
    """One question: how many answered it, how often each thing was said, and words and voices in no order.

    For fewer than FEW answers there is nothing but `few`.
    """

    key: str
    kind: str
    text: Mapping[str, str]
    answered: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    words: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    few: bool = False


def results(session: Session, survey: Survey) -> tuple[Result, ...]:
    """The results of a survey that has ended; none while it goes on.

    While answers come in one by one, a look before and after somebody's would tell what theirs was.
    """
    if survey.state != "closed":
        return ()
    said = _answers(session, survey)
    return tuple(_result(question, said.get(str(question["key"]), [])) for question in survey.questions)


def _answers(session: Session, survey: Survey) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """By question: the key of each answer, and its value. Ordered by key, which is random."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    rows = session.execute(
        select(SurveyAnswer.question, SurveyAnswer.key, SurveyAnswer.value)
        .where(SurveyAnswer.survey_id == survey.id)
        .order_by(SurveyAnswer.key)
    )
    for question, key, value in rows:
        found.setdefault(question, []).append((key, value))
    if survey.anonymous:
        return found
    sheets = session.scalars(
        select(SurveyPerson.named).where(SurveyPerson.survey_id == survey.id, SurveyPerson.state == "done")
    )
    for sheet in sheets:
        for question, value in sheet.items():
            if "voice" not in value:
                found.setdefault(question, []).append(("", value))
    return found


def _result(question: Mapping[str, Any], said: list[tuple[str, Mapping[str, Any]]]) -> Result:
    asked = Result(str(question["key"]), str(question["kind"]), question["text"], len(said))
    if len(said) < FEW:
        return Result(asked.key, asked.kind, asked.text, few=True)
    if asked.kind in ("text", "voice"):
        words = tuple(sorted((str(value["text"]) for _key, value in said if value.get("text")), key=_out_of_order))
        return Result(
            asked.key, asked.kind, asked.text, len(said), (), words, tuple(k for k, v in said if v.get("voice"))
        )
    return Result(asked.key, asked.kind, asked.text, len(said), _counts(question, (value for _key, value in said)))


def _out_of_order(words: str) -> tuple[int, str]:
    """An order that has nothing to do with who came first."""
    return len(words), words


def _counts(question: Mapping[str, Any], values: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for value in values:
        counted.update(str(one) for one in value.get("choice", ()))
        if "number" in value:
            counted[str(value["number"])] += 1
    if question["kind"] == "number":
        return tuple((number, counted[number]) for number in sorted(counted, key=int))
    return tuple((key, counted[key]) for key in question["choices"])


def over_time(session: Session, survey_id: int) -> tuple[tuple[Survey, tuple[Result, ...]], ...]:
    """The same questions in every survey that has ended, oldest first."""
    return tuple((row, results(session, row)) for row in again(session, survey_id) if row.state == "closed")


def voice(session: Session, survey: Survey, key: str) -> SurveyAnswer | None:
    """A voice among the answers, once the results may be seen."""
    if not any(key in result.voices for result in results(session, survey)):
        return None
    return session.get(SurveyAnswer, key)


def names_and_answers(session: Session, survey: Survey) -> list[tuple[int, Mapping[str, Mapping[str, Any]]]]:
    """For a named survey: who answered what. Nothing for an anonymous one, whatever is stored."""
    if survey.anonymous:
        return []
    rows = session.execute(
        select(SurveyPerson.person_id, SurveyPerson.named)
        .where(SurveyPerson.survey_id == survey.id, SurveyPerson.state == "done")
        .order_by(SurveyPerson.person_id)
    )
    return [(person_id, named) for person_id, named in rows]


def forget(session: Session, person_id: int) -> None:
    """Somebody is erased: what they answered by name goes; that somebody without a name took part stays."""
    mine = session.scalars(select(SurveyPerson).where(SurveyPerson.person_id == person_id)).all()
    voices = [str(value["voice"]) for row in mine for value in row.named.values() if "voice" in value]
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.key.in_(voices)))
    session.execute(update(SurveyPerson).where(SurveyPerson.person_id == person_id).values(named={}))


def keep_no_longer(session: Session, now: datetime, most: int) -> int:
    """Forget words, voices and names of surveys that ended long ago. Returns how many rows that were."""
    old = select(Survey.id).where(Survey.closed_at < now - KEPT)
    open_kinds = select(SurveyAnswer.key, SurveyAnswer.value).where(SurveyAnswer.survey_id.in_(old))
    words = [key for key, value in session.execute(open_kinds) if "text" in value or "voice" in value][:most]
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.key.in_(words)))
    took_part = select(SurveyPerson.survey_id, SurveyPerson.person_id).where(SurveyPerson.survey_id.in_(old))
    people = session.execute(took_part.limit(most)).all()
    for survey_id, person_id in people:
        session.execute(
            delete(SurveyPerson).where(SurveyPerson.survey_id == survey_id, SurveyPerson.person_id == person_id)
        )
    return len(words) + len(people)
