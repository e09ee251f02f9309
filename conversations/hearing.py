"""What was heard, and what it leads to: an emergency first, then global words, then the answer to the question."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations.answers import label_option, take_tap, take_words
from conversations.help.emergency import GENTLE
from conversations.help.quiet import QUIET
from conversations.questions import accepts, free, reads_words
from conversations.script import Conversation, Here, Open
from conversations.speech import MAYBE, Heard, NotUnderstood, Say, _, verbatim
from conversations.walking import Walk

_MOVED_ON = _("That button is from before. We are here now:")
_HIDDEN = _("All right. See you.")
_UNKNOWN_COMMAND = _("I do not know that command.")

LONGEST_SAFE_WORD = 60
ASKED = "asked"
"""The kind of an emergency of which a person said no more than yes."""
COMMAND = re.compile(r"/(\w{1,64})(@\w+)?")
"""How words begin that are meant as a command, with the bot's own name behind it where several bots listen."""


def arrived(walk: Walk) -> None:
    """The chat was opened without words: the welcome, "shall we go on?", or the menu."""
    top = walk.state.top
    if top is None or top.conversation == walk.scripts.home:
        walk.go_home()
    elif top.trail and top.conversation != walk.scripts.home and walk.facts.me.welcomed:
        walk.offer_to_go_on()
    else:
        walk.repeat(None)


def tapped(walk: Walk, tap: str) -> None:
    """A button was tapped: of the present question, of an older one, or one that is good everywhere."""
    number, dot, key = tap.partition(".")
    if number == "w" and dot:
        global_word(walk, key)
        return
    if not (dot and number.isascii() and number.isdigit() and len(number) < 12):
        walk.repeat(_MOVED_ON)
        return
    asked = int(number)
    if asked != walk.state.asked or walk.state.top is None:
        if (asked, key) != walk.state.last:  # a double tap was answered the first time
            walk.repeat(_MOVED_ON)
        return
    own = key.startswith("~")
    frame, step, here = walk.stand()
    try:
        taken = take_tap(step, key.removeprefix("~"), own, frame, here)
    except NotUnderstood as missed:
        walk.missed(missed.hint)
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
    if words and wondered(walk, words):
        return
    if walk.state.top is None:
        word = walk.tongue.word(words) if words else None
        if word is not None and global_word(walk, word):
            return
        walk.go_home(words)
        if heard.attachment is not None:
            pass_on(walk, heard)
        return
    frame, step, here = walk.stand()
    if not (words and label_option(step, words, frame, here, walk.tongue)):
        word = walk.tongue.word(words) if words else None
        if words == "0":
            word = "back"
        if word is not None and global_word(walk, word):
            return
    if heard.attachment is not None and not accepts(step, frame, here, heard.attachment.kind):
        pass_on(walk, heard)
        return
    try:
        taken = take_words(step, heard, frame, here, walk.tongue)
    except NotUnderstood as missed:
        if idle and frame.trail:
            walk.offer_to_go_on()
        else:
            walk.missed(missed.hint)
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
    walk.says.extend(walk.facts.help.safety_card(kind))
    if walk.scripts.concern is not None:
        walk.deeds.append(walk.scripts.concern(kind))  # type: ignore[call-arg]  # every concern takes its kind


def alarmed(walk: Walk, words: str) -> bool:
    """An emergency comes before everything else. True if the words are thereby answered."""
    if not warned(walk, words):
        return False
    top = walk.state.top
    talk = walk.scripts.by_name.get(top.conversation) if top else None
    step = talk.step(top.step) if talk and top else None
    if top is not None and step is not None and reads_words(step, top, Here(walk.facts, top.answers)):
        return False
    if top is not None:
        walk.repeat(None)
    return True


def wondered(walk: Walk, words: str) -> bool:
    """Ask gently, once a day, where words are uncertain; nobody is told. True if the words are thereby answered."""
    today = walk.facts.help.today()
    if walk.state.wondered == today or walk.tongue.alarm(words) != MAYBE or walk.tongue.word(words) is not None:
        return False
    if labelled(walk, words):
        return False
    reads = False
    if walk.state.top is not None:
        frame, step, here = walk.stand()
        if walk.scripts.by_name[frame.conversation].role:  # staff at work write about everything
            return False
        reads = frame.conversation != walk.scripts.home and reads_words(step, frame, here)
    walk.state = replace(walk.state, wondered=today)
    walk.says.append(GENTLE)
    return not reads


def command(walk: Walk, name: str) -> None:
    """A slash command. One that this person may not give is answered like one that there is not."""
    talk = walk.scripts.by_command.get(name)
    if talk is not None and may(walk, talk):
        if talk.name == walk.scripts.home:
            walk.leave_for_home()
        else:
            walk.open(Open(talk.name), {})
        return
    word = walk.tongue.word("/" + name)
    if word is not None and global_word(walk, word):
        return
    if walk.state.top is None:
        walk.says.append(Say(_UNKNOWN_COMMAND))
        walk.go_home()
    else:
        walk.repeat(_UNKNOWN_COMMAND)


def global_word(walk: Walk, word: str) -> bool:
    """Menu, back, person, stop ...: they work in every state. True if this is one of them."""
    match word:
        case "menu":
            walk.leave_for_home()
        case "back":
            walk.back()
        case "in_danger":
            warn(walk, ASKED)
        case "goon":
            walk.go_on()
        case "hide":
            walk.state = replace(walk.state, frames=(), paused=None)
            walk.says.append(free(Say(_HIDDEN)))
        case _:
            talk = walk.scripts.by_word.get(word)
            if talk is None or not may(walk, talk):
                return False
            top = walk.state.top
            if top is not None and top.conversation == talk.name:
                walk.repeat(None)
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
        walk.missed(_("I cannot read this. Please write it in words."))
        return
    walk.open(
        Open(walk.scripts.relay),
        {"sent": {"attachment": heard.attachment.ref, "kind": heard.attachment.kind, "text": heard.text}},
    )
