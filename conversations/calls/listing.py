"""Calls that are open now, as cards: internships, jobs, training, grants; and what one has applied for."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.calls.words import in_applications, in_list
from conversations.offers.words import kind_name
from conversations.script import Conversation
from conversations.speech import Text, _, said
from conversations.steps import Browse, Choose, End, Here, Item, Json, Open, Page

SOME_MOST = 4
"""So many kinds have a button of their own beside "all"; there are hardly more."""


def _kinds(here: Here) -> Mapping[str, Text]:
    kinds = here.facts.calls.kinds()
    found: dict[str, Text] = {}
    if len(kinds) > 1:
        found["all"] = _("Everything that is open")
    found |= {kind: kind_name(kind) for kind in kinds[:SOME_MOST]}
    if here.facts.calls.applications(0, 1)[1]:
        found["mine"] = _("📨 What I sent")
    return found or {"none": _("Look at what else is on")}


def _question(here: Here) -> Text:
    if not here.facts.calls.kinds():
        return _("No call is open right now. New ones appear here.")
    return _("What are you looking for?")


def _page(here: Here, offset: int, size: int) -> Page:
    kind = here.get("kind") or "all"
    calls, total = here.facts.calls.open_calls("" if kind == "all" else kind, offset, size)
    return Page(tuple(Item(str(call.listing_id), in_list(call), said(call.title)) for call in calls), total)


calls = Conversation(
    name="calls",
    title=_("Jobs, training, grants"),
    command="calls",
    about=_("internships, jobs, grants"),
    steps=(
        Choose(
            name="kind",
            question=_question,
            choices=_kinds,
            goto={"mine": Open("applications"), "none": Open("find")},
        ),
        Browse(
            name="call",
            question=_("These calls are open. Tap one to see more."),
            items=_page,
            empty="none",
            otherwise=Open("call", lambda here: {"listing": int(here["call"])}),
        ),
        End(name="none", text=_("No call is open right now. New ones appear here.")),
    ),
)


def _mine(here: Here, offset: int, size: int) -> Page:
    found, total = here.facts.calls.applications(offset, size)
    return Page(tuple(Item(str(one.number), in_applications(one), said(one.title)) for one in found), total)


def _sent(here: Here) -> Mapping[str, Json]:
    """The call that an application was sent to."""
    one = here.facts.calls.application(str(here["call"]))
    return {"listing": one.listing_id if one else 0}


applications = Conversation(
    name="applications",
    title=_("What I sent"),
    command="applications",
    about=_("calls I registered for"),
    steps=(
        Browse(
            name="call",
            question=_("You registered for these. Tap one to see more."),
            items=_mine,
            empty="none",
            otherwise=Open("call", _sent),
        ),
        End(name="none", text=_("You have not registered for a call yet.")),
    ),
)
