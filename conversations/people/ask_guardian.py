"""Before a booking: a child below the age of consent asks a guardian; who is old enough says yes themself."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import Agree, IssueGuardianCode, SetBand
from conversations.people.handing_on import for_a_parent
from conversations.people.words import ATTEND, BANDS, band_of, typed_band
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell


def _message(here: Here) -> Text:
    """What the child hands on: good on its own, in a message to a parent."""
    code = here["made"]["code"]
    asks = _("Your child would like to come to free activities and needs your yes. It takes two minutes:")
    return lines(asks, *for_a_parent(here, code))


def _whole(here: Here, name: str) -> int:
    """A seed that names a listing or a session; 0 where there is none."""
    seed = str(here.get(name) or "")
    return int(seed) if seed.isascii() and seed.isdigit() else 0


def _chosen(here: Here) -> bool:
    return bool(_whole(here, "listing"))


def _bands(here: Here) -> Mapping[str, Text]:
    """All bands; for somebody who may have grown up meanwhile, those they can have reached."""
    reached = here.facts.people.bands_reached()
    return {key: label for key, label in BANDS.items() if not reached or key in reached}


def _kept(here: Here) -> Text:
    return lines(_how_long(here), _("What was chosen is kept: with the yes comes a button to go on."))


def _on_paper(here: Here) -> Text:
    return _("No phone at home? A paper form works too. Our team then needs this code: {code}").of(
        code=here["made"]["short"]
    )


def _how_long(here: Here) -> Text:
    lasts = n_(
        "Send the message above to a parent or guardian. It works once, for {n} day. The answer comes here.",
        "Send the message above to a parent or guardian. It works once, for {n} days. The answer comes here.",
    ).of(n=here["made"]["days"])
    return lines(lasts, _on_paper(here))


ask_guardian = Conversation(
    name="ask_guardian",
    title=_("Asking a parent"),
    steps=(
        Choose(
            name="band",
            question=_("How old are you?"),
            choices=_bands,
            typed=typed_band,
            when=lambda here: not here.facts.me.band or bool(here.facts.people.bands_reached()),
        ),
        Do(
            name="aged",
            does=SetBand,
            deed=lambda here: SetBand(band_of(here["band"])),
            otherwise="attend",
            when=lambda here: bool(here.get("band")),
        ),
        Confirm(
            name="attend",
            question=ATTEND,
            goto={"yes": "agreed", "no": "later"},
            when=lambda here: not here.facts.me.needs_guardian and not here.facts.me.may_book,
        ),
        Choose(
            name="ask",
            question=_("For a booking, a parent or guardian must say yes once. I write a message to send to them."),
            choices={"make": _("Write the message"), "later": _("Later")},
            goto={"make": "made", "later": "later"},
            when=lambda here: here.facts.me.needs_guardian and not here.facts.me.may_book,
        ),
        End(name="may", text=_("All is ready: booking is open.")),
        Do(
            name="made",
            does=IssueGuardianCode,
            deed=lambda here: IssueGuardianCode(_whole(here, "listing"), _whole(here, "session")),
            goto={"made": "message", "not_needed": "attend"},
        ),
        Tell(name="message", text=_message),  # no question: the code must not stay in the stored state
        Tell(name="kept", text=_kept, when=_chosen, otherwise=Open("menu")),
        End(name="end", text=_how_long),
        Do(
            name="agreed",
            does=Agree,
            deed=lambda here: Agree("attend"),
            goto={"agreed": "may", "guardian": "ask"},
        ),
        End(name="later", text=_("All right. Everything can be looked at meanwhile.")),
    ),
)
