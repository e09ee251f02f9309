"""How far things reached in the last 30 days: counts of pages, chats and taps, never people."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.facts.campaigns import Reached
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, said
from conversations.steps import Browse, Choose, End, Here, Item, Open, Page, Tell

_KINDS: Mapping[str, Text] = {
    "answer": _("📖 Answers"),
    "broadcast": _("📣 Messages to many"),
    "listing": _("📋 What we have published"),
    "event": _("📺 What we have announced"),
    "calls": _("☎️ Calls that people asked for"),
    "done": _("All right"),
}


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.campaigns.reached(here["kind"], offset, size)
    return Page(tuple(Item(str(offset + place), _told(row), _("Look")) for place, row in enumerate(rows)), total)


def _told(row: Reached) -> Text:
    return lines(
        said(row.title),
        _("🔗 pages: {page}   💬 chats: {chat}   👆 taps: {tapped}").of(
            page=row.page, chat=row.chat, tapped=row.tapped
        ),
    )


def _calls(here: Here) -> Text:
    calls = here.facts.campaigns.calls()
    if not calls.made:
        return _("Nobody was called in the last 30 days.")
    return lines(
        n_("☎️ {n} call in 30 days.", "☎️ {n} calls in 30 days.").of(n=calls.made),
        n_("Half of them within {n} hour.", "Half of them within {n} hours.").of(n=max(1, calls.hours)),
    )


reach = Conversation(
    name="reach",
    title=_("How far it reached"),
    command="reach",
    about=_("how far our messages reach"),
    role="staff",
    steps=(
        Choose(
            name="kind",
            question=_("How far did it reach in the last 30 days? Fewer than 5 is shown as “<5”."),
            choices=_KINDS,
            goto={"calls": "calls", "done": "end"},
        ),
        Browse(
            name="which",
            question=_("What reached most comes first:"),
            items=_items,
            empty="none",
            otherwise=Open("reach", instead=True),
        ),
        Tell(name="calls", text=_calls, otherwise=Open("reach", instead=True)),
        Tell(name="none", text=_("Nothing was counted so far."), otherwise=Open("reach", instead=True)),
        End(name="end"),
    ),
)
