"""For staff: surveys, votes and boxes in one place, with what nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.script import Conversation
from conversations.speech import Text, _, n_
from conversations.steps import Choose, End, Here, Open


def _ways(here: Here) -> Mapping[str, Text]:
    new = here.facts.asking.new_in_boxes()
    return {
        "surveys": _("📊 Surveys"),
        "votes": _("🗳 Votes"),
        "boxes": n_("📮 Boxes: {n} new", "📮 Boxes: {n} new").of(n=new) if new else _("📮 Boxes"),
    }


asking = Conversation(
    name="asking",
    title=_("Surveys, votes, boxes"),
    role="staff",
    steps=(
        Choose(
            name="where",
            question=_("What would you like to look at?"),
            choices=_ways,
            goto={"surveys": Open("surveys"), "votes": Open("votes"), "boxes": Open("boxes")},
        ),
        End(name="end"),
    ),
)
