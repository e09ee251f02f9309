"""Performing the deeds about the chats of one person: both sides say yes before two become one."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import delete

from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.lines.chats import name_of
from bot.offering import places
from bot.telling import earlier
from conversations.deeds.chats import (
    AskToJoin,
    IssueAddressCode,
    JoinChats,
    LookAtAddressCode,
    PreferChat,
    RefuseChat,
    UnlinkChat,
)
from conversations.engine.questions import free
from conversations.people.chats import JOINED, NO, REFUSED, YES, question_to_owner, taken_away
from conversations.people.own_phone import YES as ITS_PHONE
from conversations.people.own_phone import moved as moved_here
from conversations.people.own_phone import question as phone_question
from conversations.speech import Done, Say
from models import code
from models.messages.conversation import Talk
from models.places.agenda import agenda
from models.who import bringing, linking, merging
from models.who.acting import speaks_for
from models.who.people import Address, OneTimeCode, Person
from models.who.person import ADDRESS_CODE_LASTS

PURPOSE = "address"
ASKED_FOR = 1 / 24
"""Days that the question to the chat which made the code stays good: an hour."""


def issue(doing: Doing, deed: IssueAddressCode) -> Done:
    """A code for a link and one to be typed; the chat that made them will be asked."""
    whose = doing.person_id if deed.person is None else deed.person
    if not _may_answer(doing, doing.person_id, whose):
        return Done("refused")
    details = json.dumps({"address": doing.address_id})
    long, short = code.issue_pair(doing.session, doing.now, PURPOSE, whose, ADDRESS_CODE_LASTS, details)
    doing.audit("address code made", f"person {whose}")
    return Done("made", {"code": long, "short": short, "minutes": int(ADDRESS_CODE_LASTS.total_seconds() // 60)})


def _may_answer(doing: Doing, actor_id: int, whose: int) -> bool:
    """Whether somebody says which chats are a person's: their own, or those of who has none and is spoken for."""
    if actor_id == whose:
        return True
    return not linking.chats_of(doing.session, whose) and speaks_for(doing.session, actor_id, whose, doing.now)


def _looked_up(doing: Doing, typed: str) -> tuple[OneTimeCode, Person] | str:
    """The code and who made it; or why this chat cannot join them."""
    row = code.look(doing.session, doing.now, typed, PURPOSE, doing.person_id)
    if row is None or row.subject_id is None:
        return "unknown"
    owner = doing.session.get(Person, merging.survivor(doing.session, row.subject_id))
    if owner is None:
        return "unknown"
    refused = merging.why_not(doing.session, owner, doing.session.get_one(Person, doing.person_id))
    if refused:
        return "unknown" if refused == "gone" else refused
    return row, owner


def look(doing: Doing, deed: LookAtAddressCode) -> Done:
    """What this chat would bring; of the other one nothing is told before it has said yes."""
    found = _looked_up(doing, deed.code)
    if isinstance(found, str):
        return Done(found)
    row, owner = found
    made_at = doing.session.get(Address, json.loads(row.details)["address"])
    brings = asdict(bringing.brings(doing.session, doing.now, doing.person_id))
    return Done("good", {"brings": brings, "own": made_at is not None and made_at.person_id != owner.id})


def ask(doing: Doing, deed: AskToJoin) -> Done:
    """Use the code up and ask the chat that made it: a code that was passed on swallows nobody."""
    found = _looked_up(doing, deed.code)
    if isinstance(found, str):
        return Done(found)
    row, owner = found
    code.use_up(doing.session, doing.now, PURPOSE, row.subject_id or owner.id)
    made_at = doing.session.get(Address, json.loads(row.details)["address"])
    if made_at is None or not _may_answer(doing, made_at.person_id, owner.id):
        return Done("unreachable")
    asked = doing.session.get_one(Person, made_at.person_id)
    about = {"person": doing.person_id, "address": doing.address_id, "into": owner.id}
    brings = asdict(bringing.brings(doing.session, doing.now, doing.person_id))
    lasts = timedelta(days=ASKED_FOR)
    linking.keep_question(doing.session, doing.now, doing.person_id, doing.address_id, owner.id, lasts)
    yes = doing.button(asked.id, YES if asked.id == owner.id else ITS_PHONE, "join_chats", about, days=ASKED_FOR)
    no = doing.button(asked.id, NO, "refuse_chat", about, days=ASKED_FOR)
    say = (
        question_to_owner(name_of(doing.channel), brings, yes, no)
        if asked.id == owner.id
        else phone_question(owner.called, name_of(doing.channel), brings, yes, no)
    )
    doing.audit("chat asks to join", f"person {owner.id}", channel=doing.channel)
    return Done("asked" if _say_to(doing, made_at.id, asked, say) else "unreachable")


