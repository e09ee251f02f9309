"""How a step is asked: its question as a bubble, and what can be tapped or counted under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conversations.engine.state import Frame
from conversations.speech import Button, Card, Say, Text, _, lines
from conversations.steps import (
    Attach,
    Browse,
    Choices,
    Choose,
    ChooseMany,
    Confirm,
    Do,
    Each,
    End,
    Here,
    Item,
    Question,
    Step,
    Tell,
    Write,
)

BACK, PERSON, MENU = "w.back", "w.person", "w.menu"
MORE, LESS, SKIP, DONE, NONE = "more", "less", "skip", "done", "none"
"""Keys of the engine's own buttons. A tap carries them after a "~", so that no choice can collide."""

SAID = {"yes": ("yes", "ok"), "signup": ("yes", "ok"), "no": ("no", "nothing")}
"""Where a question has an option of such a key, saying yes or no is choosing it, however its label is worded."""
DECLINES = ("no", "nothing", "later")

_MORE = _("More")
_LESS = _("Earlier ones")
_SKIP = _("Skip")
_BACK = _("Back")
_PERSON = _("Ask a person")
_MENU = _("Menu")
_TICKED = _("✅ {label}")
_NONE = _("None of these")
EACH_DONE = _("Done")
"""Goes on from a question of a form of which several may be chosen."""
_NEAR = _("Did you mean one of these?")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be answered: digits count the options in this order."""

    key: str
    label: Text
    own: bool = False
    """True for the engine's own: more, skip, done, none of these."""

    def tap(self, asked: int) -> str:
        """The payload of its button under question number `asked`."""
        return f"{asked}.{'~' if self.own else ''}{self.key}"


def choices_of(choices: Choices, here: Here) -> Mapping[str, Text]:
    """The choices as they are now."""
    return choices(here) if callable(choices) else choices


def question_now(step: Each, frame: Frame, here: Here) -> Question | None:
    """The question of a form that is to be asked next; None when all are answered."""
    answered = frame.draft.get("answers", {})
    return next((q for q in step.over(here) if q.key not in answered), None)


def all_choices(step: Step, frame: Frame, here: Here) -> Mapping[str, Text]:
    """Everything that may be chosen at this step, also what is on another page."""
    match step:
        case Choose() | ChooseMany() | Browse() | Attach():
            return choices_of(step.choices, here)
        case Write():
            return choices_of(step.suggestions, here)
        case Confirm():
            return {"yes": step.yes, "no": step.no}
        case Each():
            question = question_now(step, frame, here)
            return dict(question.choices) if question else {}
        case _:
            return {}


