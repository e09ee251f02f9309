"""Surveys on their way: a broadcast that asks, of those whose turn it is, each at most once a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.arriving.links import LOOK
from bot.telling import Rules
from conversations.asking import notices
from conversations.speech import Button, Say, Words
from models.asking.survey import Survey
from models.asking.survey_turn import not_now
from models.campaigns.audience import holders_of
from models.offers.programme import Organisation


def reasons(session: Session, _rules: Rules, at: datetime, people: Sequence[int]) -> dict[int, str]:
    """Who of some people is not to be asked at that time (UTC), and why.

    Only somebody with a chat of their own is asked: on the phone of somebody else the answers would be theirs.
    """
    found = dict.fromkeys(holders_of(session, people), "unreachable")
    return {**found, **not_now(session, at, people)}


def invitation(session: Session, survey: Survey) -> Say:
    """What those who are asked get: the same words and buttons for everybody."""
    organisation = session.get_one(Organisation, survey.organisation_id)
    return notices.invitation(
        Words.of(survey.title),
        Words.of(organisation.name),
        len(survey.questions),
        anonymous=survey.anonymous,
        answer=Button(notices.ANSWER, f"{LOOK}{survey.code}"),
    )
