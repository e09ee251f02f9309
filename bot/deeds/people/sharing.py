"""Performing the deeds of people who share a phone."""

from __future__ import annotations

from bot.deeds.people.agreeing import agree_to_attend
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.acting import AddSharer, LeavePhone
from conversations.people.words import ATTEND
from conversations.speech import Done
from models.who import acting, erasure
from models.who import person as people

SHARERS_MOST = 6
"""The most people with a say of their own on one phone."""


def add_sharer(doing: Doing, deed: AddSharer) -> Done:
    """Somebody else on this phone, who has just agreed for themself."""
    session, host = doing.session, doing.actor()
    if len(acting.sharers_of(session, host.id)) >= SHARERS_MOST:
        return Done("too_many")
    if people.needs_guardian(deed.band, people.country_of(session, host)) or deed.band not in (*people.MINORS, "18+"):
        return Done("guardian")
    sharer = people.add_without_chat(session, doing.now, host, deed.called, deed.band, welcomed_at=doing.now)
    agree_to_attend(doing, sharer, sharer, ATTEND, "chat")
    acting.share(session, doing.now, host.id, sharer.id)
    doing.audit("shares a phone", f"person {sharer.id}")
    return Done("added", {"person": sharer.id})


def leave_phone(doing: Doing, deed: LeavePhone) -> Done:
    """Somebody uses this phone no more."""
    if not acting.shares(doing.session, doing.person_id, deed.person):
        return Done("not_here")
    erased = erasure.leave_phone(doing.session, doing.now, doing.person_id, deed.person)
    doing.audit("left a phone", f"person {deed.person}", erased=erased)
    return Done("left")


PERFORM: Performers = {AddSharer: add_sharer, LeavePhone: leave_phone}
