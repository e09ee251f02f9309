"""A wizard for seats by the slot: where, how many, when it is open, how often each person may come, printing or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.resources import PublishResource
from conversations.hours import clock, read_spans
from conversations.offers.words import ages
from conversations.script import Conversation
from conversations.speech import Joined, NotUnderstood, Text, Words, _, lines, n_
from conversations.staff import fields, usual
from conversations.staff.publishing.drafts import place_of
from conversations.steps import Choose, ChooseMany, Do, End, Here, Json, Step, Tell, Write
from conversations.weekdays import LONG, SHORT

_EXAMPLE = "16:00-20:00"
_CHANGES: Mapping[str, Text] = {
    "title": _("Title"),
    "summary": _("Description"),
    "places": _("Places"),
    "days": _("Days"),
    "hours": _("Hours"),
    "slot": _("Length"),
    "week_slots": _("How often each person may come"),
    "pages": _("Pages to print"),
    "bands": _("Ages"),
}
"""What can be changed before it is published, by the step that asks for it."""


def read_hours(typed: str, _here: Here) -> Json:
    """From when to when, in one or more parts: "16-20", "9:00-12:00, 16:00-20:00". The spans as JSON holds them."""
    spans = read_spans(typed)
    if spans is None:
        raise NotUnderstood(_("Please write from when to when, for example: {example}").of(example=_EXAMPLE))
    return [[clock(opens), clock(closes)] for opens, closes in spans]


def draft_of(here: Here) -> dict[str, Any]:
    """What was gathered, as it is published."""
    site = here.get("site")
    organisation = here.get("organisation")
    said = {name: fields.said_at(here, name) for name in _CHANGES}
    return {
        "organisation": int(organisation) if organisation else None,
        "block": "RES",
        "kind": "room",
        "title": fields.by_language(here, "title"),
        "summary": fields.by_language(here, "summary"),
        "town": fields.town_of(here),
        "site": int(site) if site and site != "other" else None,
        "site_name": here.get("site_name") if site == "other" else "",
        "bands": list(said["bands"] or ()),
        "places": int(said["places"] or 0),
        "remind": [120],
        "week": {day.removeprefix("d"): said["hours"] or [] for day in said["days"] or ()},
        "slot_minutes": int(said["slot"] or 60),
        "week_slots": int(said["week_slots"] or 0),
        "week_pages": int(said["pages"] or 0),
    }


def _preview(here: Here) -> Text:
    draft = draft_of(here)
    return lines(_("People will see it like this:"), seen(draft, place_of(here, draft)))


def seen(draft: Mapping[str, Any], place: Words) -> Text:
    """Seats as people will see them, and how often each may come. `place` is the site with its town."""
    days = Joined(tuple(SHORT[int(day)] for day in sorted(draft["week"])), "commas")
    spans = next(iter(draft["week"].values()), ())
    hours = Joined(tuple(f"{opens}–{closes}" for opens, closes in spans), "commas")
    return lines(
        _("📌 {title}").of(title=Words.of(draft["title"])),
        _("{summary}").of(summary=Words.of(draft["summary"])),
        _("📍 {place}").of(place=place) if place else None,
        _("🕓 {days}: {hours}").of(days=days, hours=hours),
        n_("🖥 {n} seat", "🖥 {n} seats").of(n=draft["places"]),
        n_("⏱ {n} minute", "⏱ {n} minutes").of(n=draft["slot_minutes"]),
        n_("Each person {n} time a week", "Each person {n} times a week").of(n=draft["week_slots"])
        if draft["week_slots"]
        else None,
        n_("🖨 {n} page a week", "🖨 {n} pages a week").of(n=draft["week_pages"]) if draft["week_pages"] else None,
        _("For ages: {bands}").of(bands=ages(tuple(draft["bands"]))) if draft["bands"] else None,
    )


_ASKING: tuple[Step, ...] = (
    usual.organisation(),
    Write(
        name="title",
        question=_("What is it called? A few plain words that a child understands."),
        check=fields.words(3, 80),
    ),
    Write(name="summary", question=_("What can people do there? One or two sentences."), check=fields.words(3, 600)),
    *usual.WHERE,
    usual.count("places", _("How many seats are there?"), between=(1, 200), likely=(2, 4, 6, 10)),
    ChooseMany(
        name="days",
        question=_("On which days is it open?"),
        choices={f"d{number}": day for number, day in enumerate(LONG)},
        least=1,
        page=7,
    ),
    Write(
        name="hours",
        question=_("From when to when? For example: {example}").of(example=_EXAMPLE),
        check=read_hours,
    ),
    usual.count("slot", _("How long is one turn, in minutes?"), between=(15, 480), likely=(30, 60, 90, 120)),
    usual.count(
        "week_slots",
        _("How many turns may one person have in a week?"),
        between=(1, 50),
        likely=(2, 3, 5),
        skip=_("As many as they like"),
    ),
    usual.count(
        "pages",
        _("Can people have papers printed there? Then: how many pages may one person have in a week?"),
        between=(1, 500),
        likely=(10, 20, 30),
        skip=_("Nothing is printed"),
    ),
    ChooseMany(name="bands", question=_("For which ages? Choose nothing for everybody."), choices=fields.bands),
)

new_resource = Conversation(
    name="new_resource",
    title=_("Seats by the hour"),
    role="staff",
    steps=(
        *_ASKING,
        Choose(
            name="preview",
            question=_preview,
            choices={"publish": _("✅ Publish"), "change": usual.CHANGE, "drop": _("🗑 Throw away")},
            goto={"publish": "publish", "change": "change", "drop": "sure"},
        ),
        *usual.changing(_ASKING, _CHANGES, *_CHANGES),
        *fields.THROWN_AWAY,
        Do(
            name="publish",
            does=PublishResource,
            deed=lambda here: PublishResource(draft_of(here)),
            goto={"published": "published", "incomplete": "incomplete", "refused": "refused"},
        ),
        Tell(
            name="incomplete",
            text=_("Something is missing: title, place or hours. Please begin again."),
            otherwise="title",
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="published", text=usual.published),
    ),
)
