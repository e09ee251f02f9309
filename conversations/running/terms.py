"""Staff say what an offer costs, whether travel is paid back and how, and who needs to be fetched; and get the list."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.lessons import HandSheet, SetTerms
from conversations.facts.lessons import Terms
from conversations.offers.terms import lines_of
from conversations.script import Conversation
from conversations.speech import Text, _, lines
from conversations.staff import fields, usual
from conversations.steps import Choose, Do, End, Here, Step, Tell, Write

LABEL = _("💶 Cost, travel, transport")
FETCHED = _("🚐 People are asked whether they need to be fetched.")
PAID = {"yes": _("Yes, travel is paid back"), "no": _("No"), "unsaid": _("Say nothing about it")}


def _listing(here: Here) -> int:
    return int(here["listing"])


def _known(here: Here) -> Terms:
    return here.facts.lessons.terms(_listing(here))


def _shown(here: Here) -> Text:
    known = _known(here)
    said = lines_of(known)
    return lines(
        _("📌 {title}").of(title=known.title),
        *(said or (_("Nothing is said about cost and travel yet."),)),
        FETCHED if known.transport else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    known = _known(here)
    return {
        "cost_language": _("💶 What it costs"),
        "paid": _("🚌 Is travel paid back?"),
        **({"travel_language": _("🚌 How travel is paid back")} if known.travel_paid == "yes" else {}),
        "transport": _("🚐 Do not ask about fetching") if known.transport else _("🚐 Ask who needs to be fetched"),
        "sheet": _("📄 Who came how often, as a table"),
        "done": _("All right"),
    }


def _wording(what: str, question: Text, skip: Text) -> tuple[Step, ...]:
    """A few words in one language; skipping takes them away."""
    return (
        Choose(name=f"{what}_language", question=_("In which language?"), choices=fields.LANGUAGES),
        Write(name=what, question=question, check=fields.words(2, 160), skip=skip),
        Do(
            name=f"set_{what}",
            does=SetTerms,
            deed=lambda here: SetTerms(_listing(here), what, str(here.get(what) or ""), str(here[f"{what}_language"])),
            goto={"saved": "saved", "refused": "refused"},
        ),
    )


terms = Conversation(
    name="terms",
    title=_("Cost, travel, transport"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "cost_language": "cost_language",
                "paid": "paid",
                "travel_language": "travel_language",
                "transport": "set_transport",
                "sheet": "sheet",
            },
            otherwise="end",
        ),
        *_wording("cost", _("What does it cost? For example: free of charge, or 3,000 dinars"), _("Leave it unsaid")),
        Choose(name="paid", question=_("Is travel paid back?"), choices=PAID),
        Do(
            name="set_paid",
            does=SetTerms,
            deed=lambda here: SetTerms(
                _listing(here), "travel_paid", str(here["paid"]) if here["paid"] != "unsaid" else ""
            ),
            goto={"saved": "saved", "refused": "refused"},
        ),
        *_wording(
            "travel", _("How? For example: bring the bus tickets, it is paid on the last day"), _("Leave it unsaid")
        ),
        Do(
            name="set_transport",
            does=SetTerms,
            deed=lambda here: SetTerms(_listing(here), "transport", "" if _known(here).transport else "yes"),
            goto={"saved": "act", "refused": "refused"},
        ),
        Do(
            name="sheet",
            does=HandSheet,
            deed=lambda here: HandSheet("travel", _listing(here)),
            goto={"sent": "act", "nobody": "nobody", "refused": "refused"},
        ),
        Tell(name="nobody", text=_("Nobody is marked as having been there yet."), otherwise="act"),
        Tell(name="saved", text=_("✅ It is changed."), otherwise="act"),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
