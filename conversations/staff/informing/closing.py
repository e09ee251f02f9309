"""Places of the organisation: when they are open, how to get there, and days on which they stay closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.campaigns import CloseSite, OpenSite, SetBus, SetHours
from conversations.help.place import CLOSED, because, card_text
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, said
from conversations.staff import fields, usual
from conversations.steps import Browse, Choose, ChooseMany, Do, End, Here, Item, Json, Open, Page, Tell, Write
from conversations.weekdays import LONG

AT_YOUR_SITE = n_(
    "⛔ {site} is closed, from {first}. {n} meeting of yours is planned there. Please decide what becomes of it.",
    "⛔ {site} is closed, from {first}. {n} meetings of yours are planned there. Please decide what becomes of them.",
)
"""Told to staff of another organisation that meets in the same building."""


def _sites(here: Here) -> Mapping[str, Text]:
    return {str(site): said(name) for site, name in here.facts.campaigns.my_sites()} or {"none": _("No place yet")}


def _site(here: Here) -> int:
    return int(here["site"]) if str(here["site"]).isdigit() else 0


def _shown(here: Here) -> Text:
    place = here.facts.campaigns.place(_site(here))
    return card_text(place) if place else _("Publish something at a place first; then its hours can be set here.")


def _ways(here: Here) -> Mapping[str, Text]:
    if not _site(here):
        return {"done": _("All right")}
    back = {"open": _("🟢 Take a closure back")} if here.facts.campaigns.closures(_site(here)) else {}
    return {
        "today": _("⛔ Closed today"),
        "days": _("🗓 Closed on other days"),
        **back,
        "hours": _("🕗 Change the hours"),
        "bus": _("🚌 How to get there"),
        "done": _("All right"),
    }


def _town(here: Here) -> int | None:
    return here.facts.campaigns.site_town(_site(here))


_day = fields.when(deadline=True, town=_town)


def _today(here: Here) -> bool:
    return bool(here.get("act") == "today")


def _draft(here: Here) -> dict[str, Any]:
    first = _day("today", here) if _today(here) else here["first"]
    return {
        "site": _site(here),
        "first": first,
        "last": first if _today(here) else here.get("last") or first,
        "reason": here.get("reason") or "",
        "cancel": here.get("what") == "cancel",
        "urgent": _today(here),
    }


def _reason(typed: str, here: Here) -> Json:
    return typed if typed in CLOSED else fields.words(3, 100)(typed, here)


def _preview(here: Here) -> Text:
    draft = _draft(here)
    campaigns = here.facts.campaigns
    affected = campaigns.affected(draft)
    days = _("⛔ {day}").of(day=campaigns.day(draft["site"], draft["first"]))
    if draft["last"] != draft["first"]:
        days = _("⛔ From {first} to {last}").of(
            first=campaigns.day(draft["site"], draft["first"]), last=campaigns.day(draft["site"], draft["last"])
        )
    others = n_(
        "{n} meeting of another organisation: its staff are told.",
        "{n} meetings of other organisations: their staff are told.",
    )
    return lines(
        days,
        because(draft["reason"]),
        n_("{n} meeting of ours is planned then.", "{n} meetings of ours are planned then.").of(n=affected.meetings),
        n_("{n} person is booked or waits.", "{n} people are booked or wait.").of(n=affected.people)
        if affected.meetings
        else None,
        others.of(n=affected.others) if affected.others else None,
    )


def _closing_ways(here: Here) -> Mapping[str, Text]:
    meetings = here.facts.campaigns.affected(_draft(here)).meetings
    cancel = {"cancel": _("⛔ Close, cancel the meetings, tell everybody")} if meetings else {}
    keep = {"keep": _("⛔ Close, leave the meetings")} if meetings else {"keep": _("⛔ Close it")}
    return {**cancel, **keep, "not": _("No, leave it open")}


def _done(here: Here) -> Text:
    done = here["close"]
    return lines(
        _("✅ It is entered: people see that it is closed."),
        n_("{n} meeting is cancelled.", "{n} meetings are cancelled.").of(n=done["meetings"])
        if done["meetings"]
        else None,
        n_("{n} person is told.", "{n} people are told.").of(n=done["told"]) if done["told"] else None,
    )


def _closures(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.campaigns.closures(_site(here))
    items = tuple(
        Item(
            str(row.closure_id),
            lines(_("From {first} to {last}").of(first=row.first, last=row.last), because(row.reason)),
            _("🟢 Take it back"),
        )
        for row in rows[offset : offset + size]
    )
    return Page(items, len(rows))


def _weekdays(_here: Here) -> Mapping[str, Text]:
    return {str(number): name for number, name in enumerate(LONG)}


def _hours_deed(here: Here) -> SetHours:
    typed = "" if here["hours"] == "closed" else str(here["hours"])
    return SetHours(_site(here), tuple(int(day) for day in here["weekdays"]), typed)


def _hours(typed: str, here: Here) -> Json:
    return typed if typed == "closed" else fields.words(3, 60)(typed, here)


_AGAIN = Open("sites", lambda here: {"site": here["site"]}, instead=True)

sites = Conversation(
    name="sites",
    title=_("Our places"),
    command="closed",
    about=_("opening hours, closed today"),
    role="staff",
    steps=(
        Choose(name="site", question=_("Which place?"), choices=_sites),
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "today": "reason",
                "days": "first",
                "open": "closure",
                "hours": "weekdays",
                "bus": "bus",
                "done": "end",
            },
            otherwise="end",
        ),
        Write(name="first", question=_("From which day? For example: 26.11."), check=_day),
        Write(
            name="last",
            question=_("Until which day, that day included?"),
            check=_day,
            skip=_("Only that day"),
        ),
        Write(
            name="reason",
            question=_("Why? People will read this."),
            check=_reason,
            suggestions=CLOSED,
            skip=_("Say nothing"),
        ),
        Choose(
            name="what",
            question=_preview,
            choices=_closing_ways,
            goto={"cancel": "close", "keep": "close", "not": "kept"},
            otherwise="kept",
        ),
        Do(
            name="close",
            does=CloseSite,
            deed=lambda here: CloseSite(_draft(here)),
            goto={"closed": "closed", "past": "past", "refused": "refused"},
        ),
        Tell(name="closed", text=_done, otherwise=_AGAIN),
        Tell(name="past", text=_("The last day is before the first, or over. Please look again."), otherwise=_AGAIN),
        Tell(name="kept", text=_("All right, it stays as it is."), otherwise=_AGAIN),
        Browse(name="closure", question=_("Which one?"), items=_closures, empty="kept"),
        Do(
            name="reopen",
            does=OpenSite,
            deed=lambda here: OpenSite(int(here["closure"])),
            goto={"open": "is_open", "refused": "refused"},
        ),
        Tell(
            name="is_open",
            text=_("🟢 It is open then. Meetings that were cancelled stay so."),
            otherwise=_AGAIN,
        ),
        ChooseMany(name="weekdays", question=_("On which days of the week?"), choices=_weekdays, least=1, page=7),
        Write(
            name="hours",
            question=_("From when to when? For example: 8-16, or 8-12, 15-19"),
            check=_hours,
            suggestions={"closed": _("Closed on these days")},
        ),
        Do(
            name="set",
            does=SetHours,
            deed=_hours_deed,
            goto={"saved": "saved", "unreadable": "unreadable", "refused": "refused"},
        ),
        Tell(name="saved", text=_("✅ It is changed."), otherwise=_AGAIN),
        Tell(
            name="unreadable",
            text=_("I cannot read these hours. Write them like this: 8-16"),
            otherwise="hours",
        ),
        Write(name="bus", question=_("Which bus or street leads there? Short and plain."), check=fields.words(3, 200)),
        Do(
            name="set_bus",
            does=SetBus,
            deed=lambda here: SetBus(_site(here), fields.language_of(here), here["bus"]),
            goto={"saved": "saved", "refused": "refused"},
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)

CONVERSATIONS: tuple[Conversation, ...] = (sites,)
