"""Call me: a number and an hour, given for one call; the number is deleted when the call was made."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import AskCall, DropCall
from conversations.deeds.help import SendRequest
from conversations.facts.calls import Number
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines
from conversations.standing import StandingAction
from conversations.steps import Attach, Choose, Confirm, Do, End, Here, Json, Write

HOURS: Mapping[str, Text] = {
    "morning": _("🌅 From 8 to 12"),
    "midday": _("☀️ From 12 to 15"),
    "afternoon": _("🌇 From 15 to 20"),
    "any": _("Any time"),
}
WORDS_MOST = 300
NOT_ANSWERED = _("☎️ We called, and nobody answered. We will try again.")
ANOTHER_CALL = _("☎️ Another number or hour")


def _pending(here: Here) -> Text:
    wish = here.facts.help.my_call()
    if wish is None:
        return _("Nobody is going to call.")
    return _("☎️ We will call {number}. {hour}.").of(number=wish.number, hour=HOURS[wish.wanted])


def _typed(words: str, here: Here) -> Json:
    if here.facts.calls.phone(words) is None:
        raise NotUnderstood(_("Please write one number, with digits only. From abroad, begin with + and the code."))
    return words.strip()


def _number(here: Here) -> Number | None:
    """The number as it was read: typed, or shared from the phone."""
    sent = here.get("phone") or {}
    if "text" in sent:
        return here.facts.calls.phone(str(sent["text"]))
    shared = str(sent.get("phone") or "")
    return here.facts.calls.phone(shared if shared.startswith(("+", "0")) else f"+{shared}") if shared else None


def _right(here: Here) -> Text:
    number = _number(here)
    if number is None:
        return _("I cannot read that number. Shall we go on all the same?")
    return _("We call {number}. Is that right?").of(number=number.shown)


def _what(words: str, _here: Here) -> Json:
    return words.strip()[:WORDS_MOST] or None


def _deed(here: Here) -> AskCall:
    number = _number(here)
    return AskCall(number.number if number else "", str(here["hour"]))


def _asked(here: Here) -> Text:
    return lines(
        _("✅ Noted: somebody from our team will call. {hour}.").of(hour=HOURS[here["hour"]]),
        _("The number is deleted after the call."),
        _("What is it about? A few words are enough, or none."),
    )


def _part(here: Here, typed: str) -> Json:
    return here.facts.calls.part_of_day(typed) or None


callme = Conversation(
    name="callme",
    title=_("Please call me"),
    word="callme",
    command="callme",
    about=_("somebody from our team calls"),
    open_to_all=True,
    steps=(
        Choose(
            name="known",
            question=_pending,
            choices={"other": ANOTHER_CALL, "drop": _("❌ No call, thank you"), "leave": _("All right")},
            when=lambda here: here.facts.help.my_call() is not None,
            goto={"other": "phone", "drop": "drop", "leave": "end"},
        ),
        Attach(
            name="phone",
            question=_("Which number shall we call? It is used for this call only."),
            kinds=("contact",),
            asks="phone",
            check=_typed,
        ),
        Confirm(name="right", question=_right, goto={"no": "phone"}),
        Choose(name="hour", question=_("When is a good time?"), choices=HOURS, typed=_part),
        Do(
            name="ask",
            does=AskCall,
            deed=_deed,
            goto={"asked": "words", "changed": "changed", "nobody": "nobody", "unreadable": "phone"},
        ),
        Write(name="words", question=_asked, check=_what, skip=_("Skip"), otherwise="say"),
        Do(
            name="say",
            does=SendRequest,
            deed=lambda here: SendRequest(str(here["words"])),
            when=lambda here: bool(here.get("words")),
            goto={"sent": "said", "added": "said", "nobody": "end", "lost": "end", "nothing": "end"},
            otherwise="end",
        ),
        End(name="end", text=_("All right.")),
        Do(name="drop", does=DropCall, deed=lambda _here: DropCall(), goto={"dropped": "dropped", "gone": "dropped"}),
        End(name="dropped", text=_("All right, nobody calls. The number is deleted.")),
        End(name="said", text=_("Thank you. Our team reads it before the call.")),
        End(
            name="changed",
            text=lambda here: _("✅ Changed: we call at the new number. {hour}.").of(hour=HOURS[here["hour"]]),
        ),
        End(
            name="nobody",
            text=_("Your wish is noted, but nobody from our team has started yet. If it cannot wait, write “sos”."),
        ),
    ),
)

STANDING: tuple[StandingAction, ...] = (StandingAction(name="call_again", opens="callme"),)
