"""/listings: what the organisation has published; change words and places, close, reopen, duplicate, share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.blocks import AT_ANY_TIME
from conversations.deeds.staff import CloseListing, DuplicateListing, EditWords, ReopenListing, SetPlaces
from conversations.facts.staff import ListingRow
from conversations.script import (
    Browse,
    Choose,
    Confirm,
    Conversation,
    Do,
    End,
    Here,
    Item,
    Open,
    Page,
    Step,
    Tell,
    Write,
)
from conversations.speech import Button, Say, Text, _, lines, n_, verbatim
from conversations.staff import fields, notices
from conversations.staff.drafts import EVERY

_STATES: Mapping[str, Text] = {
    "open": _("🟢 open"),
    "closed": _("🔒 closed"),
    "cancelled": _("❌ withdrawn"),
    "draft": _("✏️ not published"),
}
_REFUSED = _("Only staff of the organisation can do this.")


def _row(here: Here) -> ListingRow | None:
    return here.facts.staff.listing(int(here["listing"]))


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.staff.listings(offset, size)
    return Page(tuple(Item(str(row.id), _about(row), _("Open")) for row in rows), total)


def _about(row: ListingRow) -> Text:
    return lines(
        _("📌 {title} · {state}").of(title=row.title, state=_STATES[row.state]),
        _("Next: {when}").of(when=row.next_at) if row.next_at else None,
        _("Until: {when}").of(when=row.closes_at) if row.closes_at else None,
        n_("{n} person", "{n} people").of(n=row.people),
    )


def _shown(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return _("This is not there, or it is not yours to change.")
    return lines(
        _about(row),
        _("{words}").of(words=row.summary) if row.summary else None,
        n_("{n} meeting to come", "{n} meetings to come").of(n=row.sessions) if row.block == "OFF" else None,
        n_("{n} place", "{n} places").of(n=row.capacity) if row.capacity else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"done": _("All right")}
    ways: dict[str, Text] = {}
    if row.sessions and row.block not in AT_ANY_TIME:
        ways["sessions"] = _("🗓 Meetings: move, cancel, people")
    if row.block == "APT":
        ways["team"] = _("👥 Who gives the appointments, hours")
    if row.block == "RES":
        ways["seats"] = _("🖥 Seats: the plan of a day")
    if row.block == "OFF":
        ways["around"] = _("🧑‍🏫 Leaders, materials, certificates")
        if row.kind == "club":
            ways["club"] = _("🏡 Members, proposals, votes")
        ways["conditions"] = _("📐 Conditions")
        ways["outing"] = _("🚌 Trip, tools, buddies")
        if not row.series:
            ways["add_session"] = _("➕ One more meeting")
    if row.series:
        ways["course"] = _("🧩 The series: names, one more, rules")
    ways |= {"title": _("✏️ Title"), "summary": _("✏️ Description")}
    if row.block != "APT":
        ways["places"] = _("👥 Places")
    if row.state == "open":
        ways |= {"close": _("🔒 Close"), "broadcast": _("📣 Tell people"), "share": _("🔗 Share")}
        ways["poster"] = _("🖨 Poster and cards")
    if row.state == "closed":
        ways["reopen"] = _("🟢 Open again")
    if row.block not in AT_ANY_TIME:
        ways["duplicate"] = _("📄 Once more, on new dates")
    return ways


def _sessions(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.staff.sessions(int(here["listing"]))
    items = tuple(
        Item(
            str(row.id),
            lines(
                _("🗓 {when}").of(when=row.at),
                _("{taken} of {capacity} places taken").of(taken=row.taken, capacity=row.capacity),
            ),
            _("Open"),
        )
        for row in rows[offset : offset + size]
    )
    return Page(items, len(rows))


def _is_offer(here: Here) -> bool:
    row = _row(here)
    return row is not None and row.block == "OFF"


def _dates(here: Here) -> dict[str, Any]:
    if not _is_offer(here):
        return {"closes": here.get("again_until")}
    times = int(here.get("again_times") or 1)
    return {
        "first": here.get("again_first"),
        "times": times,
        "every": EVERY.get(here.get("again_every") or "", 0) if times > 1 else 0,
    }


def _same(here: Here) -> dict[str, object]:
    return {"listing": here["listing"]}


_BACK = Open("listing", _same, instead=True)


def _duplicated(here: Here) -> Say:
    done = here["duplicate"]
    return Say(_("✅ It is published once more, on the new dates."), (Button(notices.UNDO, done["undo"]),))


_WORDS: tuple[Step, ...] = (
    Choose(name="language", question=_("In which language?"), choices=fields.LANGUAGES),
    Write(
        name="words",
        question=_("Please write it as it should be."),
        check=lambda typed, here: fields.words(3, 80 if here["act"] == "title" else 600)(typed, here),
    ),
    Do(
        name="edit",
        does=EditWords,
        deed=lambda here: EditWords(int(here["listing"]), here["act"], here["language"], here["words"]),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Tell(name="saved", text=_("✅ It is changed."), otherwise=_BACK),
)

_PLACES: tuple[Step, ...] = (
    Write(
        name="places",
        question=_("How many places should there be, at each meeting? New ones go to the waiting list first."),
        check=fields.number(1, 1000),
    ),
    Do(
        name="set_places",
        does=SetPlaces,
        deed=lambda here: SetPlaces(int(here["listing"]), int(here["places"])),
        goto={"saved": "places_saved", "too_few": "too_few", "refused": "refused"},
    ),
    Tell(
        name="too_few",
        text=lambda here: n_(
            "{n} place is taken already. It cannot be less.", "{n} places are taken already. It cannot be less."
        ).of(n=here["set_places"]["taken"]),
        otherwise="places",
    ),
    Tell(
        name="places_saved",
        text=lambda here: lines(
            _("✅ It is changed."),
            n_(
                "{n} person from the waiting list was offered a place.",
                "{n} people from the waiting list were offered a place.",
            ).of(n=here["set_places"]["offered"])
            if here["set_places"]["offered"]
            else None,
        ),
        otherwise=_BACK,
    ),
)

_CLOSING: tuple[Step, ...] = (
    Confirm(
        name="sure",
        question=_("Take no new people? Who is booked stays booked."),
        goto={"yes": "close", "no": "kept"},
    ),
    Tell(name="kept", text=_("All right, it stays as it is."), otherwise=_BACK),
    Do(
        name="close",
        does=CloseListing,
        deed=lambda here: CloseListing(int(here["listing"])),
        goto={"closed": "is_closed", "gone": "kept", "refused": "refused"},
    ),
    Tell(name="is_closed", text=_("🔒 It is closed to new people."), otherwise=_BACK),
    Do(
        name="reopen",
        does=ReopenListing,
        deed=lambda here: ReopenListing(int(here["listing"])),
        goto={"open": "is_open", "deadline": "until", "gone": "kept", "refused": "refused"},
    ),
    Write(
        name="until",
        question=_("The deadline is over. Until when can people register now? A day is enough: 26.11."),
        check=fields.when(deadline=True, town=fields.town_of_listing),
        suggestions=fields.likely(deadline=True, town=fields.town_of_listing),
    ),
    Do(
        name="reopen_until",
        does=ReopenListing,
        deed=lambda here: ReopenListing(int(here["listing"]), here["until"]),
        goto={"open": "is_open", "deadline": "until", "gone": "kept", "refused": "refused"},
    ),
    Tell(name="is_open", text=_("🟢 It is open again."), otherwise=_BACK),
)

_AGAIN: tuple[Step, ...] = (
    Write(
        name="again_first",
        question=_("When is the first time? Write day and time, for example: 26.11. 17:00"),
        check=fields.when(town=fields.town_of_listing),
        suggestions=fields.likely(town=fields.town_of_listing),
        when=_is_offer,
    ),
    Write(
        name="again_times",
        question=_("How many times in all?"),
        check=fields.number(1, 60),
        suggestions=fields.numbers(1, 4, 6, 8),
        when=_is_offer,
    ),
    Choose(
        name="again_every",
        question=_("How often does it take place?"),
        choices={"weekly": _("Every week"), "fortnightly": _("Every two weeks")},
        when=lambda here: _is_offer(here) and int(here.get("again_times") or 1) > 1,
    ),
    Write(
        name="again_until",
        question=_("Until when can people register? A day is enough, for example: 26.11."),
        check=fields.when(deadline=True, town=fields.town_of_listing),
        suggestions=fields.likely(deadline=True, town=fields.town_of_listing),
        when=lambda here: not _is_offer(here),
    ),
    Do(
        name="duplicate",
        does=DuplicateListing,
        deed=lambda here: DuplicateListing(int(here["listing"]), _dates(here)),
        goto={"published": "duplicated", "past": "past", "refused": "refused"},
    ),
    Tell(name="past", text=_("The date is over by now. Please change it."), otherwise="again_first"),
    End(name="duplicated", text=_duplicated),
)


def _share(here: Here) -> Text:
    row = _row(here)
    return _("To share it, let people write: {code}").of(code=verbatim(f"/start {row.code}" if row else ""))


listings = Conversation(
    name="listings",
    title=_("What we have published"),
    command="listings",
    about=_("change, move, cancel, close"),
    role="staff",
    steps=(
        Browse(
            name="which",
            question=_("What your organisation has published. You can also write its name:"),
            items=_items,
            empty="none_yet",
            choices={"new": _("➕ Something new")},
            goto={"new": Open("new")},
            otherwise=Open("listing", lambda here: {"listing": int(here["which"])}),
            typed=lambda here, typed: here.facts.staff.listing_typed(typed),
        ),
        End(name="none_yet", text=_("Nothing is published so far.")),
    ),
)

listing = Conversation(
    name="listing",
    title=_("One of our listings"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=12,
            goto={
                "sessions": "sessions",
                "course": Open("course", _same),
                "seats": Open("seats", _same),
                "team": Open("team", _same),
                "title": "language",
                "summary": "language",
                "places": "places",
                "close": "sure",
                "reopen": "reopen",
                "broadcast": Open("broadcast", lambda here: {"start": "new", "call": int(here["listing"])}),
                "share": "share",
                "poster": Open("poster", _same),
                "around": Open("around", _same),
                "club": Open("club_desk", _same),
                "conditions": Open("conditions", _same),
                "outing": Open("outing", _same),
                "add_session": Open("add_session", _same),
                "duplicate": "again_first",
                "done": "end",
            },
            otherwise="end",
        ),
        Browse(
            name="sessions",
            question=_("Which meeting?"),
            items=_sessions,
            empty="no_sessions",
            otherwise=Open("session", lambda here: {"session": int(here["sessions"])}),
        ),
        Tell(name="no_sessions", text=_("There is no meeting to come."), otherwise=_BACK),
        *_WORDS,
        *_PLACES,
        *_CLOSING,
        *_AGAIN,
        Tell(name="share", text=_share, otherwise=_BACK),
        End(name="refused", text=_REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
