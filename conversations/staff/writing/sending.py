"""Sending to many, a message or a survey: how many it reaches, at what cost, now or later, and a last look."""

from __future__ import annotations

from conversations.facts.staff import Reach
from conversations.speech import Joined, Text, _, lines, n_
from conversations.staff import usual
from conversations.staff.writing.reports import REASONS
from conversations.steps import Asked, Confirm, End, Here, Step


def reached(reach: Reach, *more: Text | None) -> Text:
    """How many people get it, who is left out and why, and `more` about its cost."""
    out = tuple(_("{reason}: {n}").of(reason=REASONS[reason], n=n) for reason, n in reach.left_out)
    return lines(
        n_("👥 It goes to {n} person.", "👥 It goes to {n} people.").of(n=reach.reached),
        _("Not written to: {reasons}").of(reasons=Joined(out, "commas")) if out else None,
        _("It is their night: the first get it {when}.").of(when=reach.from_at) if reach.from_at else None,
        *more,
    )


def costs(reach: Reach) -> tuple[Text, ...]:
    """What it costs, where it costs anything; and that there is not enough, where there is not."""
    told: list[Text] = []
    for paid in reach.paid:
        cost = n_(
            "💶 {free} free of charge, {n} person by paid message on {channel}: about {cost} EUR. "
            "Left this month: {left} EUR.",
            "💶 {free} free of charge, {n} people by paid messages on {channel}: about {cost} EUR. "
            "Left this month: {left} EUR.",
        )
        told.append(cost.of(free=reach.free, n=paid.people, channel=paid.channel, cost=paid.cost, left=paid.left))
        if paid.unknown:
            unknown = n_(
                "The price is not known for {n} of them: reckoned with {each} EUR.",
                "The price is not known for {n} of them: reckoned with {each} EUR each.",
            )
            told.append(unknown.of(n=paid.unknown, each=paid.each))
    if not reach.affordable:
        told.append(_("⚠️ That is more than may be spent. It can go where it is free, or to fewer people."))
    return tuple(told)


def is_sure(here: Here, people: int) -> Text:
    """The last question, by what was chosen at the step "go": now, or at the time of the step "due"."""
    if here.get("go") == "later":
        return n_("Send it to {n} person, {when}?", "Send it to {n} people, {when}?").of(
            n=people, when=here.facts.staff.moment(here["due"], None)
        )
    return n_("Send it to {n} person now?", "Send it to {n} people now?").of(n=people)


def last_look(question: Asked) -> tuple[Step, ...]:
    """From the step "go" to the step "send": thrown away, at what time, and sure."""
    return (
        End(name="dropped", text=_("All right, nothing was sent.")),
        usual.moment("due", _("When should it go out? For example: 26.11. 17:00")),
        Confirm(name="sure", question=question, yes=_("Yes, send it"), goto={"yes": "send", "no": "go"}),
    )
