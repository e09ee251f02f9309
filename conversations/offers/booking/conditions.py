"""The steps of an offer that its conditions ask for: who comes for which institution, may I take part, not open yet."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import AskEligibility, ChooseInstitution, RemindOpening
from conversations.deeds.people import SetTown
from conversations.facts.conditions import Conditions
from conversations.offers import words
from conversations.offers.booking import condition_words
from conversations.people.words import towns
from conversations.speech import Text, _, lines, said
from conversations.steps import Choose, Do, End, Goto, Here, Open, Step, Tell


def conditions_of(here: Here) -> Conditions:
    """The conditions of the listing that is looked at."""
    return here.facts.conditions.of(int(here.get("listing", 0)))


def _card(here: Here) -> Text:
    offer = here.facts.offers.offer(int(here.get("listing", 0)))
    return words.card(offer) if offer else _("This is not on offer any more.")


def _opens_later(here: Here) -> bool:
    return conditions_of(here).opens is not None


def _reminder_choices(here: Here) -> Mapping[str, Text]:
    if conditions_of(here).reminded:
        return {"no": _("All right")}
    return {"remind": _("🔔 Remind me when it opens"), "no": _("Not now")}


def _not_open(here: Here) -> Text:
    known = _("A message comes when it opens.") if conditions_of(here).reminded else None
    return lines(_card(here), known)


def _drop_in(here: Here) -> bool:
    offer = here.facts.offers.offer(int(here.get("listing", 0)))
    return offer is not None and conditions_of(here).drop_in


def _card_and_days(here: Here) -> Text:
    offer = here.facts.offers.offer(int(here.get("listing", 0)))
    days = offer.sessions[:6] if offer else ()
    place = offer.place if offer else None
    return lines(
        _card(here),
        *(
            (_("🗓 {when} · {place}") if one.place != place else _("🗓 {when}")).of(when=one.when, place=one.place)
            for one in days
        ),
        *(_("❌ {when}: this time not").of(when=when) for when in (offer.called_off if offer else ())),
        _("See you there!") if days else _("There are no dates right now. Look again soon, or ask a person."),
    )


def _decided_against(here: Here) -> bool:
    """True for whoever books for nobody else, where it is decided that this is not for them: nothing is offered then
    that would be refused.
    """
    return conditions_of(here).eligible is False and not _several(here)


def _works_nowhere(here: Here) -> bool:
    conditions = conditions_of(here)
    return conditions.professionals and not conditions.institution


def _institutions(here: Here) -> Mapping[str, Text]:
    known = {str(one.id): said(one.name) for one in here.facts.conditions.institutions()}
    return {**known, "other": _("It is not in the list"), "none": _("I do not work at one")}


def _town_missing(here: Here) -> bool:
    return conditions_of(here).town_missing


def _several(here: Here) -> bool:
    return len(here.facts.offers.who()) > 1


def _whom(here: Here) -> Mapping[str, Text]:
    return {
        f"p{one.person_id}": _("For me") if one.me else _("For {name}").of(name=one.called or _("my child"))
        for one in here.facts.offers.who()
    }


def _asks(here: Here) -> AskEligibility:
    whom = str(here.get("may_who") or "")
    return AskEligibility(int(here["listing"]), int(whom[1:]) if whom[1:].isdigit() else 0)


def may_ask(here: Here) -> dict[str, Text]:
    """The choice beside the dates by which somebody asks whether they can take part."""
    conditions = conditions_of(here)
    asks = conditions.must_wait and not conditions.asked
    return {"may": _("❔ Can I take part?")} if asks or (conditions.checked and _several(here)) else {}


BEFORE: tuple[Step, ...] = (
    Choose(name="opens", question=_not_open, choices=_reminder_choices, when=_opens_later, goto={"no": "later"}),
    Do(
        name="remind",
        does=RemindOpening,
        deed=lambda here: RemindOpening(int(here["listing"])),
        goto={"planned": "reminded", "open": "closed", "gone": "later"},
        when=_opens_later,
    ),
    Tell(name="drop_in", text=_card_and_days, when=_drop_in, otherwise="end"),
    Tell(
        name="not_for_you",
        text=lambda here: lines(_card(here), condition_words.NOT_THIS_ONE),
        when=_decided_against,
        otherwise="end",
    ),
)
"""Before anything can be booked: it is not open yet, or nothing is booked at all."""

WHO: tuple[Step, ...] = (
    Choose(
        name="institution",
        question=lambda here: lines(_card(here), _("Where do you work? It is asked once; “my data” changes it.")),
        choices=_institutions,
        page=12,
        when=_works_nowhere,
        goto={"other": "not_listed", "none": "not_working"},
    ),
    Do(
        name="works",
        does=ChooseInstitution,
        deed=lambda here: ChooseInstitution(int(here["institution"])),
        goto={"gone": "not_listed"},
        when=lambda here: _works_nowhere(here) and bool(here.get("institution")),
    ),
    Choose(
        name="town",
        question=_("Places are kept by town. Which town or village is closest?"),
        choices=towns,
        when=_town_missing,
    ),
    Do(
        name="placed",
        does=SetTown,
        deed=lambda here: SetTown(here.get("town")),
        goto={"person": "by_hand"},
        when=lambda here: _town_missing(here) and bool(here.get("town")),
    ),
)
"""What must be known before a date is chosen."""

OUTCOMES: Mapping[str, Goto] = {
    "early": "not_yet",
    "drop_in": "drop_in",
    "institution": "not_listed",
    "town": "by_hand",
    "after": "after",
    "checking": "checking",
    "ineligible": "ineligible",
}
"""Where a booking leads that a condition stands in the way of."""


def _comes_first(here: Here) -> Text:
    after = conditions_of(here).after
    return _("Comes first: {title}. After that, there is a place here too.").of(title=after)


def _checking(here: Here) -> Text:
    mine = next(
        (found for one in here["book"]["bookings"] if (found := here.facts.offers.booking(int(one))) is not None), None
    )
    return lines(
        condition_words.CHECKING,
        words.about_session(mine.gathering) if mine else None,
        _("Until then your place in the line is kept. Number: {number}.").of(number=str(mine.number)) if mine else None,
    )


AFTER: tuple[Step, ...] = (
    End(name="reminded", text=_("Done: a message comes when bookings open.")),
    End(name="not_listed", text=_("Our team adds it, if you write its name and town here."), then=Open("talk")),
    End(
        name="not_working",
        text=_("This is for people who work at an institution. Let us look for something else."),
        then=Open("find"),
    ),
    End(name="by_hand", text=_("Our team changes this by hand. Write “person”, and somebody will answer.")),
    Tell(name="not_yet", text=_("It does not take bookings yet."), otherwise="gone"),
    End(name="after", text=_comes_first),
    End(name="checking", text=_checking, then=Open("menu")),
    End(name="ineligible", text=condition_words.NOT_THIS_ONE),
    Choose(name="may_who", question=_("For whom shall we check it?"), choices=_whom, when=_several),
    Do(
        name="may",
        does=AskEligibility,
        deed=_asks,
        goto={"asked": "may_asked", "already": "may_asked", "gone": "later", "denied": "denied"},
    ),
    Tell(name="may_asked", text=condition_words.CHECKING, otherwise="gone"),
)
