"""Words of the report on a broadcast: columns, outcomes and reasons."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Text, _, n_

HERE = _("Here is the report: who got the message, who did not, and why.")
SHEET = _("Report")
NAME = _("Called")
TOWN = _("Town")
OUTCOME = _("Outcome")
REASON = _("Reason")
MORE = n_("... and {n} more person", "... and {n} more people")
NUMBER = _("Number")

OUTCOMES: Mapping[str, Text] = {
    "sent": _("got it"),
    "waiting": _("on its way"),
    "unsure": _("in doubt"),
    "failed": _("did not get it"),
    "cancelled": _("did not get it"),
    "left": _("was not written to"),
}

REASONS: Mapping[str, Text] = {
    "stopped": _("has stopped messages"),
    "consent": _("no consent for messages"),
    "unreachable": _("cannot be reached"),
    "cap": _("has had enough messages today or this week"),
    "left": _("has left the chat"),
    "paid": _("could only be written to for money"),
    "budget": _("no money is left for messages"),
    "asked": _("was asked something within the last month"),
    "no_questions": _("wants no questions"),
}


def reason(code: str) -> Text | None:
    """A reason in words, where it is one that has words."""
    return REASONS.get(code)
