"""Surveys: who was asked what, and the answers; of an anonymous one no answer leads back to anybody.

Decision 0086. Participation (`SurveyPerson`) and anonymous answers (`SurveyAnswer`) share the survey and nothing else:
no person, no time, no channel, no order.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, Several, When, fresh_token, to

FEW = 5
"""Results of fewer people than these are shown to nobody."""
KINDS = ("one", "many", "faces", "number", "text", "voice")
FACES = ("good", "so_so", "bad")
QUESTIONS_MOST = 5
STIRRED = 40
"""So many answers that were there before get new keys with each new one: neither the place of a row nor the transaction
that wrote it last tells the newest.
"""


class Survey(Base):
    """A few questions to people. `questions` is a list of {"key", "kind", "text", "choices"} (texts by language).

    `root_id` names the first of surveys that ask the same again. `broadcast_id` is how it goes out, `results_id` how
    its results went back. `most` limits how many are asked (0: everybody). States: open, closed.
    """

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("broadcast_id"),
        Index("ix_survey_organisation_id", "organisation_id"),
        Index("ix_survey_root_id", "root_id"),
        Index("ix_survey_state_closes_at", "state", "closes_at"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    author_id: Mapped[int] = mapped_column(to("person"))
    root_id: Mapped[int | None] = mapped_column(to("survey"))
    broadcast_id: Mapped[int] = mapped_column(to("broadcast"))
    results_id: Mapped[int | None] = mapped_column(ForeignKey("broadcast.id", ondelete="SET NULL"))
    title: Mapped[Object]
    questions: Mapped[Several]
    anonymous: Mapped[bool]
    most: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(8), default="open")
    closes_at: Mapped[When]
    created_at: Mapped[When]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class SurveyPerson(Base):
    """That somebody was asked, and whether they took part: asked, done, dropped. Never when they did.

    `named` holds their answers by question where they were told that their name stands beside them, else nothing.
    """

    __tablename__ = "survey_person"
    __table_args__ = (Index("ix_survey_person_person_id", "person_id"),)

    survey_id: Mapped[int] = mapped_column(to("survey", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(to("person"), primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(8), default="asked")
    named: Mapped[Object] = mapped_column(default=dict)


class SurveyAnswer(Base):
    """One answer to one question by nobody in particular; the answers of one sheet are not held together either.

    `key` is random and the table is ordered by it: on SQLite there is no row number that grows.
    """

    __tablename__ = "survey_answer"
    __table_args__ = (
        Index("ix_survey_answer_survey_id", "survey_id", "question"),
        {"sqlite_with_rowid": False},
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True)
    survey_id: Mapped[int] = mapped_column(to("survey", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(8))
    value: Mapped[Object]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    media_type: Mapped[str] = mapped_column(String(80), default="")


class SurveyTurn(Base):
    """When somebody was last asked anything (None: never), and whether they want no questions."""

    __tablename__ = "survey_turn"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    refused_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: `value` is {"choice": [...]}, {"number": n} or {"text": words}; or a voice."""

    value: Mapping[str, Any]
    content: bytes | None = None
    media_type: str = ""


# ---------------------------------------------------------------- answering


def of_broadcast(session: Session, broadcast_id: int) -> Survey | None:
    """The survey that a broadcast carries; None for any other broadcast."""
    return session.scalars(select(Survey).where(Survey.broadcast_id == broadcast_id)).first()


def standing_of(session: Session, now: datetime, survey: Survey, person_id: int) -> str:
    """How somebody stands to a survey: "open", "done", "closed", "not_asked"."""
    row = session.get(SurveyPerson, (survey.id, person_id))
    if row is None:
        return "not_asked"
    if row.state == "done":
        return "done"
    return "open" if survey.state == "open" and now < survey.closes_at else "closed"


