"""What stands beside the present question, a card or a reminder, and what numbers and words mean in it."""

from __future__ import annotations

from dataclasses import replace

from conversations.engine.answers import Still, take_words
from conversations.engine.asked import at_menu, labelled, reading
from conversations.engine.danger import is_safe_word
from conversations.engine.returning import MISSED, SEEK
from conversations.engine.shown import number_in
from conversations.engine.state import Frame, Way
from conversations.engine.walking import Walk
from conversations.speech import MAYBE, Button, Card, Heard, NotUnderstood, Say, Text, _, verbatim
from conversations.steps import Browse

LABEL_MOST = 120
"""The longest words, in characters, that are compared with the labels of what was seen."""
ALL_OF_THEM = 4
"""Up to so many ways are all shown again, where one of them may have been meant."""
FIRST = frozenset(
    (
        *("menu", "start", "back", "help", "stop", "language", "person", "callme", "mydata", "children", "settings"),
        *("withdraw", "hide", "safety", "quiet", "in_danger", "all_well"),
    )
)
"""Words that mean the same wherever they are written, also where something that was seen has them as its label."""
MEANT = "meant"
"""Where a question keeps the payload of the way of which it was asked whether it was meant, until it is answered."""

_NEAR = _("Did you mean one of these?")
_WHICH = _("“{label}” stands under several messages. Which one?")
_ONCE_MORE = _("Is this for the message before? Then write “{label}” once more. If not, please answer here:")


def pointed(walk: Walk, words: str) -> str:
    """The payload of what a number counts, or of what words name, among what was seen last.

    "" where that is nothing, or not sure: then words may still be asked about (`unsure`).
    """
    number, shown = number_in(words), walk.state.shown or ()
    if number is None:
        way = _surely(walk, words)
        return way.tap if way is not None else ""
    if not 1 <= number <= len(shown) or reading(walk):
        return ""
    return shown[number - 1] if walk.state.aside or not labelled(walk, words) else ""


def bearing(walk: Walk, words: str) -> tuple[Way, ...]:
    """The ways that bear this label, in any script, or that are chosen by saying so in words of one's own.

    An emergency and the words that work everywhere come before; so does a label of the present question.
    """
    if not walk.ways or len(words) > LABEL_MOST or not _free(walk, words) or labelled(walk, words):
        return ()
    labels = tuple(dict.fromkeys(way.label for way in walk.ways))
    index = walk.tongue.reads(words, tuple(map(verbatim, labels)))
    if index is not None:
        return tuple(way for way in walk.ways if way.label == labels[index])
    word = walk.tongue.word(words)
    if word is None or not (word in ("yes", "no") or at_menu(walk)):  # "cancel" may be meant for what is being asked
        return ()
    return tuple(way for way in walk.ways if way.says == word)


def unsure(walk: Walk, words: str) -> bool:
    """Words that may name a way beside the question: that is asked, never assumed. True if they are thereby taken."""
    ways = bearing(walk, words)
    if len(ways) > 1:
        cards = tuple(Card(verbatim(way.about or way.label), (_button(way),)) for way in ways)
        walk.says.append(Say(_WHICH.of(label=verbatim(ways[0].label)), cards=cards))
        return True
    if ways and reading(walk):
        _ask_once_more(walk, ways[0])
        return True
    return not ways and _near(walk, words)


def _free(walk: Walk, words: str) -> bool:
    """True for words that are neither a command, nor an emergency, nor among the first."""
    if words.startswith("/"):
        return False
    if is_safe_word(walk, words) or walk.tongue.alarm(words) not in (None, MAYBE):
        return False
    return walk.tongue.word(words) not in FIRST


def _surely(walk: Walk, words: str) -> Way | None:
    """The one way that words name, where they mean nothing else in the present question."""
    ways = bearing(walk, words)
    if len(ways) != 1:
        return None
    top = walk.state.top
    asked = top is not None and top.draft.get(MEANT) == ways[0].tap
    return ways[0] if asked or not reading(walk) or _answer(walk, words) is None else None


def _answer(walk: Walk, words: str) -> object:
    """What the words are as an answer to the present question; None for none."""
    if walk.state.top is None:
        return None
    frame, step, here = walk.stand()
    try:
        return take_words(step, Heard(text=words), frame, here, walk.tongue)
    except NotUnderstood:
        return None


def _ask_once_more(walk: Walk, way: Way) -> None:
    """Both the message and the question may have been meant: the same words again choose the message."""
    frame, _step, _here = walk.stand()
    walk.state = walk.state.with_top(replace(frame, draft={**frame.draft, MEANT: way.tap}))
    walk.ask(hint=_ONCE_MORE.of(label=verbatim(way.label)), more=(_button(way),))


def _near(walk: Walk, words: str) -> bool:
    """Labels beside the question that may have been meant are asked about, where words are nothing else."""
    if not walk.ways or number_in(words) is not None or len(words) > LABEL_MOST:
        return False
    ways = {way.tap: way for way in walk.ways if way.tap[:2] != "w."}
    every = list(ways.values())
    found = [every[index] for index in walk.tongue.near(words, tuple(verbatim(way.label) for way in every))]
    if not found or not _may_be_near(walk, words):
        return False
    together = [way for way in every if way.about == found[0].about]
    if len(together) <= ALL_OF_THEM:  # "I do not come" is near to "I come": whoever means the other one sees it too
        found = together
    if walk.state.top is None:
        home = walk.scripts.by_name[walk.scripts.home]
        walk.state = replace(walk.state, frames=(Frame(home.name, home.steps[0].name),))
    frame, _step, _here = walk.stand()
    walk.state = walk.state.with_top(replace(frame, draft={**frame.draft, MISSED: words}))
    walk.says.append(Say(_NEAR, (*map(_button, found), SEEK)))
    if len(found) == 1:
        walk.kept = (replace(found[0], says="yes"),)
    return True


def _may_be_near(walk: Walk, words: str) -> bool:
    """True where words are nothing yet: no alarm, no global word, no answer, and nothing that is on offer.

    A wish that they speak of does not count: the button just seen may be the very way to it.
    """
    if not walk.facts.me.welcomed or walk.tongue.word(words) is not None:
        return False
    if walk.tongue.alarm(words) is not None or is_safe_word(walk, words) or labelled(walk, words) or reading(walk):
        return False
    top = walk.state.top
    searches = at_menu(walk) or (top is not None and isinstance(walk.stand()[1], Browse))
    answer = _answer(walk, words)
    if answer is None:
        return True
    return searches and not isinstance(answer, Still) and not walk.facts.help.on_offer(words)


def _button(way: Way) -> Button:
    label: Text = verbatim(way.label)
    return Button(label, way.tap)
