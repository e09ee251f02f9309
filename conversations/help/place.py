"""A place: when it is open on the coming days, also on holidays and when it is closed, where it is, which bus."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import CountReach
from conversations.facts.campaigns import Day, Place
from conversations.script import Conversation
from conversations.speech import Joined, Say, Text, _, lines, said, verbatim
from conversations.steps import Browse, Choose, Do, End, Here, Item, Open, Page

CLOSED: Mapping[str, Text] = {
    "ill": _("somebody is ill"),
    "repair": _("repairs"),
    "holidays": _("holidays"),
    "water": _("no electricity or water"),
}
"""Why a place is closed: these are told in each one's language, typed words as they are."""


def _items(here: Here, offset: int, size: int) -> Page:
    places = here.facts.campaigns.places()
    some = places[offset : offset + size]
    return Page(tuple(Item(str(one.site_id), _in_list(one), said(one.name)) for one in some), len(places))


def _in_list(place: Place) -> Text:
    return lines(said(place.name), _("📍 {town}").of(town=place.town), _now(place))


def _now(place: Place) -> Text | None:
    """Whether it is open now: the first thing that somebody on their way wants to know."""
    if not place.days:
        return None
    today = place.days[0]
    if today.why == "closed":
        reason = because(today.reason)
        return _("⛔ Closed today: {reason}").of(reason=reason) if reason else _("⛔ Closed today")
    if today.why == "holiday":
        return _("⛔ Closed today: public holiday")
    if place.open_now:
        return _("🟢 Open now, until {hour}").of(hour=today.hours[-1][1])
    if today.hours:
        return _("🔴 Closed now. Today: {hours}").of(hours=_hours(today))
    return _("🔴 Closed today")


def because(reason: str) -> Text | None:
    """A reason in words: one of the list, or what staff wrote."""
    return CLOSED.get(reason) or (verbatim(reason) if reason else None)


def _hours(day: Day) -> Text:
    spans = tuple(f"{first}–{last}" for first, last in day.hours)
    return _("{hours}").of(hours=Joined(spans, "commas"))


def _line(day: Day) -> Text:
    if day.hours:
        return _("{day}: {hours}").of(day=day.day, hours=_hours(day))
    why = _("public holiday") if day.why == "holiday" else because(day.reason) if day.why == "closed" else None
    if why is None:
        return _("{day}: closed").of(day=day.day)
    return _("{day}: closed ({reason})").of(day=day.day, reason=why)


def card_text(place: Place) -> Text:
    """A place with its coming days, as the chat and the public page show it."""
    return lines(
        _("🏠 {name}").of(name=place.name),
        _("📍 {town}").of(town=place.town),
        _now(place),
        *(_line(day) for day in place.days[1:]),
        _("🚌 {bus}").of(bus=place.bus) if place.bus else None,
        None if place.days else _("The hours are not known here. Ask a person from our team."),
    )


def _shown(here: Here) -> Say:
    place = here.facts.campaigns.place(int(here["site"]))
    if place is None:
        return Say(_("This place is not known any more."))
    return Say(card_text(place), venue=place.venue)


place = Conversation(
    name="place",
    title=_("Opening hours"),
    wishes=("places",),
    command="hours",
    about=_("when it is open, where it is"),
    open_to_all=True,
    steps=(
        Browse(name="site", question=_("Which place?"), items=_items, empty="none"),
        Do(
            name="seen",
            does=CountReach,
            deed=lambda here: CountReach("site", int(here["site"]), "chat"),
            otherwise="card",
        ),
        Choose(
            name="card",
            question=_shown,
            choices={"talk": _("Ask a person from our team"), "done": _("Done")},
            goto={"talk": Open("talk"), "done": "end"},
        ),
        End(name="none", text=_("No hours are known yet. A person from our team can tell you.")),
        End(name="end", text=_("See you there.")),
    ),
)