def waiting_for(session: Session, now: datetime, person_id: int) -> list[int]:
    """The surveys that somebody was asked to answer, and still can; the ones that end first come first."""
    asked = select(Survey).join(SurveyPerson, SurveyPerson.survey_id == Survey.id)
    rows = session.scalars(
        asked.where(SurveyPerson.person_id == person_id, Survey.state == "open", Survey.closes_at > now).order_by(
            Survey.closes_at, Survey.id
        )
    )
    return [row.id for row in rows if standing_of(session, now, row, person_id) == "open"]


def submit(session: Session, now: datetime, survey_id: int, person_id: int, answers: Mapping[str, Given]) -> str:
    """Keep somebody's answers: "sent", or "done", "closed", "not_asked" where that is not possible (any more).

    Participation is locked first, so that a second phone of the same person cannot send a second sheet.
    """
    mine = session.get(SurveyPerson, (survey_id, person_id), with_for_update=True, populate_existing=True)
    survey = session.get(Survey, survey_id)
    if mine is None or survey is None:
        return "not_asked"
    standing = standing_of(session, now, survey, person_id)
    if standing != "open":
        return standing
    known = {str(question["key"]) for question in survey.questions}
    kept = {key: given for key, given in answers.items() if key in known}
    mine.state = "done"
    if survey.anonymous:
        _drop_in(session, survey_id, kept)
    else:
        voices = {key: given for key, given in kept.items() if given.content is not None}
        keys = _drop_in(session, survey_id, voices, stirs=False)
        mine.named = {key: {"voice": keys[key]} if key in keys else dict(given.value) for key, given in kept.items()}
    session.flush()
    return "sent"


def _drop_in(session: Session, survey_id: int, answers: Mapping[str, Given], *, stirs: bool = True) -> dict[str, str]:
    """New answers among old ones, all with fresh keys, in no order. Returns the keys by question."""
    session.flush()
    old = list(session.scalars(select(SurveyAnswer.key).where(SurveyAnswer.survey_id == survey_id))) if stirs else []
    keys = {question: fresh_token() for question in answers}
    chance = random.SystemRandom()
    acts: list[tuple[str, Given] | str] = [*answers.items(), *chance.sample(old, min(STIRRED, len(old)))]
    chance.shuffle(acts)
    table: Any = SurveyAnswer.__table__
    for act in acts:
        if isinstance(act, str):
            session.execute(table.update().where(table.c.key == act).values(key=fresh_token()))
            continue
        question, given = act
        session.execute(
            table.insert().values(
                key=keys[question],
                survey_id=survey_id,
                question=question,
                value=dict(given.value),
                content=given.content,
                media_type=given.media_type,
            )
        )
    return keys


def drop(session: Session, survey_id: int, person_id: int) -> bool:
    """Somebody will not go on: nothing of what they answered stays. False for one that was sent already."""
    mine = session.get(SurveyPerson, (survey_id, person_id), with_for_update=True, populate_existing=True)
    if mine is None or mine.state == "done":
        return False
    mine.state, mine.named = "dropped", {}
    session.flush()
    return True


def close(session: Session, now: datetime, survey: Survey) -> None:
    """Nobody can answer any more."""
    survey.state, survey.closed_at = "closed", now
    session.flush()


def close_passed(session: Session, now: datetime) -> list[Survey]:
    """Close those whose time is over; which they are."""
    due = select(Survey).where(Survey.state == "open", Survey.closes_at <= now).with_for_update(skip_locked=True)
    rows = list(session.scalars(due))
    for row in rows:
        close(session, now, row)
    return rows


def again(session: Session, survey_id: int) -> Sequence[Survey]:
    """All surveys that ask the same as one, oldest first."""
    row = session.get_one(Survey, survey_id)
    root = row.root_id or row.id
    wanted = select(Survey).where(or_(Survey.id == root, Survey.root_id == root))
    return session.scalars(wanted.order_by(Survey.created_at, Survey.id)).all()


def taken_part(session: Session, survey_id: int) -> tuple[int, int]:
    """How many were asked, and how many of them have sent their answers."""
    rows = session.execute(
        select(SurveyPerson.state, func.count()).where(SurveyPerson.survey_id == survey_id).group_by(SurveyPerson.state)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    return sum(counts.values()), counts.get("done", 0)
