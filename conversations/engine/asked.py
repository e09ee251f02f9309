"""What is being asked right now, as far as it decides how words are heard."""

from __future__ import annotations

from conversations.engine.answers import label_option
from conversations.engine.questions import reads_words
from conversations.engine.walking import Walk


def reading(walk: Walk) -> bool:
    """True where the present question is answered in words."""
    if walk.state.top is None:
        return False
    frame, step, here = walk.stand()
    return reads_words(step, frame, here)


def labelled(walk: Walk, words: str) -> bool:
    """True if the words are those on a button of the present question: then they say no more than a tap does."""
    if walk.state.top is None:
        return False
    frame, step, here = walk.stand()
    return bool(label_option(step, words, frame, here, walk.tongue))


def at_menu(walk: Walk) -> bool:
    """True where whatever is written is looked for."""
    top = walk.state.top
    return walk.facts.me.welcomed if top is None else top.conversation == walk.scripts.home
