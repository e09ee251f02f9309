"""What an offer costs and whether travel is paid back, as cards and staff's settings say it."""

from __future__ import annotations

from conversations.facts.lessons import Terms
from conversations.outings.words import TOOLS
from conversations.speech import Joined, Text, Words, _, lines
from conversations.steps import Here


def travel_line(paid: str, how: Words) -> Text | None:
    """Whether travel is paid back; None where nothing was said."""
    if paid == "yes" and how:
        return _("🚌 Travel is paid back: {how}").of(how=how)
    return {"yes": _("🚌 Travel is paid back."), "no": _("🚌 Travel is not paid back.")}.get(paid)


def lines_of(known: Terms) -> tuple[Text, ...]:
    """Everything that is said about it."""
    said = (
        _("💶 Cost: {cost}").of(cost=known.cost) if known.cost else None,
        travel_line(known.travel_paid, known.travel),
        _("📝 The certificate is for who passes the exam.") if known.exam_needed else None,
    )
    return tuple(one for one in said if one is not None)


def on_card(here: Here, listing_id: int, card: Text) -> Text:
    """A card with what it costs, and which tools are needed."""
    known = here.facts.lessons.terms(listing_id)
    tools = tuple(TOOLS[word] for word in known.tools if word in TOOLS)
    needed = _("🧤 Useful to bring: {tools}").of(tools=Joined(tools, "commas")) if tools else None
    said = lines_of(known)
    return lines(card, *said, needed) if said or needed else card
