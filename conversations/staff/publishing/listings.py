"""/listings: what the organisation has published, and all that can be done with one of them."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.blocks import AT_ANY_TIME
from conversations.facts.staff import ListingRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.staff.publishing.listing_changes import (
    AGAIN,
    BACK,
    CALLING_OFF,
    CLOSING,
    PLACES,
    WORDS,
    row_of,
    same,
)
from conversations.staff.writing.members import INVITE
from conversations.steps import Browse, Choose, End, Here, Item, Open, Page, Tell

_STATES: Mapping[str, Text] = {
    "open": _("🟢 open"),
    "closed": _("🔒 closed"),
    "cancelled": _("❌ withdrawn"),
    "draft": _("✏️ not published"),
}


def _items(here: Here, offset: int, size: int) -> Page:
    rows, total = here.facts.staff.listings(offset, size)
    return Page(tuple(Item(str(row.id), _about(row), _("Open")) for row in rows), total)


def _about(row: ListingRow) -> Text:
    return lines(
        _("📌 {title} · {state}").of(title=row.title, state=_STATES[row.state]),
        _("Next: {when}").of(when=row.next_at) if row.next_at else None,
        _("Until: {when}").of(when=row.closes_at) if row.closes_at else None,
        n_("{n} person", "{n} people").of(n=row.people) if row.people else None,
    )


def _shown(here: Here) -> Text:
    row = row_of(here)
    if row is None:
        return usual.NOT_YOURS
    return lines(
        _about(row),
        _("{words}").of(words=row.summary) if row.summary else None,
        n_("{n} meeting to come", "{n} meetings to come").of(n=row.sessions)
        if row.block == "OFF" and row.sessions
        else None,
        n_("{n} place", "{n} places").of(n=row.capacity) if row.capacity else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    row = row_of(here)
    if row is None:
        return {"done": _("All right")}
    ways: dict[str, Text] = {}
    if row.block not in AT_ANY_TIME and here.facts.staff.sessions(row.id):
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
        if row.block == "OFF" and row.next_at:
            ways["invite"] = INVITE
    if row.state == "closed":
        ways["reopen"] = _("🟢 Open again")
    if row.block not in AT_ANY_TIME:
        ways["duplicate"] = _("📄 Once more, on new dates")
    if row.block == "OFF":
        ways["bring"] = _("✏️ What to bring")
    if row.block in ("CALL", "GRANT"):
        ways["criteria"] = _("✏️ What counts")
    return ways


def _sessions(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.staff.sessions(int(here["listing"]))
    items = tuple(
        Item(
            str(row.id),
            lines(
                (_("🕘 {when}") if row.over else _("🗓 {when}")).of(when=row.at),
                _("{taken} of {capacity} places taken").of(taken=row.taken, capacity=row.capacity),
            ),
            _("Open"),
        )
        for row in rows[offset : offset + size]
    )
    return Page(items, len(rows))


def _all_ways(here: Here) -> Mapping[str, Text]:
    """All at once, where each meeting is booked on its own: a series is called off on its own card."""
    row = row_of(here)
    ahead = [one for one in here.facts.staff.sessions(int(here["listing"])) if not one.over]
    single = row is not None and not row.series
    return {"all": _("❌ Call off all that is to come")} if single and len(ahead) > 1 else {}


def _share(here: Here) -> Text:
    row = row_of(here)
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
                "course": Open("course", same),
                "seats": Open("seats", same),
                "team": Open("team", same),
                "title": "language",
                "summary": "language",
                "bring": "language",
                "criteria": "language",
                "places": "places",
                "close": "sure",
                "reopen": "reopen",
                "broadcast": Open("broadcast", lambda here: {"start": "new", "call": int(here["listing"])}),
                "share": "share",
                "poster": Open("poster", same),
                "invite": Open("invite_members", lambda here: {"event": str(here["listing"])}),
                "around": Open("around", same),
                "club": Open("club_desk", same),
                "conditions": Open("conditions", same),
                "outing": Open("outing", same),
                "add_session": Open("add_session", same),
                "duplicate": "again_first",
                "done": "end",
            },
            otherwise="end",
        ),
        Browse(
            name="sessions",
            question=_("Which meeting?"),
            items=_sessions,
            choices=_all_ways,
            goto={"all": "why"},
            empty="no_sessions",
            otherwise=Open("session", lambda here: {"session": int(here["sessions"])}),
        ),
        Tell(name="no_sessions", text=_("There is no meeting."), otherwise=BACK),
        *WORDS,
        *PLACES,
        *CLOSING,
        *CALLING_OFF,
        *AGAIN,
        Tell(name="share", text=_share, otherwise=BACK),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
