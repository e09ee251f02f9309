"""For whom a booking is, and the yes that is needed before it."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.calls.whom import another_child, key, people
from conversations.facts.offers import Somebody
from conversations.offers.booking import conditions
from conversations.speech import Joined, Text, Value, _, lines
from conversations.steps import Here, Json


def _bands(here: Here) -> tuple[str, ...]:
    offer = here.facts.offers.offer(int(here.get("listing", 0)))
    return offer.bands if offer is not None else ()


def to_choose(here: Here) -> bool:
    """True where it may be for somebody else too, so that it must be asked."""
    if conditions.conditions_of(here).professionals:
        return False  # whoever comes for an institution comes themself
    return list(choices(here)) != [key(here.facts.me.person_id)]


def nobody_fits(here: Here) -> bool:
    """True where it is for other ages than those of whoever this could be booked for."""
    if conditions.conditions_of(here).professionals:
        return not any(one.me and one.suits(_bands(here)) for one in here.facts.offers.who())
    return not choices(here)


def people_labels(here: Here) -> dict[str, Text]:
    """Everybody of the right age for whom the person may book, as buttons."""
    return people(here, _bands(here))


def choices(here: Here) -> Mapping[str, Text]:
    """For whom it may be, several of them together, or another child."""
    single = people_labels(here)
    several = {"several": _("For several of us")} if len(single) > 1 else {}
    return {**single, **several, **another_child(here, _bands(here))}


def chosen_people(here: Here) -> tuple[Somebody, ...]:
    """Who was chosen; the person who talks where nobody was asked."""
    everybody = here.facts.offers.who()
    if here.get("who") == "several":
        keys = set(here.get("several") or ())
    elif here.get("who"):
        keys = {here["who"]}
    else:
        return everybody[:1]
    return tuple(one for one in everybody if key(one.person_id) in keys)


def names(here: Here) -> Value:
    """Who was chosen, in words; children without a name by the numbers on their buttons, where they are several."""
    numbers = {one.person_id: number for number, one in enumerate(here.facts.offers.who())}
    chosen = chosen_people(here)
    nameless = sum(not (one.me or one.called or one.family) for one in chosen)

    def named(one: Somebody) -> Value:
        if one.me:
            return _("me")
        if one.called or one.family:
            return one.called or _("a child of {name}").of(name=one.family)
        return _("my child ({n})").of(n=numbers[one.person_id]) if nameless > 1 else _("my child")

    return Joined(tuple(named(one) for one in chosen), "and")


def _consent_missing(here: Here) -> bool:
    return any(not one.consented for one in chosen_people(here))


def _mine_is_missing(here: Here) -> bool:
    return any(one.me and not one.consented for one in chosen_people(here))


def needs_guardian(here: Here) -> bool:
    """True where a parent or guardian has to say yes first."""
    return _mine_is_missing(here) and here.facts.me.needs_guardian


def needs_yes(here: Here) -> bool:
    """True where the person themself can give the yes that is missing."""
    return _consent_missing(here) and not here.facts.me.needs_guardian


def asks_guardian(here: Here) -> Text:
    """The question to who is too young to agree alone, or that the yes has come."""
    if not _mine_is_missing(here):
        return _("A parent or guardian has said yes. Shall we go on with the booking?")
    return lines(
        _("At this age a parent or guardian must say yes before the first booking."),
        _("I write a message to send to them. What was chosen here is kept."),
    )


def guardian_choices(here: Here) -> Mapping[str, Text]:
    """Asking the guardian, or going on once the yes has come."""
    if not _mine_is_missing(here):
        return {"go": _("Go on with the booking"), "later": _("Not now")}
    return {"ask": _("Ask my parent or guardian"), "later": _("Not now")}


def kept_choice(here: Here) -> Mapping[str, Json]:
    """What was chosen, to be gone on with from the news that the guardian said yes."""
    return {"ask": "make", "listing": here["listing"], "session": here["session"]}


def asks_yes(here: Here) -> Text:
    """The question for the yes that is missing, or that it is there."""
    if _mine_is_missing(here):
        return _("Before booking, please agree in “my data” that we keep the booking.")
    if _consent_missing(here):
        return _("Before booking, please agree in “my data” that the child may take part.")
    return _("Thank you. Shall we go on with the booking?")


def yes_choices(here: Here) -> Mapping[str, Text]:
    """Giving it, or going on once it is there."""
    if _consent_missing(here):
        return {"ask": _("Open my data"), "later": _("Not now")}
    return {"go": _("Go on with the booking"), "later": _("Not now")}
