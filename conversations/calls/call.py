"""One call: what counts, until when; register interest by a short form, be reminded, withdraw."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.calls import whom
from conversations.calls.words import REGISTER, card
from conversations.deeds.calls import ForgetDeadline, RegisterInterest, RemindOfDeadline, WithdrawInterest
from conversations.facts.calls import Number
from conversations.help.numbers import COUNTRIES
from conversations.offers.words import OTHER_AGE, for_whom
from conversations.script import Conversation
from conversations.speech import Joined, NotUnderstood, Text, _, lines
from conversations.steps import Attach, Choose, ChooseMany, Confirm, Do, End, Here, Json, Open, Tell, Write

WHY_LEAST = 2
WHY_MOST = 600

TIMES: Mapping[str, Text] = {
    "mornings": _("🌅 Mornings"),
    "afternoons": _("🌇 Afternoons"),
    "weekends": _("📅 Weekends"),
    "any": _("🕐 Any time"),
}


_AGAIN = _("Please share your own number, or write it with digits.")


def _id(here: Here) -> int:
    """The call this is about; 0, which is none, for a seed that is no number."""
    seed = here.get("listing")
    return int(seed) if isinstance(seed, int | str) and str(seed).isascii() and str(seed).isdigit() else 0


def _card(here: Here) -> Text:
    call = here.facts.calls.call(_id(here))
    if call is None:
        return _("This call is not there any more.")
    applied = here.facts.calls.applied(call.listing_id)
    nobody = call.open and not applied and not whom.choices(here, call.listing_id, call.bands)
    return lines(card(call, applied), OTHER_AGE if nobody else None)


def _glimpse(here: Here) -> Text:
    call = here.facts.calls.call(_id(here))
    return card(call, ()) if call is not None else _card(here)


def _bands(here: Here) -> tuple[str, ...]:
    call = here.facts.calls.call(_id(here))
    return call.bands if call is not None else ()


def _ways(here: Here) -> Mapping[str, Text]:
    call = here.facts.calls.call(_id(here))
    if call is None:
        return {"others": _("Other calls")}
    ways: dict[str, Text] = {}
    applied = here.facts.calls.applied(call.listing_id)
    if call.open and whom.choices(here, _id(here), call.bands):
        ways["register"] = REGISTER
    if call.open and call.closes is not None:
        if here.facts.calls.reminders(call.listing_id):
            ways["forget"] = _("🔕 Do not remind me")
        else:
            ways["remind"] = _("⏰ Remind me before the deadline")
    if applied:
        ways["withdraw"] = _("Withdraw")
    return {**ways, "others": _("Other calls")}


def _asks_why(here: Here) -> Text:
    if whom.is_child(here):
        return _("Why would the child like this? One or two sentences are enough.")
    return _("Why would you like this? One or two sentences are enough.")


def _asks_when(here: Here) -> Text:
    return _("When does the child have time?") if whom.is_child(here) else _("When do you have time?")


def _why(words: str, _here: Here) -> Json:
    words = words.strip()
    if len(words) < WHY_LEAST or not any(letter.isalpha() for letter in words):
        raise NotUnderstood(_("Please write it in a few words."))
    if len(words) > WHY_MOST:
        raise NotUnderstood(_("That is a little too long. One or two sentences are enough."))
    return words


def _phone(words: str, here: Here) -> Json:
    if here.facts.calls.phone(words) is None:
        raise NotUnderstood(
            _("Please write one number, with digits only. If it is from abroad, begin with + and the code.")
        )
    return words.strip()


def _number(here: Here) -> Number | None:
    """The number as it was read: typed, or shared by its own owner."""
    sent = here.get("phone") or {}
    if "text" in sent:
        return here.facts.calls.phone(str(sent["text"]))
    shared = str(sent.get("phone") or "")
    return (
        here.facts.calls.phone(shared if shared.startswith(("+", "0")) else f"+{shared}") if sent.get("own") else None
    )


def _shown(here: Here) -> Text:
    number = _number(here)
    if number is None:  # the step above asks again
        return _AGAIN
    country = COUNTRIES.get(number.country)
    if country is None:
        return _("We call {number}. Is that right?").of(number=number.shown)
    return _("We call {number} ({country}). Is that right?").of(number=number.shown, country=country)


def _by_phone(here: Here) -> bool:
    return bool(here.get("reach") == "phone")


def _summary(here: Here) -> Text:
    number = _number(here) if _by_phone(here) else None
    times = tuple(TIMES[key] for key in here.get("when") or () if key in TIMES)
    return lines(
        _("This is what we send:"),
        for_whom(whom.name(here)),
        _("Why: {why}").of(why=str(here.get("why") or "")),
        _("When: {times}").of(times=Joined(times, "commas")),
        _("Reach me: {number}").of(number=number.shown) if number else _("Reach me: here in this chat"),
        _("Only the team of this call reads it. Shall I send it?"),
    )


def _register(here: Here) -> RegisterInterest:
    number = _number(here) if _by_phone(here) else None
    answers = {"why": here.get("why") or "", "when": list(here.get("when") or ()), "reach": here.get("reach") or "here"}
    filled = {**answers, "phone": number.number} if number else answers
    return RegisterInterest(_id(here), filled, whom.chosen_id(here))


def _registered(here: Here) -> Text:
    number = str(here["send"]["number"])
    if whom.is_other(here):
        done = _("✅ The interest is registered. The number is {number}.").of(number=number)
    else:
        done = _("✅ Your interest is registered. Your number is {number}.").of(number=number)
    return lines(
        done,
        for_whom(whom.name(here)),
        _("You see how it stands under “Jobs, training, grants”."),
    )


def _planned(here: Here) -> Text:
    return _("⏰ A reminder comes: {times}").of(times=Joined(here.facts.calls.reminders(_id(here)), "and"))


call = Conversation(
    name="call",
    title=_("Register for a call"),
    shows=_glimpse,
    steps=(
        Choose(
            name="way",
            question=_card,
            choices=_ways,
            goto={
                "register": "who",
                "remind": "remind",
                "forget": "forget",
                "withdraw": "whose",
                "others": Open("calls", instead=True),
            },
        ),
        Choose(
            name="who",
            question=_("For whom?"),
            choices=lambda here: whom.choices(here, _id(here), _bands(here)),
            when=lambda here: whom.to_choose(here, _id(here), _bands(here)),
            goto={"child": Open("add_child")},
        ),
        Choose(
            name="consent",
            question=whom.asks_consent,
            choices=whom.consent_choices,
            when=whom.consent_missing,
            goto={
                "guardian": Open("ask_guardian", lambda here: {"ask": "make", "listing": _id(here)}, instead=True),
                "own": Open("ask_guardian"),
                "children": Open("children"),
                "go": "why",
                "later": "kept",
            },
        ),
        Write(name="why", question=_asks_why, check=_why),
        ChooseMany(name="when", question=_asks_when, choices=TIMES, least=1),
        Choose(
            name="reach",
            question=_("How may the team reach you?"),
            choices={"here": _("💬 Here in this chat"), "phone": _("📞 By phone")},
            goto={"here": "look", "phone": "phone"},
        ),
        Attach(
            name="phone",
            question=_("Which number may we call? It is used for this call only."),
            kinds=("contact",),
            check=_phone,
            asks="phone",
        ),
        Tell(
            name="again",
            text=_AGAIN,
            when=lambda here: _by_phone(here) and _number(here) is None,
            otherwise="phone",
        ),
        Confirm(
            name="right",
            question=_shown,
            when=_by_phone,
            goto={"no": "phone"},
        ),
        Confirm(
            name="look",
            question=_summary,
            yes=_("Yes, send it"),
            no=_("No, do not send"),
            goto={"no": "kept"},
        ),
        Do(
            name="send",
            does=RegisterInterest,
            deed=_register,
            goto={
                "registered": "registered",
                "already": "already",
                "closed": "closed",
                "age": "age",
                "consent": "agree",
                "denied": "denied",
                "gone": "gone",
            },
        ),
        Do(
            name="remind",
            does=RemindOfDeadline,
            deed=lambda here: RemindOfDeadline(_id(here)),
            goto={"planned": "planned", "late": "late", "closed": "closed", "gone": "gone"},
        ),
        Do(name="forget", does=ForgetDeadline, deed=lambda here: ForgetDeadline(_id(here)), otherwise="forgotten"),
        Choose(
            name="whose",
            question=_("Which one?"),
            choices=lambda here: whom.applied_choices(here, _id(here)),
            when=lambda here: len(here.facts.calls.applied(_id(here))) > 1,
        ),
        Confirm(
            name="sure",
            question=_("Withdraw? What you wrote is erased. Until the deadline you can register again."),
            yes=_("Yes, withdraw"),
            goto={"no": "way"},
        ),
        Do(
            name="withdraw",
            does=WithdrawInterest,
            deed=lambda here: WithdrawInterest(_id(here), whom.applicant(here, _id(here))),
            goto={"withdrawn": "withdrawn", "gone": "gone"},
        ),
        End(name="registered", text=_registered, then=Open("menu")),
        End(name="already", text=_("Your interest is registered already. Once is enough.")),
        End(name="closed", text=_("This call is closed now, so nothing was sent.")),
        End(name="age", text=OTHER_AGE),
        End(name="agree", text=_("A yes for taking part is missing. It can be given in “my data”.")),
        End(name="denied", text=_("Only the person or their guardian can register this.")),
        End(name="gone", text=_("This call is not there any more.")),
        End(name="planned", text=_planned),
        End(name="late", text=_("The deadline is so near that no reminder would come in time. Best to do it now.")),
        End(name="forgotten", text=_("All right, no reminder of this deadline.")),
        End(name="withdrawn", text=_("Withdrawn. What you wrote is erased.")),
        End(name="kept", text=_("All right, nothing was sent.")),
    ),
)
