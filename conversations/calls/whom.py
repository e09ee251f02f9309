"""For whom interest in a call is registered: oneself, or a child one speaks for; and the consent that this needs."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.facts.offers import Somebody
from conversations.offers.words import YOUR_CHILD
from conversations.speech import Text, _, lines
from conversations.steps import Here

_PERSON = "p"
"""How keys begin that stand for a person."""


def several(here: Here) -> bool:
    """True for somebody with children of theirs: they are asked first for whom."""
    return len(here.facts.offers.who()) > 1


def to_choose(here: Here, listing: int, bands: tuple[str, ...]) -> bool:
    """True unless it can only be the person who talks."""
    left_over = left(here, listing, bands)
    return several(here) or not (left_over and left_over[0].me)


def left(here: Here, listing: int, bands: tuple[str, ...] = ()) -> tuple[Somebody, ...]:
    """Who is of these ages and has not registered for the call yet: the person first, then their children."""
    registered = {one.person_id for one in here.facts.calls.applied(listing)}
    everybody = here.facts.offers.who()
    return tuple(one for one in everybody if one.person_id not in registered and one.suits(bands))


def _label(one: Somebody, number: int) -> Text:
    if one.me:
        return _("For me")
    if one.called:
        return _("For {name}").of(name=one.called)
    if one.family:
        return _("For a child of {name} ({n})").of(name=one.family, n=number)
    return _("For my child ({n})").of(n=number)


def key(person_id: int) -> str:
    """What a button for this person answers."""
    return f"{_PERSON}{person_id}"


def people(here: Here, bands: tuple[str, ...] = ()) -> dict[str, Text]:
    """Everybody of these ages for whom something can be booked: the person first, then those spoken for, numbered."""
    everyone = enumerate(here.facts.offers.who())
    return {key(one.person_id): _label(one, number) for number, one in everyone if one.suits(bands)}


def everybody(here: Here, bands: tuple[str, ...] = ()) -> Mapping[str, Text]:
    """Everybody of these ages for whom something can be booked, and the way to add a child."""
    return {**people(here, bands), **another_child(here, bands)}


def choices(here: Here, listing: int, bands: tuple[str, ...] = ()) -> Mapping[str, Text]:
    """Everybody of these ages who may still register, and the way to add a child."""
    labels = people(here, bands)
    still = (key(one.person_id) for one in left(here, listing, bands))
    return {**{one: labels[one] for one in still}, **another_child(here, bands)}


def another_child(here: Here, bands: tuple[str, ...] = ()) -> dict[str, Text]:
    """The way to add a child, for adults, where it is not for adults alone."""
    if here.facts.me.band != "18+" or tuple(bands) == ("18+",):
        return {}
    has_some = any(not one.me for one in here.facts.offers.who())
    return {"child": _("For another child of mine") if has_some else _("For a child of mine")}


def applied_choices(here: Here, listing: int) -> Mapping[str, Text]:
    """Everybody whose interest can be withdrawn."""
    labels = people(here)
    applied = (key(one.person_id) for one in here.facts.calls.applied(listing))
    return {one: labels.get(one, _("For me")) for one in applied}


def applicant(here: Here, listing: int) -> int:
    """Whose interest is withdrawn: the one picked, else the only one there is; 0 where there is none."""
    applied = here.facts.calls.applied(listing)
    if here.get("whose"):
        return int(str(here["whose"]).removeprefix(_PERSON))
    return applied[0].person_id if applied else 0


def _chosen(here: Here) -> Somebody:
    """Who was chosen; the person who talks where nobody was asked, or where the child is theirs no more."""
    everybody = here.facts.offers.who()
    picked = [one for one in everybody if key(one.person_id) == here.get("who")]
    return (*picked, everybody[0])[0]


def chosen_id(here: Here) -> int:
    """Whom to register, as it was picked: authorised again where it is done. 0 for the person who talks."""
    return int(str(here.get("who") or "").removeprefix(_PERSON) or 0)


def is_other(here: Here) -> bool:
    """True where it is not for the person who talks."""
    return not _chosen(here).me


def is_child(here: Here) -> bool:
    """True where it is for a child of the person who talks."""
    return any(child.person_id == _chosen(here).person_id for child in here.facts.people.children())


def name(here: Here) -> Text | str:
    """What whoever it is for is called; "" for the person who talks."""
    one = _chosen(here)
    if one.me or one.called:
        return one.called
    return _("a child of {name}").of(name=one.family) if one.family else YOUR_CHILD


# ---------------------------------------------------------------- the consent that is needed


def consent_missing(here: Here) -> bool:
    """True while whoever was chosen may not take part yet."""
    return not _chosen(here).consented


def asks_consent(here: Here) -> Text:
    """Whose yes is missing, and how to come by it."""
    one = _chosen(here)
    if one.consented:
        return _("Thank you. Shall we go on?")
    if not one.me and not is_child(here):
        return _("For this person the yes to taking part is missing. It is given in their own chat.")
    if not one.me:
        return _("For this child the yes to taking part is missing. It is given under “My children”.")
    if here.facts.me.needs_guardian:
        return lines(
            _("At this age a parent or guardian must say yes first."),
            _("I write a message to send to them. What was chosen here is kept."),
        )
    return _("Before registering, please agree that we keep it.")


def consent_choices(here: Here) -> Mapping[str, Text]:
    """The way to that yes; once it is there, the way on."""
    one = _chosen(here)
    if one.consented:
        way = {"go": _("Go on")}
    elif not one.me and not is_child(here):
        return {"later": _("Not now")}
    elif not one.me:
        way = {"children": _("👪 My children")}
    elif here.facts.me.needs_guardian:
        way = {"guardian": _("Ask my parent or guardian")}
    else:
        way = {"own": _("Go on")}
    return {**way, "later": _("Not now")}
