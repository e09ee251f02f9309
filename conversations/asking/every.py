"""The explicit list of the conversations in this folder, and of the taps that stay good."""

from __future__ import annotations

from conversations.asking.box import box
from conversations.asking.boxes import boxes, new_box
from conversations.asking.club import club
from conversations.asking.club_desk import club_desk
from conversations.asking.desk import asking
from conversations.asking.new_survey import new_survey
from conversations.asking.survey import no_questions, survey
from conversations.asking.surveys import survey_report, surveys
from conversations.asking.vote import vote
from conversations.asking.votes import new_vote, votes
from conversations.script import Conversation
from conversations.standing import StandingAction

CONVERSATIONS: tuple[Conversation, ...] = (
    survey,
    no_questions,
    vote,
    club,
    box,
    new_survey,
    surveys,
    survey_report,
    new_vote,
    votes,
    club_desk,
    boxes,
    new_box,
    asking,
)
STANDING: tuple[StandingAction, ...] = (
    StandingAction(name="survey_report", opens="survey_report"),
    StandingAction(name="boxes", opens="boxes"),
    StandingAction(name="proposals", opens="club_desk"),
)