def items_of(step: Browse, frame: Frame, here: Here) -> tuple[tuple[Item, ...], int, int]:
    """The cards to show now, their offset, and how many there are in all."""
    offset = int(frame.draft.get("offset", 0))
    page = step.items(here, offset, step.page)
    if not page.items and offset:
        offset = max(0, (page.total - 1) // step.page * step.page)
        page = step.items(here, offset, step.page)
    return page.items, offset, page.total


def items_around(step: Browse, frame: Frame, here: Here) -> tuple[Item, ...]:
    """The cards of the page before, this one and the next: where one that was shown may have moved to meanwhile."""
    offset = max(0, int(frame.draft.get("offset", 0)) - step.page)
    return step.items(here, offset, 3 * step.page).items


def options(step: Step, frame: Frame, here: Here) -> tuple[Option, ...]:
    """What can be answered now, in the order of the digits."""
    near = frame.draft.get("near")
    if near:
        known = all_choices(step, frame, here)
        found = tuple(Option(key, known[key]) for key in near if key in known)
        return (*found, Option(NONE, _NONE, own=True))
    match step:
        case Choose():
            skip = (Option(SKIP, step.skip, own=True),) if step.skip else ()
            return (*_paged(all_choices(step, frame, here), frame, step.page), *skip)
        case ChooseMany():
            marked = _marked(all_choices(step, frame, here), frame)
            return (*_paged(marked, frame, step.page), Option(DONE, step.done, own=True))
        case Browse():
            items, offset, total = items_of(step, frame, here)
            found = tuple(Option(item.key, item.label) for item in items)
            return (*found, *_pager(offset, step.page, total), *_plain(all_choices(step, frame, here)))
        case Each():
            question = question_now(step, frame, here)
            skip = (Option(SKIP, _SKIP, own=True),) if question and question.optional else ()
            if question and question.many:
                marked = _marked(all_choices(step, frame, here), frame)
                return (*_plain(marked), Option(DONE, EACH_DONE, own=True), *skip)
            return (*_plain(all_choices(step, frame, here)), *skip)
        case Write() | Attach():
            skip = (Option(SKIP, step.skip, own=True),) if step.skip else ()
            return (*_plain(all_choices(step, frame, here)), *skip)
        case _:
            return _plain(all_choices(step, frame, here))


def said(step: Step, word: str, frame: Frame, here: Here) -> Option | None:
    """What yes, no or "sign me up" chooses; None where that may be several things.

    Yes to the only thing that there is to choose, that was found, or that may have been meant, is that thing; of two
    ways of which one declines, it is the other. No to what may have been meant is "None of these".
    """
    suggested = bool(frame.draft.get("near"))
    if isinstance(step, Browse) and not suggested:
        items, _offset, total = items_of(step, frame, here)
        return Option(items[0].key, items[0].label) if total == 1 and items and word != "no" else None
    if not suggested and not isinstance(step, Confirm | Choose):
        return None
    offered = options(step, frame, here)
    every = [one for one in offered if not one.own]
    option = next((one for one in every if one.key in SAID[word]), None)
    if option is not None:
        return option
    declines = [one for one in every if one.key in DECLINES]
    others = [one for one in every if one not in declines]
    if word == "no":
        declined = declines[0] if len(declines) == 1 and len(others) == 1 else None
        return declined or (offered[-1] if suggested else None)
    return others[0] if len(others) == 1 and len(declines) <= 1 else None


def asks_nothing(step: Step, here: Here) -> bool:
    """True for a step that has nothing to ask, or nothing (any more) to choose from."""
    if isinstance(step, Browse):
        return not step.items(here, 0, 1).total
    return isinstance(step, Do | Tell | End) or (isinstance(step, Each) and not step.over(here))


def ask(
    step: Step,
    frame: Frame,
    here: Here,
    asked: int,
    *,
    at_home: bool,
    hint: Text | None = None,
    back: bool = True,
) -> Say:
    """The question of a step as a bubble, with everything that can be tapped. `back`: there is a way back."""
    say = _question(step, frame, here)
    if frame.draft.get("near"):
        say = Say(_NEAR)
    if hint:
        say = replace(say, text=lines(hint, say.text))
    offered = options(step, frame, here)
    cards: tuple[Card, ...] = say.cards
    if isinstance(step, Browse) and not frame.draft.get("near"):
        items, _offset, _total = items_of(step, frame, here)
        cards = tuple(Card(item.text, (Button(item.label, Option(item.key, item.label).tap(asked)),)) for item in items)
        offered = offered[len(items) :]
    buttons = tuple(Button(option.label, option.tap(asked)) for option in offered)
    if isinstance(step, Attach) and step.asks in ("phone", "location"):
        share = _("Share my number") if step.asks == "phone" else _("Share where I am")
        buttons = (Button(share, asks="phone" if step.asks == "phone" else "location"), *buttons)
    out = _ways_out(frame, at_home=at_home, back=back)
    if here.facts.me.observed:  # what somebody writes to the team is theirs alone: it cannot begin where others read
        out = tuple(button for button in out if button.tap != PERSON)
    return replace(say, cards=cards, buttons=(*say.buttons, *buttons, *out))


def free(say: Say) -> Say:
    """A bubble that asks nothing, with the way back to the menu under it."""
    return replace(say, buttons=(*say.buttons, Button(_MENU, MENU, quiet=True)))


def _ways_out(frame: Frame, *, at_home: bool, back: bool) -> tuple[Button, ...]:
    person = Button(_PERSON, PERSON, quiet=True)
    if at_home:
        return (person,) if frame.draft else ()
    return (Button(_BACK, BACK, quiet=True), person) if back else (person,)


def _question(step: Step, frame: Frame, here: Here) -> Say:
    if isinstance(step, Each):
        question = question_now(step, frame, here)
        return Say(question.text if question else _("That was all."))
    asked = getattr(step, "question", None)
    said = asked(here) if callable(asked) else asked
    if isinstance(said, Say):
        return said
    return Say(said if said is not None else _MENU)


def _marked(choices: Mapping[str, Text], frame: Frame) -> dict[str, Text]:
    ticked = set(frame.draft.get("ticked", ()))
    return {key: _TICKED.of(label=label) if key in ticked else label for key, label in choices.items()}


def accepts(step: Step, frame: Frame, here: Here, kind: str) -> bool:
    """True where something of that kind may be sent as an answer."""
    if isinstance(step, Each):
        question = question_now(step, frame, here)
        return question is not None and kind in question.kinds
    return isinstance(step, Attach)


def reads_words(step: Step, frame: Frame, here: Here) -> bool:
    """True where words of a person's own are the answer."""
    if isinstance(step, Each):
        question = question_now(step, frame, here)
        return question is not None and question.open
    return isinstance(step, Write | Attach)


def takes_several(step: Step, frame: Frame, here: Here) -> bool:
    """True where any number of things may be chosen."""
    if isinstance(step, Each):
        question = question_now(step, frame, here)
        return question is not None and question.many
    return isinstance(step, ChooseMany)


def _plain(choices: Mapping[str, Text]) -> tuple[Option, ...]:
    return tuple(Option(key, label) for key, label in choices.items())


def _pager(offset: int, size: int, total: int) -> tuple[Option, ...]:
    less = (Option(LESS, _LESS, own=True),) if offset > 0 else ()
    more = (Option(MORE, _MORE, own=True),) if offset + size < total else ()
    return (*less, *more)


def _paged(choices: Mapping[str, Text], frame: Frame, size: int) -> tuple[Option, ...]:
    every = _plain(choices)
    offset = min(int(frame.draft.get("offset", 0)), max(0, len(every) - 1))
    return (*every[offset : offset + size], *_pager(offset, size, len(every)))
