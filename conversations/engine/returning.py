"""Returning: to the menu, to what was left for it, to the question before, to the present one once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conversations.engine.answers import take_words
from conversations.engine.questions import reads_words
from conversations.engine.state import Frame
from conversations.engine.walking import Walk
from conversations.speech import Button, Heard, NotUnderstood, Say, Text, _, lines
from conversations.steps import Do, Each, Json, Open

MISSES = 2
"""After so many answers in a row that were not understood, a person is offered."""
MISSED = "missed"
"""Where a question keeps the words that were no answer to it, until it is answered."""
LEAST_LETTERS, MOST_LETTERS = 3, 100
_WELCOME_BACK = _("We stopped in the middle of this. Shall we go on?")
_MENU_THEN = _("The menu comes right after these questions.")
_GO_ON = _("Go on")
_MENU_LABEL = _("Menu")
SEEK = Button(_("🔎 Look for it"), "w.seek")
"""What was written is looked for."""
_PERSON_TOO = _("Or write “person”, and somebody from our team will answer.")


def go_home(walk: Walk, words: str = "") -> None:
    """To the menu; words are looked at there as if they had been written there."""
    home = walk.scripts.by_name[walk.scripts.home]
    if not words or not walk.facts.me.welcomed:
        walk.open(Open(home.name), {})
        return
    walk.state = replace(walk.state, frames=(Frame(home.name, home.steps[0].name),))
    frame, step, here = walk.stand()
    try:
        walk.take(take_words(step, Heard(text=words), frame, here, walk.tongue))
    except NotUnderstood:
        walk.walk()


def leave_for_home(walk: Walk) -> None:
    """To the menu from the middle of something, which can be taken up again from there; the welcome comes before it."""
    welcome = [frame.conversation for frame in walk.state.frames].count(walk.scripts.welcome)
    if welcome and not walk.facts.me.welcomed:
        while walk.state.top is not None and walk.state.top.conversation != walk.scripts.welcome:
            walk.state = walk.state.popped()
        repeat(walk, _MENU_THEN)
        return
    _pause(walk)
    walk.open(Open(walk.scripts.home), {})


def look_for_it(walk: Walk) -> None:
    """What was written and was no answer to the question is looked for, as from the menu."""
    top = walk.state.top
    words = top.draft.get(MISSED) if top is not None else None
    if top is None or not words:
        repeat(walk, None)
        return
    walk.state = walk.state.with_top(replace(top, draft=_without(top.draft, MISSED)))
    _pause(walk)
    go_home(walk, words)


def _pause(walk: Walk) -> None:
    top = walk.state.top
    if top is not None and top.trail and top.conversation not in (walk.scripts.home, walk.scripts.welcome):
        walk.state = replace(walk.state, paused=top)
    walk.state = replace(walk.state, frames=())


def offer_to_go_on(walk: Walk) -> None:
    """Ask somebody who comes back whether to go on where they stopped."""
    walk.says.append(Say(_WELCOME_BACK, (Button(_GO_ON, "w.goon"), Button(_MENU_LABEL, "w.menu", quiet=True))))


def go_on(walk: Walk) -> None:
    """Take up what was left for the menu."""
    top, paused = walk.state.top, walk.state.paused
    if paused is not None and (top is None or top.conversation == walk.scripts.home):
        walk.state = replace(walk.state.pushed(paused), paused=None)
    repeat(walk, None)


def back(walk: Walk) -> None:
    """To the question before, with its answer taken back; from the first one to where the person was."""
    top = walk.state.top
    if top is None:
        go_home(walk)
        return
    if not walk.leads_back():
        repeat(walk, None)
        return
    if top.draft.get("near") or top.draft.get("answers"):
        walk.state = walk.state.with_top(replace(top, draft=_draft_before(top.draft)))
        walk.ask()
        return
    if top.trail:
        last = top.trail[-1]
        kept = {name: answer for name, answer in top.answers.items() if name != last}
        draft = _draft_of(walk, top, last)
        walk.state = walk.state.with_top(
            replace(top, step=last, answers=kept, trail=top.trail[:-1], draft=draft, misses=0)
        )
        walk.ask()
        return
    walk.state = walk.state.popped()
    if walk.state.top is None:
        go_home(walk)
    else:
        walk.resume()


def _draft_of(walk: Walk, frame: Frame, name: str) -> dict[str, Json]:
    """What a step remembered when it was answered: back into a form leads to its last question, not its first."""
    answered = frame.answers.get(name)
    if isinstance(walk.scripts.by_name[frame.conversation].step(name), Each) and answered:
        return _draft_before({"answers": answered})
    return {}


def _draft_before(draft: Mapping[str, Json]) -> dict[str, Json]:
    """What a step remembers, with its last part taken back."""
    if draft.get("near"):
        return _without(draft, "near")
    answered = dict(draft["answers"])
    answered.popitem()
    return {**{key: value for key, value in draft.items() if key != "ticked"}, "answers": answered}


def _without(draft: Mapping[str, Json], name: str) -> dict[str, Json]:
    return {key: value for key, value in draft.items() if key != name}


def repeat(walk: Walk, note: Text | None) -> None:
    """Ask the present question once more, below a note."""
    if walk.state.top is None:
        go_home(walk)
        return
    _frame, step, _here = walk.stand()
    if isinstance(step, Do):  # the deed was rolled back with its turn: ask for it again
        walk.walk()
        return
    walk.ask(hint=note)


def ask_again(walk: Walk, hint: Text, words: str = "") -> None:
    """Say what can be written instead, and ask once more. Words that may be looked for elsewhere can be, by a tap."""
    if walk.state.top is None:
        go_home(walk)
        return
    frame, _step, _here = walk.stand()
    misses, draft = frame.misses + 1, frame.draft
    seeks = _may_be_sought(walk, words)
    if seeks:
        draft = {**draft, MISSED: words}
    walk.state = walk.state.with_top(replace(frame, misses=misses, draft=draft))
    if misses >= MISSES:
        hint = lines(hint, _PERSON_TOO)
    walk.ask(hint=hint, more=(SEEK,) if seeks else ())


def _may_be_sought(walk: Walk, words: str) -> bool:
    """True for words that somebody who is not at the menu may have meant as a question to all of it."""
    frame, step, here = walk.stand()
    talk = walk.scripts.by_name[frame.conversation]
    if not walk.facts.me.welcomed or talk.role or talk.name in (walk.scripts.home, walk.scripts.welcome):
        return False
    readable = sum(one.isalpha() for one in words) >= LEAST_LETTERS and len(words) <= MOST_LETTERS
    return readable and not reads_words(step, frame, here)
