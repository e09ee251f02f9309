"""What was heard, and what it leads to: an emergency first, then global words, then the answer to the question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from conversations.engine.answers import Gone, Taken, take_tap, take_words
from conversations.engine.asked import at_menu, labelled, reading
from conversations.engine.beside import bearing, pointed, unsure
from conversations.engine.danger import alarmed, quietly, warn, wonders
from conversations.engine.questions import accepts, free, question_now, reads_words
from conversations.engine.returning import (
    ask_again,
    back,
    go_home,
    go_on,
    leave_for_home,
    look_for_it,
    offer_to_go_on,
    repeat,
)
from conversations.engine.shown import Shown, meant, number_in
from conversations.engine.walking import Walk
from conversations.help.emergency import GENTLE
from conversations.script import Conversation
from conversations.speech import Heard, NotUnderstood, Say, Text, _
from conversations.steps import Browse, Each, Open

_MOVED_ON = _("That button is from before. We are here now:")
_ONCE_MORE = _("So that nothing is mixed up, here is the question again:")
_OTHER_QUESTION = _("The questions have changed meanwhile. This one comes now:")
_HIDDEN = _("All right. See you.")
_UNKNOWN_COMMAND = _("I do not know that command.")

ASKED = "asked"
"""The kind of an emergency of which a person said no more than yes."""
_MANNERS = {"hello": _("Hello! 👋"), "thanks": _("You are welcome! 👋")}
"""What is said back to words that ask for nothing."""
ASIDE = frozenset(_MANNERS)
"""Like wishes they mean nothing of their own where somebody asked for words: there they are part of a letter."""
COMMAND = re.compile(r"/(\w{1,64})(@\w+)?")
"""How words begin that are meant as a command, with the bot's own name behind it where several bots listen."""


def arrived(walk: Walk) -> None:
    """The chat was opened without words: the welcome, "shall we go on?", or the menu."""
    top = walk.state.top
    if top is None or top.conversation == walk.scripts.home:
        go_home(walk)
    elif top.trail and top.conversation != walk.scripts.home and walk.facts.me.welcomed:
        offer_to_go_on(walk)
    else:
        repeat(walk, None)


def tapped(walk: Walk, tap: str) -> None:
    """A button was tapped: of the present question, of an older one, or one that is good everywhere."""
    number, dot, key = tap.partition(".")
    if number == "w" and dot:
        if not global_word(walk, key):
            repeat(walk, _MOVED_ON)
        return
    if not (dot and number.isascii() and number.isdigit() and len(number) < 12):
        repeat(walk, _MOVED_ON)
        return
    asked = int(number)
    if asked != walk.state.asked or walk.state.top is None:
        if (asked, key) != walk.state.last:  # a double tap was answered the first time
            repeat(walk, _MOVED_ON)
        return
    own = key.startswith("~")
    frame, step, here = walk.stand()
    walk.state = replace(walk.state, last=(asked, key))
    _taken(walk, lambda: take_tap(step, key.removeprefix("~"), own, frame, here), tapped=True)


def _taken(
    walk: Walk, answer: Callable[[], Taken], *, tapped: bool = False, words: str = "", idle: bool = False
) -> None:
    """Take the answer to the present question, or say why it is none and ask again."""
    frame, step, here = walk.stand()
    form = question_now(step, frame, here) if isinstance(step, Each) else None
    if form is not None and walk.state.form not in ("", form.key):
        repeat(walk, _OTHER_QUESTION)
        return
    try:
        taken = answer()
    except Gone as gone:
        repeat(walk, gone.hint)
    except NotUnderstood as missed:
        if walk.warned:  # the card was the answer
            return
        walk.kept = walk.ways
        if idle and frame.trail:
            offer_to_go_on(walk)
        else:
            ask_again(walk, missed.hint, words)
    else:
        walk.take(taken, tapped=tapped)


def worded(walk: Walk, heard: Heard, *, idle: bool) -> None:
    """Something was written or sent."""
    words = heard.text.strip()
    if words and (quietly(walk, words) or (not labelled(walk, words) and alarmed(walk, words))):
        return
    named = COMMAND.fullmatch(words.split()[0]) if words else None
    if named is not None:
        command(walk, named[1].lower())
        return
    if words and (beside(walk, words) or below(walk, words) or unsure(walk, words)):
        return
    if words and wonders(walk, words):
        if at_menu(walk) and walk.facts.help.sought(words):  # it is shown above the question: nobody writes it twice
            answered(walk, heard, words, idle=idle)
            walk.says.append(GENTLE)
            return
        walk.says.append(GENTLE)
        if at_menu(walk) or not reading(walk):
            return
    answered(walk, heard, words, idle=idle)


