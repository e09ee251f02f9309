"""An emergency comes before everything: the card, the safe word's quiet list, the gentle question."""

from __future__ import annotations

from dataclasses import replace

from conversations.engine.asked import labelled, reading
from conversations.engine.walking import Walk
from conversations.help.quiet import QUIET
from conversations.speech import MAYBE, verbatim
from conversations.steps import Attach, Write

LONGEST_SAFE_WORD = 60


def quietly(walk: Walk, words: str) -> bool:
    """The safe word comes before everything, and leaves everything where it is. True if it was written."""
    if not is_safe_word(walk, words):
        return False
    walk.says.append(QUIET)
    if walk.facts.me.safe_word_tells and walk.scripts.concern is not None:
        walk.deeds.append(walk.scripts.concern("quiet"))  # type: ignore[call-arg]  # every concern takes its kind
    return True


def is_safe_word(walk: Walk, words: str) -> bool:
    """True for the person's own safe word, or the one that everybody has."""
    own = walk.facts.me.safe_word
    if len(words) > LONGEST_SAFE_WORD:
        return False
    return bool(own and walk.tongue.reads(words, (verbatim(own),)) == 0) or walk.tongue.word(words) == "quiet"


def warned(walk: Walk, words: str) -> bool:
    """Show the safety card and tell staff, where words hint at an emergency. True if they do."""
    kind = walk.tongue.alarm(words)
    if kind is None or kind == MAYBE:
        return False
    warn(walk, kind)
    return True


def warn(walk: Walk, kind: str) -> None:
    """Show the safety card for that kind of emergency and tell staff."""
    walk.warned = True
    walk.says.extend(walk.facts.help.safety_card(kind))
    if walk.scripts.concern is not None:
        walk.deeds.append(walk.scripts.concern(kind))  # type: ignore[call-arg]  # every concern takes its kind


def alarmed(walk: Walk, words: str) -> bool:
    """An emergency comes before everything else. True if the words are thereby answered.

    The card stays the last that is seen: what was asked before it is asked again only after the next answer.
    """
    if not warned(walk, words):
        return False
    if walk.state.top is None:
        return True
    frame = walk.state.top
    if walk.scripts.by_name[frame.conversation].halts:
        walk.state = replace(walk.state.popped(), stopped=frame)
        return True
    return not reading(walk)


def wonders(walk: Walk, words: str) -> bool:
    """True where words are uncertain and it is to be asked gently, once a day; nobody is told, only the day is kept."""
    today = walk.facts.help.today()
    if walk.state.wondered == today or walk.tongue.alarm(words) != MAYBE or walk.tongue.word(words) is not None:
        return False
    if labelled(walk, words):
        return False
    if walk.state.top is not None:
        frame, step, _here = walk.stand()
        if walk.scripts.by_name[frame.conversation].role:  # staff at work write about everything
            return False
        if isinstance(step, Write | Attach) and step.place:
            return False
    walk.state = replace(walk.state, wondered=today)
    return True
