"""Staff set what a listing is beside a meeting: a trip, with tools, with buddies; and where people meet."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.lessons import SetTerms
from conversations.deeds.outings import SetOuting
from conversations.outings import words
from conversations.script import Conversation
from conversations.speech import Text, _, lines
from conversations.staff import fields, usual
from conversations.steps import Choose, Do, End, Here, Open, Tell, Write


def _listing(here: Here) -> int:
    return int(here["listing"])


def _shown(here: Here) -> Text:
    known = here.facts.outings.outing(_listing(here))
    return lines(
        words.NEEDS_YES if known.trip else _("🚌 It is no trip: the general yes is enough."),
        words.point_line(known.point),
        _("🧤 People are asked about tools.") if known.tools else None,
        _("🤝 People are asked about a buddy.") if known.buddies else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    known = here.facts.outings.outing(_listing(here))
    ways = {
        "trip": _("🚌 No trip any more") if known.trip else _("🚌 It is a trip"),
        "point": _("📍 Meeting point"),
        "tools": _("🧤 Do not ask about tools") if known.tools else _("🧤 Ask about tools"),
        **({"needed": _("🧤 How many tools are needed")} if known.tools else {}),
        "buddies": _("🤝 Do not ask about buddies") if known.buddies else _("🤝 Ask about buddies"),
    }
    if known.buddies:
        ways["pair"] = _("🤝 Pair buddies")
    return {**ways, "done": _("All right")}


def _needed(here: Here) -> Text:
    known = here.facts.lessons.terms(_listing(here)).tools
    return lines(
        *(_("🧤 {tool}: {n}").of(tool=words.TOOLS[word], n=str(n)) for word, n in known.items() if word in words.TOOLS),
        _("Which tool?"),
    )


def _deed(here: Here) -> SetOuting:
    known, what = here.facts.outings.outing(_listing(here)), str(here["act"])
    if what == "point":
        return SetOuting(_listing(here), what, point=str(here["point"]))
    now = {"trip": known.trip, "tools": known.tools, "buddies": known.buddies}
    return SetOuting(_listing(here), what, wanted=not now[what])


outing = Conversation(
    name="outing",
    title=_("Trip, tools, buddies"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "needed": "tool",
                "point": "point",
                "pair": Open("buddies", lambda here: {"listing": here["listing"]}),
                "done": "end",
            },
            otherwise="set",
        ),
        Write(
            name="point",
            question=_("Where do people meet? For example: in front of the school, at the gate"),
            check=fields.words(3, 200),
        ),
        Do(
            name="set",
            does=SetOuting,
            deed=_deed,
            goto={"saved": "act", "series": "series", "refused": "refused"},
        ),
        Choose(
            name="tool", question=_needed, choices={**words.TOOLS, "back": _("All right")}, page=7, goto={"back": "act"}
        ),
        usual.count(
            "number", _("How many are needed at one meeting? 0 is none."), between=(0, 1000), likely=(0, 5, 10, 20, 30)
        ),
        Do(
            name="set_tool",
            does=SetTerms,
            deed=lambda here: SetTerms(_listing(here), f"tool:{here['tool']}", str(here["number"])),
            goto={"saved": "tool", "refused": "refused"},
        ),
        Tell(
            name="series",
            text=_("This is a series. A trip needs a yes for each time: please make a listing of its own."),
            otherwise="act",
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
