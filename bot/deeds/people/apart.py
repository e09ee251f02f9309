"""Performing the deeds by which two who were joined by mistake become two again: a chat of each side says so."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.people.joined import joined_chats, theirs
from bot.telling import earlier
from conversations.deeds.chats import AskApart, GoApart, StayOne
from conversations.engine.questions import free
from conversations.people.apart import APART, NO, STAYS, YES, question
from conversations.speech import Done, Say
from models.messages.conversation import Standing
from models.who import apart, two_again
from models.who.apart import Joining
from models.who.people import Address

LASTS = 7.0
"""Days that the question to the other side stays good."""
AGAIN = timedelta(hours=1)
"""The other side is not asked more often than that."""


def ask(doing: Doing, _deed: AskApart) -> Done:
    """The newest joining in which this chat is on a side; the chat of the other side that was used last is asked."""
    row = theirs(doing.session, doing.now, doing.person_id, doing.address_id)
    if row is None:
        return Done("gone")
    other = _across(doing, row, doing.address_id)
    if other is None:
        _audit(doing, two_again.ASKED, row, asked=0)
        return Done("unreachable")
    lately = select(Standing.token).where(
        Standing.person_id == doing.person_id,
        Standing.action == "apart_yes",
        Standing.expires_at > doing.now + timedelta(days=LASTS) - AGAIN,
    )
    if doing.session.scalars(lately.limit(1)).first() is not None:
        return Done("asked")
    about = {"joining": row.id, "address": doing.address_id}
    yes = doing.button(doing.person_id, YES, "apart_yes", about, days=LASTS)
    no = doing.button(doing.person_id, NO, "apart_no", about, days=LASTS)
    shown = joined_chats(doing.session, row, other.id, doing.rules.zone)
    doing.tell_at(other, question(shown, yes, no), "confirmation")
    _audit(doing, two_again.ASKED, row, asked=other.id)
    return Done("asked")


def go(doing: Doing, deed: GoApart) -> Done:
    """A chat of the other side says yes: looked at anew, and done."""
    row = _answerable(doing, deed.joining, deed.address)
    if row is None:
        return Done("gone")
    asked_by = doing.session.get_one(Address, deed.address)
    ended = apart.undo(doing.session, doing.now, row.id, earlier(doing.rules))
    if ended.outcome != "apart":
        return Done("gone")
    doing.audit("chats apart", f"person {ended.kept_id}", other=ended.other_id)
    doing.session.refresh(asked_by)
    doing.tell_at(asked_by, free(Say(APART)), "confirmation")
    return Done("apart")


def stay(doing: Doing, deed: StayOne) -> Done:
    """A chat of the other side says no: who asked is told."""
    row = _answerable(doing, deed.joining, deed.address)
    if row is None:
        return Done("gone")
    asked_by = doing.session.get_one(Address, deed.address)
    doing.tell_at(asked_by, free(Say(STAYS)), "confirmation")
    _audit(doing, two_again.REFUSED, row)
    return Done("stays")


def _audit(doing: Doing, action: str, row: Joining, **details: int) -> None:
    """Which chat said so, and which was asked, counts where the other side never answers."""
    doing.audit(action, f"person {row.kept_id}", joining=row.id, address=doing.address_id, **details)


def _answerable(doing: Doing, joining_id: int, asked_by: int) -> Joining | None:
    """The joining, where this chat is on the other side than the one that asked, and both are still there."""
    row = next((one for one in apart.open_for(doing.session, doing.now, doing.person_id) if one.id == joining_id), None)
    if row is None:
        return None
    here, there = apart.sides(doing.session, row)
    crossed = (asked_by in here and doing.address_id in there) or (asked_by in there and doing.address_id in here)
    return row if crossed else None


def _across(doing: Doing, row: Joining, address_id: int) -> Address | None:
    """The chat of the other side that was used last and can be reached."""
    here, there = apart.sides(doing.session, row)
    return apart.used_last(doing.session, there if address_id in here else here)


PERFORM: Performers = {AskApart: ask, GoApart: go, StayOne: stay}
