"""What people read of the conditions of a listing."""

from __future__ import annotations

from conversations.facts.conditions import Conditions
from conversations.speech import Joined, Moment, Text, Words, _, lines, n_

JUST_COME = _("🚪 Just come, no booking is needed.")
CHECKING = _("We check who can take part, and then write here. Nobody is asked for a reason.")
NOT_THIS_ONE = _("There is no place in this one for you. We gladly look for something that fits: ask a person.")
FOR_PROFESSIONALS = _("🏛 For people who come for their institution: schools, centres, town halls.")
DATES = _("🚪 {when}")
_NEEDED = n_("👥 {least} needed, {n} enrolled", "👥 {least} needed, {n} enrolled")
_ENOUGH = n_("👥 {n} enrolled, it takes place", "👥 {n} enrolled, it takes place")


def card_lines(conditions: Conditions) -> tuple[Text | None, ...]:
    """The conditions as the card shows them, a line each; None where there is nothing to say."""
    enough = conditions.enrolled >= conditions.least
    kept = tuple(_("{name}: {n}").of(name=name, n=places) for name, places in conditions.quotas)
    return (
        JUST_COME if conditions.drop_in else None,
        FOR_PROFESSIONALS if conditions.professionals else None,
        _("➡️ Comes first: {title}").of(title=conditions.after) if conditions.after else None,
        (_ENOUGH if enough else _NEEDED).of(least=conditions.least, n=conditions.enrolled)
        if conditions.least
        else None,
        _("Places are kept for: {names}").of(names=Joined(kept, "commas")) if kept else None,
        _("🔎 Who can take part is checked first.") if conditions.must_wait else None,
        _("🔓 Bookings open: {when}").of(when=conditions.opens) if conditions.opens else None,
    )


def opened(title: Words) -> Text:
    """A listing takes bookings from now on; said to who asked for it."""
    return lines(_("🔓 Bookings are open now."), _("📌 {title}").of(title=title))


def may_take_part(title: Words, child: Text | str) -> Text:
    """It is decided: somebody may take part, and can book."""
    return lines(_("✅ You can take part."), _for(child), _("📌 {title}").of(title=title))


def got_place(about: Text, child: Text | str) -> Text:
    """It is decided, and the place that was asked for is booked. `about` says what, when and where."""
    return lines(_("✅ You can take part, and the place is booked."), _for(child), about)


def waits_on(title: Words, ahead: int, child: Text | str) -> Text:
    """It is decided, and somebody waits for a place now."""
    turn = (
        n_("On the waiting list, {n} before you.", "On the waiting list, {n} before you.").of(n=ahead)
        if ahead
        else _("On the waiting list, first in line.")
    )
    return lines(_("✅ You can take part."), _for(child), _("📌 {title}").of(title=title), turn)


def not_this_one(title: Words, child: Text | str) -> Text:
    """It is decided: not this one. Kindly, without a ground, which nobody has written down."""
    return lines(_("📌 {title}").of(title=title), _for(child), NOT_THIS_ONE)


def new_turn(title: Words, when: Moment, child: Text | str, place: int, reason: Text | None) -> Text:
    """Somebody was moved in the waiting list."""
    turn = _("Your place in the waiting list has changed: you are first now.")
    if place > 1:
        turn = n_(
            "Your place in the waiting list has changed: {n} before you.",
            "Your place in the waiting list has changed: {n} before you.",
        ).of(n=place - 1)
    return lines(turn, _for(child), _("{title} · {when}").of(title=title, when=when), reason)


def _for(child: Text | str) -> Text | None:
    return _("For: {child}").of(child=child) if child else None
