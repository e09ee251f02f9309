"""Calls in words: what stands on their cards and in reminders of their deadlines."""

from __future__ import annotations

from conversations.facts.calls import Applied, Call
from conversations.offers.words import BANDS, ages, for_whom, kind_name
from conversations.speech import Joined, Moment, Text, Words, _, lines, n_

STATES = {
    "registered": _("received, no decision yet"),
    "accepted": _("accepted"),
    "refused": _("not chosen this time"),
}

REGISTER = _("✍️ Register my interest")
LOOK = _("Look at the call")


def moved(title: Words, closes: Moment) -> Text:
    """A deadline is another one now."""
    return _("⏳ New deadline for {title}: {moment}.").of(title=title, moment=closes)


def decided(title: Words, child: Text | str, *, accepted: bool) -> Text:
    """What the person, and whoever registered for them, is told once there is a decision."""
    if accepted:
        news = _("🎉 Good news about “{title}”: the application is accepted. The team writes or calls soon.")
    else:
        news = _("About “{title}”: this time others were chosen. Thank you for trying. You can ask a person why.")
    return lines(news.of(title=title), for_whom(child))


def registered_by_other(title: Words, child: Text | str) -> Text:
    """Somebody else concerned has registered interest."""
    return lines(_("✍️ Interest was registered for “{title}”.").of(title=title), for_whom(child))


def withdrawn_by_other(title: Words, child: Text | str) -> Text:
    """Somebody else concerned has withdrawn it."""
    return lines(_("The interest in “{title}” was withdrawn.").of(title=title), for_whom(child))


def deadline(call: Call) -> Text:
    """Until when, and how many days that is."""
    if call.closes is None:
        return _("⏳ There is no deadline.")
    if not call.open:
        return _("⏳ This call is closed. The deadline was {moment}.").of(moment=call.closes)
    if call.days == 0:
        return _("⏳ Until {moment}. This is the last day.").of(moment=call.closes)
    return n_("⏳ Until {moment}. {n} day left.", "⏳ Until {moment}. {n} days left.").of(
        n=call.days, moment=call.closes
    )


def in_list(call: Call) -> Text:
    """A call among others: title, kind, town, deadline."""
    where = _("{kind} · {town}").of(kind=kind_name(call.kind), town=call.town) if call.town else kind_name(call.kind)
    return lines(_("📌 {title}").of(title=call.title), where, deadline(call))


def card(call: Call, applied: tuple[Applied, ...]) -> Text:
    """All there is to know about a call."""
    return lines(
        _("📌 {title}").of(title=call.title),
        _("{summary}").of(summary=call.summary) if call.summary else None,
        _("📍 {place}").of(place=call.town) if call.town else None,
        _("For ages: {bands}").of(bands=ages(call.bands)) if 0 < len(call.bands) < len(BANDS) else None,
        _("What counts: {criteria}").of(criteria=call.criteria) if call.criteria else None,
        _("Held by: {organisation}").of(organisation=call.organisation) if call.organisation else None,
        deadline(call),
        *(status(one) for one in applied),
        _("(The dates are an invented example.)") if call.invented else None,
    )


def status(applied: Applied) -> Text:
    """How an application stands."""
    state, number = STATES.get(applied.state, STATES["registered"]), str(applied.number)
    if applied.child:
        return _("📨 {child}, number {number}: {state}.").of(child=applied.child, number=number, state=state)
    return _("📨 Your number is {number}: {state}.").of(number=number, state=state)


def in_applications(applied: Applied) -> Text:
    """An application among others."""
    return lines(_("📌 {title}").of(title=applied.title), status(applied), _("Sent: {moment}").of(moment=applied.since))


def reminder(title: Words, closes: Moment, children: tuple[Text | str, ...] = (), *, applied: bool) -> Text:
    """The reminder of a deadline, right also when it is read late. `children` are those of a guardian it is about."""
    return lines(
        _("⏳ A deadline is coming: {title}").of(title=title),
        _("For: {who}").of(who=Joined(children, "and")) if children else None,
        _("You can register until {moment}.").of(moment=closes)
        if not applied
        else _("Your interest is registered. The call closes {moment}.").of(moment=closes),
    )
