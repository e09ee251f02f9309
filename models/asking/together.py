"""Surveys, votes, clubs and boxes together: what erasing and joining people and passing time mean for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.asking import box, club, survey_results, survey_turn, vote
from models.asking.box import Box, BoxEntry
from models.asking.club import Membership, Proposal
from models.asking.survey import Survey, SurveyPerson, SurveyTurn
from models.asking.vote import Ballot, Poll, PollOption


def forget_person(session: Session, person_id: int) -> None:
    """Somebody is erased. What they said without a name cannot be found, and stays."""
    survey_results.forget(session, person_id)
    club.forget(session, person_id)
    vote.forget(session, person_id)
    box.forget(session, person_id)
    session.execute(delete(SurveyTurn).where(SurveyTurn.person_id == person_id))


def become_one(session: Session, kept: int, other: int) -> None:
    """Two people are one: what counts of both is joined before the rest follows by itself."""
    survey_turn.join_turns(session, kept, other)


def keep_no_longer(session: Session, now: datetime, most: int) -> int:
    """Forget what has had its time, at most about so many rows of each kind. Returns how many rows that were."""
    return max(part(session, now, most) for part in PARTS)


PARTS = (survey_results.keep_no_longer, club.keep_no_longer, box.keep_no_longer)


def held_about(session: Session, person_id: int) -> dict[str, Any]:
    """What is held about somebody, as plain data. Of anonymous surveys only that they took part."""
    surveys = session.execute(
        select(Survey.title, Survey.anonymous, SurveyPerson.state, SurveyPerson.named)
        .join(Survey, Survey.id == SurveyPerson.survey_id)
        .where(SurveyPerson.person_id == person_id)
        .order_by(Survey.id)
    )
    turn = session.get(SurveyTurn, person_id)
    votes = session.execute(
        select(Poll.question, PollOption.words, PollOption.at)
        .join(Ballot, Ballot.poll_id == Poll.id)
        .join(PollOption, PollOption.id == Ballot.option_id)
        .where(Ballot.person_id == person_id)
        .order_by(Poll.id)
    )
    clubs = session.execute(
        select(Membership.listing_id, Membership.joined_at, Membership.left_at)
        .where(Membership.person_id == person_id)
        .order_by(Membership.id)
    )
    stories = session.execute(
        select(Box.title, BoxEntry.words, BoxEntry.publish, BoxEntry.state)
        .join(Box, Box.id == BoxEntry.box_id)
        .where(BoxEntry.person_id == person_id)
        .order_by(BoxEntry.key)
    )
    proposed = select(Proposal.words).where(Proposal.person_id == person_id).order_by(Proposal.id)
    return {
        "surveys": [
            {"title": title, "anonymous": anonymous, "state": state, "answers": named}
            for title, anonymous, state, named in surveys
        ],
        "last_asked_at": turn.asked_at.isoformat() if turn and turn.asked_at else None,
        "no_questions": turn is not None and turn.refused_at is not None,
        "votes": [{"question": question, "choice": at.isoformat() if at else words} for question, words, at in votes],
        "clubs": [
            {"listing": listing, "since": since.isoformat(), "until": until.isoformat() if until else None}
            for listing, since, until in clubs
        ],
        "proposed": list(session.scalars(proposed)),
        "in_boxes": [
            {"box": title, "words": words, "may_be_shown": publish, "state": state}
            for title, words, publish, state in stories
        ],
    }
