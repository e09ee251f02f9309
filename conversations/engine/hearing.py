"""What was heard, and what it leads to: an emergency first, then global words, then the answer to the question."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations.engine.answers import label_option, take_tap, take_words
from conversations.engine.questions import accepts, free, reads_words
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
from conversations.engine.walking import Walk
from conversations.help.emergency import GENTLE
from conversations.help.quiet import QUIET
from conversations.script import Conversation
from conversations.speech import MAYBE, Heard, NotUnderstood, Say, _, verbatim
from conversations.steps import Attach, Open, Write

_MOVED_ON = _("That button is from before. We are here now:")
_HIDDEN = _("All right. See you.")
_UNKNOWN_COMMAND = _("I do not know that command.")

LONGEST_SAFE_WORD = 60
ASKED = "asked"
"""The kind of an emergency of which a person said no more than yes."""
ASIDE = frozenset({"places"})
"""Words that are a question of their own only where nobody asked for words: to the team they are part of a letter."""
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
        global_word(walk, key)
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
    try:
        taken = take_tap(step, key.removeprefix("~"), own, frame, here)
    except NotUnderstood as missed:
        ask_again(walk, missed.hint)
        return
    walk.state = replace(walk.state, last=(asked, key))
    walk.take(taken, tapped=True)


def worded(walk: Walk, heard: Heard, *, idle: bool) -> None:
    """Something was written or sent."""
    words = heard.text.strip()
    if words and (quietly(walk, words) or (not labelled(walk, words) and alarmed(walk, words))):
        return
    named = COMMAND.fullmatch(words.split()[0]) if words else None
    if named is not None:
        command(walk, named[1].lower())
        return
    if words and wonders(walk, words):
        if at_menu(walk) and walk.facts.help.on_offer(words):  # it is shown above the question: nobody writes it twice
            answered(walk, heard, words, idle=idle)
            walk.says.append(GENTLE)
            return
        walk.says.append(GENTLE)
        if at_menu(walk) or not reading(walk):
            return
    answered(walk, heard, words, idle=idle)


def reading(walk: Walk) -> bool:
    """True where the present question is answered in words."""
    if walk.state.top is None:
        return False
    frame, step, here = walk.stand()
    return reads_words(step, frame, here)


def answered(walk: Walk, heard: Heard, words: str, *, idle: bool) -> None:
    """Words that are neither an emergency nor a command: a global word, the answer to the question, or a search."""
    if walk.state.top is None:
        word = walk.tongue.word(words) if words else None
        if word is not None and global_word(walk, word):
            return
        go_home(walk, words)
        if heard.attachment is not None:
            pass_on(walk, heard)
        return
    frame, step, here = walk.stand()
    if not (words and label_option(step, words, frame, here, walk.tongue)):
        word = walk.tongue.word(words) if words else None
        if words == "0":
            word = "back"
        if word in ASIDE and frame.conversation != walk.scripts.home and reads_words(step, frame, here):
            word = None
        if word is not None and global_word(walk, word):
            return
    if heard.attachment is not None and not accepts(step, frame, here, heard.attachment.kind):
        pass_on(walk, heard)
        return
    try:
        taken = take_words(step, heard, frame, here, walk.tongue)
    except NotUnderstood as missed:
        if walk.warned:  # the card was the answer
            return
        if idle and frame.trail:
            offer_to_go_on(walk)
        else:
            ask_again(walk, missed.hint, words)
        return
    walk.take(taken)


def labelled(walk: Walk, words: str) -> bool:
    """True if the words are those on a button of the present question: then they say no more than a tap does."""
    if walk.state.top is None:
        return False
    frame, step, here = walk.stand()
    return bool(label_option(step, words, frame, here, walk.tongue))


def quietly(walk: Walk, words: str) -> bool:
    """The safe word comes before everything, and leaves everything where it is. True if it was written."""
    own = walk.facts.me.safe_word
    if len(words) > LONGEST_SAFE_WORD:
        return False
    if not (own and walk.tongue.reads(words, (verbatim(own),)) == 0) and walk.tongue.word(words) != "quiet":
        return False
    walk.says.append(QUIET)
    if walk.facts.me.safe_word_tells and walk.scripts.concern is not None:
        walk.deeds.append(walk.scripts.concern("quiet"))  # type: ignore[call-arg]  # every concern takes its kind
    return True


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


def at_menu(walk: Walk) -> bool:
    """True where whatever is written is looked for."""
    top = walk.state.top
    return walk.facts.me.welcomed if top is None else top.conversation == walk.scripts.home


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
        case "hide":
            walk.state = replace(walk.state, frames=(), paused=None)
            walk.says.append(free(Say(_HIDDEN)))
        case _:
            talk = walk.scripts.by_word.get(word)
            if talk is None or not may(walk, talk):
                return False
            top = walk.state.top
            if top is not None and top.conversation == talk.name:
                repeat(walk, None)
            else:
                walk.open(Open(talk.name), {})
    return True


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