def beside(walk: Walk, words: str) -> bool:
    """A number, yes, no or back right after a card: it means what the card shows. True if it was taken.

    Where that is nothing, or where the question above it may be meant as well, that is asked again: nothing is chosen.
    """
    if not walk.state.aside or bearing(walk, words):
        return False
    if words == "0" or walk.tongue.word(words) == "back":
        repeat(walk, None)
        return True
    tap = meant(walk.state, words, walk.tongue)
    if tap is None or (not tap and reading(walk)):
        return False
    if tap and not (reading(walk) and number_in(words) is not None):
        tapped(walk, tap)
    else:
        repeat(walk, None if at_menu(walk) else _ONCE_MORE)
    return True


def below(walk: Walk, words: str) -> bool:
    """A number, or a label, of a button beside the answers of the present question. True if it was taken."""
    tap = pointed(walk, words)
    if not tap.startswith("w."):
        return False
    tapped(walk, tap)
    return True


def answered(walk: Walk, heard: Heard, words: str, *, idle: bool) -> None:
    """Words that are neither an emergency nor a command: a global word, the answer to the question, or a search."""
    if walk.state.top is None:
        word = walk.tongue.word(words) if words else None
        if word is not None and global_word(walk, word):
            return
        go_home(walk, words if number_in(words) is None else "")  # what is not seen is not chosen
        if heard.attachment is not None:
            pass_on(walk, heard)
        return
    frame, step, here = walk.stand()
    if not (words and labelled(walk, words)):
        word = walk.tongue.word(words) if words else None
        if words == "0":
            word = "back"
        yields = word in ASIDE or word in walk.scripts.wishes
        if yields and frame.conversation != walk.scripts.home and reads_words(step, frame, here):
            word = None
        if word is not None and global_word(walk, word):
            return
        if at_menu(walk) and heard.attachment is None and (word in ("yes", "no") or not any(map(str.isalnum, words))):
            repeat(walk, None)  # a thumb up or an "ok" after something went well: no answer, and no slip
            return
    if heard.attachment is not None and not accepts(step, frame, here, heard.attachment.kind):
        pass_on(walk, heard)
        return
    shown = Shown(walk.state.asked, walk.state.shown) if walk.state.shown is not None else None
    _taken(walk, lambda: take_words(step, heard, frame, here, walk.tongue, shown), words=words, idle=idle)


def command(walk: Walk, name: str) -> None:
    """A slash command. One that this person may not give is answered like one that there is not."""
    talk = walk.scripts.by_command.get(name)
    if talk is not None and may(walk, talk):
        if talk.name == walk.scripts.home:
            leave_for_home(walk)
        else:
            walk.open(Open(talk.name), {})
        return
    word = walk.tongue.word("/" + name)
    if word is not None and global_word(walk, word):
        return
    if walk.state.top is None:
        walk.says.append(Say(_UNKNOWN_COMMAND))
        go_home(walk)
    else:
        repeat(walk, _UNKNOWN_COMMAND)


def global_word(walk: Walk, word: str) -> bool:
    """Menu, back, person, stop ...: they work in every state. True if this is one of them."""
    match word:
        case "menu":
            leave_for_home(walk)
        case "back":
            back(walk)
        case "in_danger":
            warn(walk, ASKED)
        case "goon":
            go_on(walk)
        case "seek":
            look_for_it(walk)
        case "hello" | "thanks":
            civil(walk, _MANNERS[word])
        case "hide":
            walk.state = replace(walk.state, frames=(), paused=None)
            walk.says.append(free(Say(_HIDDEN)))
        case _:
            talk = walk.scripts.by_word.get(word)
            if talk is None or not may(walk, talk):
                return False
            top = walk.state.top
            listed = isinstance(talk.steps[0], Browse)  # "my bookings" over one of them asks for all, as they are now
            if top is not None and top.conversation == talk.name and not listed:
                repeat(walk, None)
            else:
                walk.open(Open(talk.name), {})
    return True


def civil(walk: Walk, back: Text) -> None:
    """Say a friendly word back, and ask the present question again; who is not welcomed yet is welcomed first."""
    walk.kept = walk.ways
    if walk.state.top is None and walk.facts.me.welcomed:
        walk.says.append(Say(back))
        go_home(walk)
    else:
        repeat(walk, back if walk.facts.me.welcomed else None)


def may(walk: Walk, talk: Conversation) -> bool:
    """True if this person may hold that conversation."""
    roles = walk.facts.me.roles
    return not talk.role or talk.role in roles or "admin" in roles or (talk.role == "professional" and "staff" in roles)


def pass_on(walk: Walk, heard: Heard) -> None:
    """Something only a person can look at, sent where nobody asked for it."""
    if heard.attachment is None or heard.attachment.kind not in ("photo", "file", "voice"):
        ask_again(walk, _("I cannot read this. Please write it in words."))
        return
    walk.open(
        Open(walk.scripts.relay),
        {"sent": {"attachment": heard.attachment.ref, "kind": heard.attachment.kind, "text": heard.text}},
    )
