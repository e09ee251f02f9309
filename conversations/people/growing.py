"""Growing up: who may have outgrown a guardian's yes is asked, when they come by, for their age and their own yes."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.people import AskBandLater, DecideAlone, SetBand
from conversations.people.words import BANDS, GROWN_ATTEND, NEWS, band_of, typed_band
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.steps import Choose, Confirm, Do, End, Here, Json, Open

TOMORROW, LATER, HALF_A_YEAR = 1, 30, 182
"""After so many days it is asked again: left open; put off; answered, but not old enough yet."""


def _bands(here: Here) -> Mapping[str, Text]:
    reached = here.facts.people.bands_reached()
    return {**{band: BANDS[band] for band in reached if band in BANDS}, "later": _("Not now")}


def _typed(here: Here, words: str) -> Json | Open | None:
    """An age; whatever else is typed is looked for, as in the menu: nobody is held up here."""
    band = typed_band(here, words)
    if band in _bands(here):
        return band
    return Open("find", lambda _here: {"words": words}, instead=True)


def _too_young(here: Here) -> bool:
    return here.facts.me.needs_guardian


def _own_yes(here: Here) -> bool:
    return any(given.mine and given.purpose == "attend" for given in here.facts.people.consents())


def _hears_news(here: Here) -> bool:
    """True where somebody else agreed to news for the person, so that they are asked themself."""
    given = [one for one in here.facts.people.consents() if one.purpose == "messages"]
    return bool(given) and not any(one.mine for one in given) and here.get("own") != "no"


def _decided(here: Here) -> DecideAlone:
    return DecideAlone(
        attend=here.get("own") != "no", messages=here.get("news") == "yes", reminders=here.get("reminders") == "yes"
    )


growing = Conversation(
    name="growing",
    title=_("Growing up"),
    steps=(
        Do(name="open", does=AskBandLater, deed=lambda here: AskBandLater(TOMORROW)),
        Choose(
            name="band",
            question=_("About a year has passed since we asked. How old are you now?"),
            choices=_bands,
            typed=_typed,
            when=lambda here: bool(here.facts.people.bands_reached()),
            goto={"later": "put_off"},
        ),
        Do(
            name="aged",
            does=SetBand,
            deed=lambda here: SetBand(band_of(here["band"])),
            goto={"set": "young", "person": "still"},
            when=lambda here: bool(here.get("band")),
        ),
        Do(
            name="young",
            does=AskBandLater,
            deed=lambda here: AskBandLater(HALF_A_YEAR),
            otherwise="still",
            when=_too_young,
        ),
        Choose(
            name="own",
            question=GROWN_ATTEND,
            choices={"yes": _("Yes"), "later": _("Not now"), "no": _("No, I do not want to")},
            goto={"yes": "news", "later": "put_off", "no": "sure"},
            when=lambda here: not _own_yes(here),
        ),
        Confirm(name="news", question=NEWS, goto={"no": "reminders"}, when=_hears_news),
        Confirm(
            name="reminders",
            question=_("Your parent or guardian is reminded too. Shall that go on?"),
            goto={"yes": "decided", "no": "decided"},
            when=lambda here: here.facts.people.guardians_remind(),
        ),
        Do(
            name="decided",
            does=DecideAlone,
            deed=_decided,
            goto={"alone": "alone", "without": "without", "guardian": "still"},
        ),
        Confirm(
            name="sure",
            question=_("Then what is booked is cancelled. Everything can still be looked at. Is that right?"),
            goto={"yes": "decided", "no": "own"},
        ),
        Do(name="put_off", does=AskBandLater, deed=lambda here: AskBandLater(LATER), otherwise="later"),
        End(name="alone", text=_("Done! From now on you decide about bookings yourself. 🙂")),
        End(name="without", text=_("All right. “My data” opens booking again at any time.")),
        End(name="later", text=_("All right, everything stays as it is.")),
        End(name="still", text=_("Thank you! Then everything stays as it is.")),
    ),
)
