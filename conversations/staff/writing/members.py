"""Messages to those who take part in something: whom, a voice or picture with it, and inviting members to an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.facts.staff import ListingRow
from conversations.script import Conversation
from conversations.speech import Text, Words, _, said
from conversations.staff import notices
from conversations.steps import Attach, Choose, End, Here, Open, Step

LABEL = _("Who takes part in something of ours")
INVITE = _("🎉 Invite members")


def _rows(here: Here) -> tuple[ListingRow, ...]:
    rows, _total = here.facts.staff.listings(0, 40)
    return tuple(row for row in rows if row.block == "OFF")


def _with_people(here: Here) -> Mapping[str, Text]:
    """What people take part in, clubs first, but not the event itself."""
    event = str(here.get("event") or here.get("call") or "")
    rows = (row for row in _rows(here) if (row.kind == "club" or row.people) and str(row.id) != event)
    return {str(row.id): said(row.title) for row in sorted(rows, key=lambda row: row.kind != "club")}


def is_wanted(here: Here) -> bool:
    """True where the message is for those who take part in something."""
    return bool(here.get("whom") == "members")


OF = Choose(
    name="of",
    question=_("Who takes part in what? For children, their parents get it too."),
    choices=lambda here: _with_people(here) or {"0": _("Nothing so far")},
    page=8,
    when=is_wanted,
)

VOICE: tuple[Step, ...] = (
    Attach(
        name="voice",
        question=_("Please send the voice note (or a picture). It comes right after the words."),
        kinds=("voice", "photo", "file"),
        skip=_("Words only"),
        otherwise="go",
    ),
)


def audience_of(here: Here) -> dict[str, Any]:
    """Members and participants, with those who speak for them."""
    return {"listings": [int(here["of"])], "guardians": True}


def with_it(here: Here) -> dict[str, Any]:
    """What comes with the words, and whether the bot words an invitation itself."""
    sent = here.get("voice")
    attachment = str(sent.get("attachment") or "") if isinstance(sent, dict) else ""
    return {"attachment": attachment, "invites": bool(here.get("invites"))}


def invitation(here: Here, words: Words, organisation: Words) -> Text:
    """The invitation as each gets it in their own language, with words of staff where they wrote some."""
    offer = here.facts.offers.offer(int(here["call"]))
    if offer is None:
        return notices.broadcast_text(words, organisation)
    when = offer.sessions[0].when if offer.sessions else None
    return notices.invitation_text(offer.title, when, offer.place, words, organisation)


def _events(here: Here) -> Mapping[str, Text]:
    """What is open and has a date: the club itself is no event of its own."""
    rows = (row for row in _rows(here) if row.state == "open" and row.next_at and row.id != int(here.get("of") or 0))
    return {str(row.id): said(row.title) for row in rows}


def _seed(here: Here) -> dict[str, Any]:
    return {"start": "new", "whom": "members", "of": str(here["of"]), "call": int(here["event"]), "invites": True}


invite_members = Conversation(
    name="invite_members",
    title=_("Invite members"),
    role="staff",
    steps=(
        Choose(
            name="event",
            question=_("To what? They see what it is, when and where, and one tap takes them to it."),
            choices=lambda here: _events(here) or {"0": _("Nothing is open")},
            page=8,
            goto={"0": "none"},
        ),
        Choose(
            name="of",
            question=_("Whom do we invite? For children, their parents get it too."),
            choices=lambda here: _with_people(here) or {"0": _("Nothing so far")},
            page=8,
            goto={"0": "none"},
            otherwise="on",
        ),
        End(name="on", then=Open("broadcast", _seed)),
        End(name="none", text=_("There is nobody to invite, or nothing to invite to.")),
    ),
)
