"""Who may take part, decided with one tap each, the longest waiting first. Nobody is asked for a ground. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import DecideEligibility
from conversations.facts.conditions import Asking
from conversations.offers.words import BANDS
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.staff import usual
from conversations.steps import Choose, Do, End, Here, Open, Tell


def _listing(here: Here) -> int:
    chosen = str(here.get("listing") or "")
    return int(chosen) if chosen.isascii() and chosen.isdigit() else 0


def _waiting(here: Here) -> tuple[Asking, ...]:
    return here.facts.conditions.asking(_listing(here))


def _card(here: Here) -> Text:
    waiting = _waiting(here)
    if not waiting:
        return _("Nobody waits for a decision.")
    one = waiting[0]
    more = len(waiting) - 1
    return lines(
        _("🔎 {name}").of(name=one.called),
        _("Age: {band}").of(band=BANDS[one.band]) if one.band in BANDS else None,
        _("📍 {place}").of(place=one.town) if one.town else None,
        _("📌 {title}").of(title=one.title),
        _("Asked: {when}").of(when=one.at),
        _("Has asked for a place, which waits for this.") if one.waits else None,
        _("Can they take part? Only yes or no is kept, never why."),
        n_("{n} more waits.", "{n} more wait.").of(n=more) if more else None,
    )


def _choices(here: Here) -> Mapping[str, Text]:
    waiting = _waiting(here)
    if not waiting:
        return {"done": _("All right")}
    number = waiting[0].id  # a colleague may decide in the meantime: the tap names whom it is about
    return {
        f"yes-{number}": _("✅ Yes"),
        f"all-{number}": _("✅ Yes, in all that is ours"),
        f"no-{number}": _("✋ Not this one"),
        "done": _("Later"),
    }


def _deed(here: Here) -> DecideEligibility:
    how, _dash, number = str(here["who"]).partition("-")
    return DecideEligibility(int(number), how != "no", everywhere=how == "all")


def _same(here: Here) -> dict[str, object]:
    return {"listing": here.get("listing") or ""}


_NEXT = Open("who_may", _same, instead=True)

who_may = Conversation(
    name="who_may",
    title=_("Who can take part"),
    command="who_may",
    about=_("decide who can take part"),
    role="staff",
    alone=True,
    steps=(
        Choose(name="who", question=_card, choices=_choices, goto={"done": "end"}, otherwise="decide"),
        Do(
            name="decide",
            does=DecideEligibility,
            deed=_deed,
            goto={"decided": "decided", "gone": "gone", "refused": "refused"},
        ),
        Tell(name="decided", text=_("✅ It is decided, and they are told."), otherwise=_NEXT),
        Tell(name="gone", text=_("A colleague has decided this already."), otherwise=_NEXT),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
