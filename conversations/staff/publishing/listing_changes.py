"""Changing what is published: its words, its places, closing it, and the same once more on new dates."""

from __future__ import annotations

from typing import Any

from conversations.deeds.staff import (
    CancelMeetings,
    CloseListing,
    DuplicateListing,
    EditWords,
    ReopenListing,
    SetPlaces,
)
from conversations.facts.staff import ListingRow
from conversations.speech import Button, Say, Text, _, lines, n_
from conversations.staff import fields, notices, usual
from conversations.staff.publishing.drafts import EVERY
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Step, Tell, Write


def row_of(here: Here) -> ListingRow | None:
    """The listing that is talked about, unless it is not there or not theirs."""
    return here.facts.staff.listing(int(here["listing"]))


def _is_offer(here: Here) -> bool:
    row = row_of(here)
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


def same(here: Here) -> dict[str, object]:
    """The seed that stays with this listing."""
    return {"listing": here["listing"]}


BACK = Open("listing", same, instead=True)


def _duplicated(here: Here) -> Say:
    done = here["duplicate"]
    return Say(_("✅ It is published once more, on the new dates."), (Button(notices.UNDO, done["undo"]),))


_LETTERS = {"title": (3, 80), "bring": (2, 300)}
"""Letters at least and at most, by what is changed."""
WORDS: tuple[Step, ...] = (
    Choose(name="language", question=_("In which language?"), choices=fields.LANGUAGES),
    Write(
        name="words",
        question=_("Please write it as it should be."),
        check=lambda typed, here: fields.words(*_LETTERS.get(here["act"], (3, 600)))(typed, here),
    ),
    Do(
        name="edit",
        does=EditWords,
        deed=lambda here: EditWords(int(here["listing"]), here["act"], here["language"], here["words"]),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Tell(name="saved", text=_("✅ It is changed."), otherwise=BACK),
)

PLACES: tuple[Step, ...] = (
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
        otherwise=BACK,
    ),
)

CLOSING: tuple[Step, ...] = (
    Confirm(
        name="sure",
        question=_("Take no new people? Who is booked stays booked."),
        goto={"yes": "close", "no": "kept"},
    ),
    Tell(name="kept", text=_("All right, it stays as it is."), otherwise=BACK),
    Do(
        name="close",
        does=CloseListing,
        deed=lambda here: CloseListing(int(here["listing"])),
        goto={"closed": "is_closed", "gone": "kept", "refused": "refused"},
    ),
    Tell(name="is_closed", text=_("🔒 It is closed to new people."), otherwise=BACK),
    Do(
        name="reopen",
        does=ReopenListing,
        deed=lambda here: ReopenListing(int(here["listing"])),
        goto={"open": "is_open", "deadline": "until", "gone": "kept", "refused": "refused"},
    ),
    usual.moment(
        "until",
        _("The deadline is over. Until when can people register now? A day is enough: 26.11."),
        deadline=True,
        town=fields.town_of_listing,
    ),
    Do(
        name="reopen_until",
        does=ReopenListing,
        deed=lambda here: ReopenListing(int(here["listing"]), here["until"]),
        goto={"open": "is_open", "deadline": "until", "gone": "kept", "refused": "refused"},
    ),
    Tell(name="is_open", text=_("🟢 It is open again."), otherwise=BACK),
)


def _sure_of_all(here: Here) -> Text:
    rows = [row for row in here.facts.staff.sessions(int(here["listing"])) if not row.over]
    booked = sum(row.taken + row.waiting for row in rows)
    asked = n_("Call off {n} meeting?", "Call off {n} meetings?").of(n=len(rows))
    return lines(asked, _("Whoever is booked is told at once.") if booked else _("Nobody has booked."))


CALLING_OFF: tuple[Step, ...] = (
    *usual.WHY,
    Confirm(name="sure_of_all", question=_sure_of_all, goto={"yes": "cancel_all", "no": "kept"}),
    Do(
        name="cancel_all",
        does=CancelMeetings,
        deed=lambda here: CancelMeetings(int(here["listing"]), here["why"], here.get("urgent") == "now"),
        goto={"cancelled": "cancelled", "late": "late", "refused": "refused"},
    ),
    usual.told(
        "cancelled",
        n_("✅ They are cancelled. {n} person is told.", "✅ They are cancelled. {n} people are told."),
        by="cancel_all",
        nobody=_("✅ They are cancelled."),
        then=BACK,
    ),
    Tell(name="late", text=_("That cannot be changed any more."), otherwise=BACK),
)

AGAIN: tuple[Step, ...] = (
    usual.moment(
        "again_first",
        _("When is the first time? Write day and time, for example: 26.11. 17:00"),
        town=fields.town_of_listing,
        when=_is_offer,
    ),
    usual.count("again_times", _("How many times in all?"), between=(1, 60), likely=(1, 4, 6, 8), when=_is_offer),
    Choose(
        name="again_every",
        question=_("How often does it take place?"),
        choices={"weekly": _("Every week"), "fortnightly": _("Every two weeks")},
        when=lambda here: _is_offer(here) and int(here.get("again_times") or 1) > 1,
    ),
    usual.moment(
        "again_until",
        _("Until when can people register? A day is enough, for example: 26.11."),
        deadline=True,
        town=fields.town_of_listing,
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
