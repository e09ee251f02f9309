"""Performing what people do with surveys, votes and clubs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.arriving.knowing import consented
from bot.arriving.sent import voice_of
from bot.arriving.unlinking import forget_files, unlink
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.telling import zone_of
from conversations.deeds.asking import (
    BeginAnswering,
    CastVote,
    DropSurvey,
    JoinClub,
    LeaveClub,
    Propose,
    RefuseQuestions,
    SendAnswers,
)
from conversations.speech import Done
from models.asking import club, survey_turn, vote
from models.asking.survey import Given, Survey, drop, submit
from models.messages.message import StoredAttachment
from models.who.people import Person


def begin(doing: Doing, _deed: BeginAnswering) -> Done:
    """From here on what stands in the chat may have to be forgotten."""
    return Done("begun", {"since": doing.now.isoformat()})


def send_answers(doing: Doing, deed: SendAnswers) -> Done:
    """Keep the answers: with the name, or so that nothing leads back. Nothing is audited of it."""
    survey = doing.session.get(Survey, deed.survey_id)
    if survey is None:
        return Done("not_asked")
    given: dict[str, Given] = {}
    taken: list[StoredAttachment] = []
    for question in survey.questions:
        key, answer = str(question["key"]), deed.answers.get(question["key"])
        if isinstance(answer, Mapping):
            note = voice_of(doing, str(answer.get("attachment", "")))
            if note is None:
                return Done("lost")
            taken.append(note)
            given[key] = Given({"voice": True}, note.content, note.media_type)
        elif (value := _value(question, answer)) is not None:
            given[key] = Given(value)
    outcome = submit(doing.session, doing.now, survey.id, doing.person_id, given)
    if outcome == "sent":
        forget_files(doing, taken)
        if survey.anonymous:
            unlink(doing, "survey", {"survey": survey.id}, datetime.fromisoformat(deed.since))
    return Done(outcome)


def _value(question: Mapping[str, Any], answer: object) -> dict[str, Any] | None:
    """An answer as it is kept; None for what is no answer to this question."""
    kind = question["kind"]
    if kind == "number":
        return {"number": answer} if isinstance(answer, int) else None
    if kind in ("text", "voice"):
        return {"text": answer} if isinstance(answer, str) and answer else None
    chosen = [answer] if isinstance(answer, str) else answer if isinstance(answer, list) else []
    known = [key for key in question["choices"] if key in chosen]
    return {"choice": known} if known else None


def drop_survey(doing: Doing, deed: DropSurvey) -> Done:
    """Nothing of what was answered so far stays, whether it was to be named or not."""
    drop(doing.session, deed.survey_id, doing.person_id)
    unlink(doing, "survey", {"survey": deed.survey_id}, datetime.fromisoformat(deed.since))
    return Done("dropped")


def refuse(doing: Doing, deed: RefuseQuestions) -> Done:
    """A switch of the person's own."""
    survey_turn.refuse(doing.session, doing.now, doing.person_id, refused=deed.refused)
    return Done("kept")


# ---------------------------------------------------------------- clubs and votes


def _me(doing: Doing) -> Person:
    return doing.session.get_one(Person, doing.person_id)


def join(doing: Doing, deed: JoinClub) -> Done:
    """Become a member, with the same consent as for a booking."""
    if not consented(doing.session, _me(doing)):
        return Done("consent")
    outcome = club.join(doing.session, doing.now, deed.listing_id, doing.person_id)
    if outcome == "joined":
        doing.audit("club.joined", f"listing:{deed.listing_id}")
    return Done(outcome)


def leave(doing: Doing, deed: LeaveClub) -> Done:
    """Be a member no more."""
    left = club.leave(doing.session, doing.now, deed.listing_id, doing.person_id)
    if left:
        doing.audit("club.left", f"listing:{deed.listing_id}")
    return Done("left" if left else "gone")


def propose(doing: Doing, deed: Propose) -> Done:
    """A proposal waits for the team."""
    today = doing.now.astimezone(ZoneInfo(zone_of(doing.session, _me(doing), doing.rules))).date()
    return Done(club.propose(doing.session, today, deed.listing_id, doing.person_id, deed.words))


def cast(doing: Doing, deed: CastVote) -> Done:
    """One voice each; what was chosen is not audited."""
    return Done(vote.cast(doing.session, doing.now, deed.poll_id, doing.person_id, deed.option_id))


PERFORM: Performers = {
    BeginAnswering: begin,
    SendAnswers: send_answers,
    DropSurvey: drop_survey,
    RefuseQuestions: refuse,
    JoinClub: join,
    LeaveClub: leave,
    Propose: propose,
    CastVote: cast,
}
