"""What counts as an answer: a tap, a digit, a label in any script, or words that a step reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from conversations.engine.questions import (
    DONE,
    EACH_DONE,
    LESS,
    MORE,
    NONE,
    SAID,
    SKIP,
    Option,
    accepts,
    all_choices,
    items_around,
    items_of,
    options,
    question_now,
    reads_words,
    said,
    takes_several,
)
from conversations.engine.shown import Shown, number_in
from conversations.engine.state import Frame
from conversations.engine.within import within
from conversations.speech import Heard, NotUnderstood, Text, Tongue, _
from conversations.steps import Attach, Browse, Choose, ChooseMany, Confirm, Each, Here, Json, Open, Step, Write

TEXT_MOST = 1000
"""The longest answer that is written, in characters."""

_TAP_ONE = _("Please tap a button, or write a number from 1 to {n}.")
_TAP_IT = _("Please tap the button, or write 1.")
_TAP_MANY = _("Tap everything that fits, then tap “{done}”.")
_TOO_FEW = _("Please choose at least one.")
_TOO_LONG = _("That is too long for me. Please write it shorter.")
_AND = re.compile(r"\s+(?:i|и|and|&|\+)\s+", re.IGNORECASE)
"""What stands between two things that are both meant, in our languages."""
_WORDS_PLEASE = _("Please write it in words.")
_SEND_PLEASE = _("Please send it here, or go back.")


class Gone(NotUnderstood):
    """What was shown and is chosen is not there any more: no slip of the person's."""

    def __init__(self) -> None:
        super().__init__(_("That is no longer on offer."))


@dataclass(frozen=True, slots=True)
class Answered:
    """A step is answered: `value` is kept, `key` names the way on where the step has several."""

    value: Json
    key: str = ""


