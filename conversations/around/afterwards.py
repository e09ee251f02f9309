"""After a session: one tap says how it was, a few words may follow; and what was in the way."""

from __future__ import annotations

from conversations.around import words
from conversations.deeds.around import AddFeedbackWords, GiveFeedback, SayWhyAbsent
from conversations.script import Conversation
from conversations.speech import Button, NotUnderstood, Say, _
from conversations.standing import About, StandingAction
from conversations.steps import Do, End, Here, Json, Write

WORDS_MOST = 300


def _words(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if not kept:
        raise NotUnderstood(_("Please write a few words, or “back”."))
    return kept[:WORDS_MOST]


feedback_words = Conversation(
    name="feedback_words",
    title=_("A few words"),
    steps=(
        Write(name="words", question=_("What was good, what could be better? Nobody sees who wrote it."), check=_words),
        Do(
            name="keep",
            does=AddFeedbackWords,
            deed=lambda here: AddFeedbackWords(int(here["feedback"]), str(here["words"])),
            goto={"kept": "kept", "gone": "gone"},
        ),
        End(name="kept", text=words.THANKS),
        End(name="gone", text=words.NOT_OPEN),
    ),
)


def _thanks(about: About) -> Say:
    return Say(words.THANKS, (Button(words.ADD_WORDS, str(about["words"])),))


STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name="feedback",
        does=GiveFeedback,
        deed=lambda about: GiveFeedback(int(about["feedback"]), str(about["mood"])),
        says={"thanks": _thanks, "already": words.ANSWERED, "gone": words.NOT_OPEN},
    ),
    StandingAction(name="feedback_words", opens="feedback_words"),
    StandingAction(
        name="why_absent",
        does=SayWhyAbsent,
        deed=lambda about: SayWhyAbsent(int(about["notice"]), str(about["why"])),
        says={"noted": words.NOTED, "gone": words.WHY_GONE},
    ),
    StandingAction(name="talk_now", opens="talk"),
    StandingAction(name="lesson", opens="lesson"),
    StandingAction(name="certificate", opens="certificate"),
)