def join(doing: Doing, deed: JoinChats) -> Done:
    """The chat that made the code says yes. Everything is looked at anew: an hour may have passed."""
    session = doing.session
    asked_for = doing.person_id if deed.into is None else deed.into
    question = linking.open_question(session, doing.now, deed.person, deed.address, asked_for)
    address = session.get(Address, deed.address, populate_existing=True)
    into = merging.survivor(session, asked_for)
    if address is None or address.person_id != deed.person:
        return Done("joined" if address is not None and address.person_id == into else "gone")
    if question is None or not _may_answer(doing, doing.person_id, into):
        return Done("gone")
    newcomer = session.get_one(Person, deed.person).welcomed_at is None
    merged = merging.merge(
        session,
        doing.now,
        into,
        deed.person,
        places.hold(doing.now, doing.rules),
        earlier(doing.rules),
    )
    if merged.outcome != "merged":
        return Done(merged.outcome if merged.outcome in JoinChats.outcomes else "gone")
    question.used_at = doing.now
    if newcomer:  # it was in the middle of a welcome that is nobody's any more
        session.execute(delete(Talk).where(Talk.address_id == deed.address))
    places.tell_offers(doing, merged.offered)
    owner = session.get_one(Person, into)
    theirs = into == doing.person_id
    _say_to(doing, deed.address, owner, free(Say(JOINED if theirs else moved_here(owner.called))))
    doing.audit("chats joined", f"person {into}", other=deed.person, twice=merged.given_up)
    return Done(
        "joined",
        {"twice": merged.given_up, "clash": _clash(doing, into), "called": "" if theirs else owner.called},
    )


def refuse(doing: Doing, deed: RefuseChat) -> Done:
    """Not me: the chat that asked is told, if it still waits for the answer."""
    asked_for = doing.person_id if deed.into is None else deed.into
    question = linking.open_question(doing.session, doing.now, deed.person, deed.address, asked_for)
    if question is None or not _may_answer(doing, doing.person_id, merging.survivor(doing.session, asked_for)):
        return Done("gone")
    question.used_at = doing.now
    other = doing.session.get(Person, deed.person)
    if other is not None:
        _say_to(doing, deed.address, other, free(Say(REFUSED)))
    doing.audit("chat refused", f"person {doing.person_id}", other=deed.person)
    return Done("refused")


def prefer(doing: Doing, deed: PreferChat) -> Done:
    """Where what is written unasked goes."""
    return Done("set" if linking.prefer(doing.session, doing.now, doing.person_id, deed.address) else "gone")


def unlink(doing: Doing, deed: UnlinkChat) -> Done:
    """Let a chat go, this one or another, a lost phone say. The chats that stay keep everything."""
    person_id = doing.person_id
    if deed.address != doing.address_id:
        moved = linking.unlink(doing.session, person_id, deed.address)
        if moved is None:
            return Done("only")
        doing.outgoing.extend(moved)
        doing.audit("chat unlinked", f"person {person_id}", address=deed.address)
        return Done("unlinked")
    if linking.leave(doing.session, doing.now, person_id, deed.address) is None:
        return Done("only")
    doing.audit("chat unlinked", f"person {person_id}", address=deed.address)
    doing.tell(person_id, taken_away(name_of(doing.channel)), "confirmation")
    return Done("unlinked")


def _say_to(doing: Doing, address_id: int, person: Person, say: Say) -> bool:
    """Say something in one chat of a person, and only there. False if it is not theirs or cannot be reached."""
    address = doing.session.get(Address, address_id)
    if address is None or not address.active or address.person_id != person.id:
        return False
    doing.tell_at(address, say, "confirmation")
    return True


def _clash(doing: Doing, person_id: int) -> bool:
    """True if two things that a person has booked are at the same time by now."""
    rows = [entry for entry in agenda(doing.session, person_id, doing.now) if entry[0] > doing.now]
    return any(later[0] < before[1] for before, later in pairwise(rows))


PERFORM: Performers = {
    IssueAddressCode: issue,
    LookAtAddressCode: look,
    AskToJoin: ask,
    JoinChats: join,
    RefuseChat: refuse,
    PreferChat: prefer,
    UnlinkChat: unlink,
}
