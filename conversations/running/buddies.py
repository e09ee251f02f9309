"""Staff pair buddies: who would like one, who can be one; each is asked without the other's name."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.outings import PairBuddies
from conversations.facts.outings import Buddy
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell


def _rows(here: Here, wish: str) -> tuple[Buddy, ...]:
    return here.facts.outings.wishing(int(here["listing"]), wish)


def _called(row: Buddy) -> Text:
    return verbatim(row.called) if row.called else _("Number {number}").of(number=str(row.number))


def _wants(here: Here) -> Mapping[str, Text]:
    return {**{str(row.person_id): _called(row) for row in _rows(here, "wants")}, "done": _("All right")}


def _are(here: Here) -> Mapping[str, Text]:
    return {**{str(row.person_id): _called(row) for row in _rows(here, "is")}, "done": _("All right")}


def _first(here: Here) -> Text:
    wants, are = len(_rows(here, "wants")), len(_rows(here, "is"))
    return lines(
        n_("{n} would like a buddy", "{n} would like a buddy").of(n=wants) if wants else None,
        n_("{n} can be a buddy", "{n} can be a buddy").of(n=are) if are else None,
        None if wants or are else _("Nobody is waiting for a buddy."),
        _("Who gets a buddy?") if wants and are else None,
    )


buddies = Conversation(
    name="buddies",
    title=_("Buddies"),
    role="staff",
    alone=True,
    steps=(
        Choose(name="wants", question=_first, choices=_wants, goto={"done": "end"}, otherwise="is", page=12),
        Choose(name="is", question=_("Who could be the buddy?"), choices=_are, goto={"done": "end"}, page=12),
        Confirm(
            name="sure",
            question=_("Each is asked now. Names are told only after both said yes. Shall I ask?"),
            goto={"no": "end"},
        ),
        Do(
            name="pair",
            does=PairBuddies,
            deed=lambda here: PairBuddies(int(here["listing"]), int(here["wants"]), int(here["is"])),
            goto={"asked": "asked", "gone": "gone", "refused": "refused"},
        ),
        Tell(
            name="asked",
            text=_("✅ Both are asked."),
            otherwise=Open("buddies", lambda here: {"listing": here["listing"]}, instead=True),
        ),
        Tell(
            name="gone",
            text=_("One of them has somebody already, or these two were asked before."),
            otherwise=Open("buddies", lambda here: {"listing": here["listing"]}, instead=True),
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
