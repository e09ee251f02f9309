"""Newcomers are welcomed first: what they came for is put off until then, and its card is shown at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from conversations.engine.state import Frame
from conversations.script import Conversation
from conversations.speech import Say, Text, _, lines
from conversations.steps import Here, Json

if TYPE_CHECKING:
    from conversations.engine.walking import Walk

LATER, SHOWN = "~later", "~shown"
"""What the put-off frame keeps among its answers: that it is put off, and that its card has been shown."""
_AFTER_THIS = _("It opens right after these questions.")


def put_off(walk: Walk, talk: Conversation, seed: Mapping[str, Json]) -> bool:
    """Let the welcome come before a conversation; the newest one counts. True where it goes on where it was."""
    later = Frame(talk.name, talk.steps[0].name, {**seed, LATER: True})
    begun = [one for one in walk.state.frames if one.conversation == walk.scripts.welcome and one.trail]
    walk.state = replace(walk.state, frames=(later, *begun[-1:]))
    if not begun:
        return False
    walk.resume(None if talk.shows is not None or talk.name == walk.scripts.home else _AFTER_THIS)
    return True


def taken_up(frame: Frame) -> Frame:
    """What was put off, as it is begun now."""
    answers = {name: answer for name, answer in frame.answers.items() if name not in (LATER, SHOWN)}
    return replace(frame, answers=answers)


def glimpse(walk: Walk) -> None:
    """Show a newcomer what they came for above the next question of the welcome, once their language is known."""
    if len(walk.state.frames) < 2 or walk.state.frames[-1].conversation != walk.scripts.welcome:
        return
    frame = walk.state.frames[-2]
    talk = walk.scripts.by_name[frame.conversation]
    wanted = talk.shows is not None and frame.answers.get(LATER) and not frame.answers.get(SHOWN)
    if not wanted or talk.shows is None or not walk.facts.people.language_chosen:
        return
    shown: Text = talk.shows(Here(walk.facts, frame.answers))
    walk.says.append(Say(lines(shown, _AFTER_THIS)))
    seen = replace(frame, answers={**frame.answers, SHOWN: True})
    walk.state = replace(walk.state, frames=(*walk.state.frames[:-2], seen, walk.state.frames[-1]))
