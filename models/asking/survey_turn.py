"""Whose turn it is to be asked: once a month at most, those first who were asked longest ago, nobody who refuses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from models.asking.survey import Survey, SurveyPerson, SurveyTurn
from models.base import inserting
from models.campaigns.audience import Audience, people_of
from models.campaigns.broadcast import Recipient
from models.who.people import Person

MONTH = timedelta(days=30)
"""Nobody is asked twice within so long (services.md 4.10)."""


def next_in_turn(survey: Survey, audience: Audience) -> Select[int]:
    """Who of an audience has not been looked at yet for this survey: those asked longest ago first."""
    before = select(Recipient.person_id).where(Recipient.broadcast_id == survey.broadcast_id)
    return (
        people_of(audience)
        .outerjoin(SurveyTurn, SurveyTurn.person_id == Person.id)
        .where(Person.id.not_in(before))
        .order_by(None)
        .order_by(SurveyTurn.asked_at.asc().nulls_first(), Person.id)
    )


def room(session: Session, survey: Survey, limit: int) -> int:
    """How many more may be asked now, at most `limit`."""
    if not survey.most:
        return limit
    asked = select(func.count()).select_from(SurveyPerson).where(SurveyPerson.survey_id == survey.id)
    return max(0, min(limit, survey.most - (session.scalar(asked) or 0)))


def not_now(session: Session, at: datetime, people: Collection[int]) -> dict[int, str]:
    """Who of some people is not to be asked at that time: "no_questions" or "asked" (within the month)."""
    rows = session.execute(
        select(SurveyTurn.person_id, SurveyTurn.refused_at).where(
            SurveyTurn.person_id.in_(list(people)),
            or_(SurveyTurn.refused_at.is_not(None), SurveyTurn.asked_at > at - MONTH),
        )
    )
    return {person: "no_questions" if refused else "asked" for person, refused in rows}


def take_turns(session: Session, survey: Survey, people: Mapping[int, datetime]) -> set[int]:
    """Enter that people are asked, each at their time (UTC). Returns who: not those whose month is not over.

    One statement looks and writes, so that two surveys at the same instant cannot both have somebody.
    """
    taken: set[int] = set()
    for person_id, due in people.items():
        made = inserting(session.get_bind().dialect.name)(SurveyTurn).values(person_id=person_id, asked_at=due)
        free = and_(
            SurveyTurn.refused_at.is_(None), or_(SurveyTurn.asked_at.is_(None), SurveyTurn.asked_at <= due - MONTH)
        )
        made = made.on_conflict_do_update(
            index_elements=["person_id"], set_={"asked_at": made.excluded.asked_at}, where=free
        ).returning(SurveyTurn.person_id)
        if session.execute(made).first() is not None:
            taken.add(person_id)
            session.add(SurveyPerson(survey_id=survey.id, person_id=person_id, named={}))
    session.flush()
    return taken


def give_back_turns(session: Session, survey: Survey) -> None:
    """Who was not written to after all (the survey was stopped before) has their turn again."""
    unsent = select(Recipient.person_id).where(
        Recipient.broadcast_id == survey.broadcast_id, Recipient.state == "failed", Recipient.reason == "stopped"
    )
    session.execute(
        sql_update(SurveyTurn)
        .where(SurveyTurn.person_id.in_(unsent))
        .values(asked_at=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def refuse(session: Session, now: datetime, person_id: int, *, refused: bool) -> None:
    """Somebody wants no questions any more, or wants them again."""
    made = inserting(session.get_bind().dialect.name)(SurveyTurn).values(
        person_id=person_id, refused_at=now if refused else None
    )
    session.execute(
        made.on_conflict_do_update(index_elements=["person_id"], set_={"refused_at": made.excluded.refused_at})
    )
    session.expire_all()


def refuses(session: Session, person_id: int) -> bool:
    """True for somebody who wants no questions."""
    wanted = select(SurveyTurn.person_id).where(SurveyTurn.person_id == person_id, SurveyTurn.refused_at.is_not(None))
    return session.scalars(wanted).first() is not None


def join_turns(session: Session, kept: int, other: int) -> None:
    """Two people became one: a "no questions" of either counts, and the later time at which one was asked."""
    rows = {
        row.person_id: row for row in session.scalars(select(SurveyTurn).where(SurveyTurn.person_id.in_((kept, other))))
    }
    if len(rows) == 2:
        mine, theirs = rows[kept], rows[other]
        mine.refused_at = mine.refused_at or theirs.refused_at
        mine.asked_at = max((at for at in (mine.asked_at, theirs.asked_at) if at is not None), default=None)
        session.delete(theirs)
    done = select(SurveyPerson).where(SurveyPerson.person_id == other, SurveyPerson.state == "done")
    for row in session.scalars(done):
        own = session.get(SurveyPerson, (row.survey_id, kept))
        if own is not None and own.state != "done":
            own.state, own.named = row.state, row.named
    session.flush()
