"""What is announced: on television, in a hall, on the internet; "remind me", and a question for those who make it."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import CountReach, RemindOfEvent
from conversations.facts.campaigns import Event
from conversations.offers.find import look_for
from conversations.script import Conversation
from conversations.speech import Moment, Text, Words, _, lines, said
from conversations.steps import Browse, Choose, Do, End, Here, Item, Json, Open, Page, Tell

REMIND = _("⏰ Remind me")
ICONS: Mapping[str, str] = {"tv": "📺", "news": "📰", "workshops": "🎓"}


def told(topic: str, title: Words, place: Words, at: Moment) -> Text:
    """An announcement: what, when, where."""
    return lines(
        _("{icon} {title}").of(icon=ICONS.get(topic, "📣"), title=title),
        _("🗓 {when}").of(when=at),
        _("📍 {place}").of(place=place) if place else None,
    )


def reminder_of(topic: str, title: Words, place: Words, at: Moment) -> Text:
    """The reminder that was asked for."""
    return lines(_("⏰ Soon:"), told(topic, title, place, at))


def _items(here: Here, offset: int, size: int) -> Page:
    events = here.facts.campaigns.events()
    some = events[offset : offset + size]
    return Page(
        tuple(Item(str(one.event_id), told(one.topic, one.title, one.place, one.at), said(one.title)) for one in some),
        len(events),
    )


def _event(here: Here) -> Event | None:
    return here.facts.campaigns.event(int(here["event"]))


def _card(here: Here) -> Text:
    event = _event(here)
    if event is None:
        return _("This is not announced any more.")
    return lines(
        told(event.topic, event.title, event.place, event.at),
        _("— {organisation}").of(organisation=event.organisation) if event.organisation else None,
        None if event.open else _("This is over, or does not take place."),
        _("⏰ I remind you {when}.").of(when=event.remind_at) if event.remind_at and event.open else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    event = _event(here)
    ways = {"remind": REMIND} if event is not None and event.open and event.remind_at is None else {}
    return {**ways, "ask": _("❓ Ask a question about it"), "topics": _("📣 More such news"), "done": _("Done")}


def _planned(here: Here) -> Text:
    event = _event(here)
    return _("✅ I remind you {when}.").of(when=event.remind_at) if event and event.remind_at else _("✅ Done.")


def _ask(here: Here) -> dict[str, Json]:
    return {"about": f"event:{here['event']}"}


events = Conversation(
    name="events",
    title=_("On TV, and events"),
    wishes=("on_tv",),
    command="tv",
    about=_("what is on television, and events"),
    open_to_all=True,
    steps=(
        Browse(
            name="which",
            question=_("This is announced. Tap it for a reminder, or to ask something."),
            items=_items,
            typed=look_for,
            empty="none",
        ),
        Do(
            name="seen",
            does=CountReach,
            deed=lambda here: CountReach("event", int(here["which"]), "chat"),
            otherwise=Open("event", lambda here: {"event": here["which"]}),
        ),
        End(name="none", text=_("Nothing is announced right now.")),
    ),
)

event = Conversation(
    name="event",
    title=_("An announcement"),
    open_to_all=True,
    steps=(
        Choose(
            name="go",
            question=_card,
            choices=_ways,
            goto={"remind": "remind", "ask": Open("talk", _ask), "topics": Open("topics"), "done": "end"},
            otherwise="end",
        ),
        Do(
            name="remind",
            does=RemindOfEvent,
            deed=lambda here: RemindOfEvent(int(here["event"])),
            goto={"planned": "planned", "already": "already", "late": "late", "gone": "gone"},
        ),
        Tell(
            name="planned",
            text=_planned,
            otherwise="end",
        ),
        Tell(name="already", text=_("The reminder is planned already."), otherwise="end"),
        Tell(name="late", text=_("It begins very soon, or is over: a reminder would come too late."), otherwise="end"),
        End(name="gone", text=_("This is not announced any more.")),
        End(name="end"),
    ),
)