@dataclass(frozen=True, slots=True)
class Still:
    """The step goes on: the same question again, with a new draft (another page, another tick)."""

    frame: Frame
    replaces: bool = True
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Words that lead to another conversation."""

    to: Open


Taken = Answered | Still | Elsewhere


def take_tap(step: Step, key: str, own: bool, frame: Frame, here: Here) -> Taken:
    """The answer that a tapped button gives. Raises Gone where it is not on offer any more."""
    return _take(step, _still_there(step, key, own, frame, here), frame, here)


def _still_there(step: Step, key: str, own: bool, frame: Frame, here: Here) -> Option:
    """What was shown under that key, wherever it stands by now. Raises Gone where it is nowhere."""
    option = next((o for o in options(step, frame, here) if o.key == key and o.own == own), None)
    if option is not None:
        return option
    label = all_choices(step, frame, here).get(key) if not own else None
    if label is not None:
        return Option(key, label)
    if isinstance(step, Browse) and not own:
        item = next((item for item in items_around(step, frame, here) if item.key == key), None)
        if item is not None:
            return Option(key, item.label)
    raise Gone


def take_words(step: Step, heard: Heard, frame: Frame, here: Here, tongue: Tongue, shown: Shown | None = None) -> Taken:
    """The answer in what was written or sent. Raises NotUnderstood with what can be written instead.

    A label wins over a position: with grades 2 and 1 on offer in this order, "1" is grade 1. A position counts what was
    `shown`, and raises Gone where that is not on offer any more.
    """
    if heard.attachment is not None:
        return _take_attachment(step, heard, frame, here)
    words = heard.text.strip()
    if len(words) > TEXT_MOST:
        raise NotUnderstood(_TOO_LONG)
    option = label_option(step, words, frame, here, tongue)
    if option is not None:
        return _take(step, option, frame, here)
    if (word := tongue.word(words)) in SAID and (option := said(step, word, frame, here)) is not None:
        return _take(step, option, frame, here)
    if takes_several(step, frame, here):
        return _many(step, words, frame, here, tongue, shown)
    if not reads_words(step, frame, here):
        option = _by_digit(words, step, frame, here, shown)
        return _take(step, option, frame, here) if option else _take_free(step, words, frame, here, tongue)
    try:
        return _take_free(step, words, frame, here, tongue)
    except NotUnderstood:  # the number itself is no answer: then it counts the suggestions, unless they are numbers
        option = None if _numbers(step, frame, here) else _by_digit(words, step, frame, here, shown)
        if option is None:
            raise
        return _take(step, option, frame, here)


def label_option(step: Step, words: str, frame: Frame, here: Here, tongue: Tongue) -> Option | None:
    """The option whose label was written, also one on another page; None where several have that label."""
    offered = options(step, frame, here)
    shown = {(option.key, option.own) for option in offered}
    beyond = tuple(
        Option(key, label) for key, label in all_choices(step, frame, here).items() if (key, False) not in shown
    )
    if takes_several(step, frame, here):
        plain = all_choices(step, frame, here)  # a tick is no part of the label
        offered = tuple(o if o.own else Option(o.key, plain[o.key]) for o in offered)
    every = (*offered, *beyond)
    index = tongue.reads(words, tuple(option.label for option in every))
    if index is None or sum(option.label == every[index].label for option in every) > 1:
        return None
    return every[index]


def _numbers(step: Step, frame: Frame, here: Here) -> bool:
    """True where the suggestions are numbers: where 8, 10 and 15 are offered, "3" is never the third of them."""
    keys = [option.key for option in options(step, frame, here) if not option.own]
    return isinstance(step, Write) and bool(keys) and all(key.isdecimal() for key in keys)


def _by_digit(words: str, step: Step, frame: Frame, here: Here, shown: Shown | None) -> Option | None:
    number = number_in(words)
    if number is None:
        return None
    if shown is None:
        offered = options(step, frame, here)
        return offered[number - 1] if 1 <= number <= len(offered) else None
    key = shown.key(number)
    return _still_there(step, *key, frame, here) if key is not None else None


def _take(step: Step, option: Option, frame: Frame, here: Here) -> Taken:
    if option.own:
        return _take_own(step, option.key, frame, here)
    if takes_several(step, frame, here):
        ticked = list(frame.draft.get("ticked", ()))
        ticked = [key for key in ticked if key != option.key] if option.key in ticked else [*ticked, option.key]
        return Still(replace(frame, draft={**frame.draft, "ticked": ticked}, misses=0))
    if isinstance(step, Each):
        return _answer_each(step, option.key, frame, here)
    if isinstance(step, Write):
        return Answered(step.check(option.key, here), option.key)
    return Answered(option.key, option.key)


def _take_own(step: Step, key: str, frame: Frame, here: Here) -> Taken:
    if key == NONE:
        return Still(replace(frame, draft={k: v for k, v in frame.draft.items() if k != "near"}))
    if key in (MORE, LESS):
        size = step.page if isinstance(step, Choose | ChooseMany | Browse) else 0
        if isinstance(step, Browse):
            _items, offset, _total = items_of(step, frame, here)
        else:
            offset = int(frame.draft.get("offset", 0))
        offset = max(0, offset + (size if key == MORE else -size))
        return Still(replace(frame, draft={**frame.draft, "offset": offset}))
    if key == DONE and isinstance(step, ChooseMany):
        known = all_choices(step, frame, here)
        ticked = [k for k in frame.draft.get("ticked", ()) if k in known]
        if len(ticked) < step.least:
            raise NotUnderstood(_TOO_FEW)
        return Answered(ticked)
    if key == DONE and isinstance(step, Each):
        known = all_choices(step, frame, here)
        ticked = [k for k in known if k in frame.draft.get("ticked", ())]
        if not ticked:
            raise NotUnderstood(_TOO_FEW)
        return _answer_each(step, ticked, frame, here)
    if key == SKIP and isinstance(step, Each):
        return _answer_each(step, None, frame, here)
    return Answered(None, SKIP)


def _take_attachment(step: Step, heard: Heard, frame: Frame, here: Here) -> Taken:
    sent = heard.attachment
    if sent is not None and isinstance(step, Each) and accepts(step, frame, here, sent.kind):
        return _answer_each(step, {"attachment": sent.ref, "kind": sent.kind}, frame, here)
    if sent is None or not isinstance(step, Attach):
        raise NotUnderstood(_WORDS_PLEASE)
    if sent.kind not in step.kinds:
        raise NotUnderstood(_("That does not fit here. Please send something else, or go back."))
    if sent.kind == "location":
        return Answered({"latitude": sent.latitude, "longitude": sent.longitude})
    if sent.kind == "contact":
        return Answered({"phone": sent.phone, "own": sent.own})
    return Answered({"attachment": sent.ref, "kind": sent.kind, "text": heard.text})


def _take_free(step: Step, words: str, frame: Frame, here: Here, tongue: Tongue) -> Taken:
    match step:
        case Write():
            return Answered(step.check(words, here))
        case Attach():
            if step.check is None:
                raise NotUnderstood(_SEND_PLEASE)
            return Answered({"text": step.check(words, here)})
        case Each():
            question = question_now(step, frame, here)
            if question and question.open:
                return _answer_each(step, question.check(words, here) if question.check else words, frame, here)
    sought = any(one.isalnum() for one in words) and tongue.word(words) not in SAID
    if isinstance(step, Choose | Browse) and step.typed and sought:
        found = step.typed(here, words)
        if isinstance(found, Open):
            return Elsewhere(found)
        if found is not None:
            return Answered(found, found if isinstance(found, str) else "")
    return _near(step, words, frame, here, tongue)


def _near(step: Step, words: str, frame: Frame, here: Here, tongue: Tongue) -> Taken:
    """Labels that may have been meant are asked about, never assumed."""
    known = all_choices(step, frame, here)
    keys, labels = list(known), tuple(known.values())
    if isinstance(step, Choose | Confirm | Each):
        near = [keys[index] for index in tongue.near(words, labels) or within(words, labels, tongue)][:5]
        if near:
            return Still(replace(frame, draft={**frame.draft, "near": near}), replaces=False)
    count = len(options(step, frame, here))
    raise NotUnderstood(_TAP_ONE.of(n=count) if count > 1 else _TAP_IT)


def _many(step: Step, words: str, frame: Frame, here: Here, tongue: Tongue, shown: Shown | None) -> Taken:
    """Several at once: "1, 3", "1 and 3" or labels between commas."""
    done = step.done if isinstance(step, ChooseMany) else EACH_DONE
    parts = [part.strip() for part in words.replace(";", ",").replace("\n", ",").split(",")]
    if len(parts) == 1 and all(part.isdigit() for part in words.split()):
        parts = words.split()

    def named(part: str) -> list[Option | None]:
        option = label_option(step, part, frame, here, tongue) or _by_digit(part, step, frame, here, shown)
        pieces = _AND.split(part) if option is None else ()  # a label may have an "and" of its own
        if len(pieces) > 1:
            return [one for piece in pieces for one in named(piece)]
        return [option or _only_near(step, part, frame, here, tongue)]

    taken: Taken | None = None
    for option in [option for part in parts for option in named(part)]:
        if option is None:
            raise NotUnderstood(_TAP_MANY.of(done=done))
        taken = _take(step, option, frame, here)
        if isinstance(taken, Still):
            frame = taken.frame
    if taken is None:
        raise NotUnderstood(_TAP_MANY.of(done=done))
    return replace(taken, replaces=False) if isinstance(taken, Still) else taken


def _only_near(step: Step, words: str, frame: Frame, here: Here, tongue: Tongue) -> Option | None:
    """The one label that comes near to a single word. More words may say that it is not so."""
    if len(words.split()) != 1:
        return None
    known = list(all_choices(step, frame, here).items())
    near = tongue.near(words, tuple(label for _key, label in known))
    return Option(*known[near[0]]) if len(near) == 1 else None


def _answer_each(step: Each, answer: Json, frame: Frame, here: Here) -> Taken:
    question = question_now(step, frame, here)
    answered = dict(frame.draft.get("answers", {}))
    if question:
        answered[question.key] = answer
    kept = {name: value for name, value in frame.draft.items() if name != "ticked"}
    moved = replace(frame, draft={**kept, "answers": answered}, misses=0)
    if question_now(step, moved, here) is None:
        return Answered(answered)
    return Still(moved, replaces=False)
