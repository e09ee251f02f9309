"""Performing the deeds about safety. Every one asks again who acts, and whether they may."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from bot.arriving.numbers import number
from bot.caring import safeguarding
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.safety import AskFirst, ChooseSafeWord, CloseCase, GiveCase, MarkStep, SetAway, WriteHere
from conversations.speech import Done
from models.caring import case, handling, reading, safety
from models.messages import webchat
from models.messages.message import Outgoing
from models.who.people import Address
from models.who.staff import organisations_of

AWAY_MOST = 60


def _mine(doing: Doing, request_id: str) -> case.Request | None:
    """The case, locked, if who acts may read it and nobody has closed it. To act on it is to have taken it."""
    request = handling.locked(doing.session, number(request_id))
    if request is None or request.kind != "safety" or request.state == "closed":
        return None
    if not reading.may_read(doing.session, request, doing.person_id):
        return None
    safety.acknowledge(doing.session, doing.now, request, doing.person_id)
    return request


def mark_step(doing: Doing, deed: MarkStep) -> Done:
    """Tick off what was done. The first time counts."""
    request = _mine(doing, deed.request_id)
    if request is None or deed.step not in safety.STEPS:
        return Done("gone")
    if safety.note(doing.session, doing.now, request, deed.step, doing.person_id):
        doing.audit("case_step", f"request {request.id}", step=deed.step)
    return Done("marked")


def close_case(doing: Doing, deed: CloseCase) -> Done:
    """End it."""
    request = _mine(doing, deed.request_id)
    if request is None:
        return Done("gone")
    safety.end(doing.session, doing.now, request, doing.person_id, false_alarm=deed.false_alarm)
    doing.audit("request_closed", f"request {request.id}", kind="safety", false_alarm=deed.false_alarm)
    return Done("closed")


def give_case(doing: Doing, deed: GiveCase) -> Done:
    """Give it to somebody of the safeguarding staff; whoever gives it away cannot read it any more."""
    request = handling.locked(doing.session, number(deed.request_id))
    if request is None or request.kind != "safety" or request.state == "closed":
        return Done("gone")
    team = reading.team(doing.session, request)
    may = reading.may_read(doing.session, request, doing.person_id) or may_oversee(doing, request)
    to_id = number(deed.to)
    if not may or to_id not in team or to_id == request.taken_by_id:
        return Done("gone")
    safeguarding.hand(doing, request, to_id)
    doing.audit("request_handed", f"request {request.id}", kind="safety", to=to_id)
    return Done("handed")


def may_oversee(doing: Doing, request: case.Request) -> bool:
    """True for administrators of an organisation that answers the case: they see its number and clock, no word."""
    if doing.person_id == request.person_id:
        return False
    mine = reading.admins(doing.session).get(doing.person_id)
    return mine is not None and mine in reading.team(doing.session, request).values()


def set_away(doing: Doing, deed: SetAway) -> Done:
    """Somebody of the safeguarding staff is away, or there again: the round goes past them meanwhile."""
    of = organisations_of(doing.session, doing.person_id, roles=("safeguarding",))
    if not of or not 0 <= deed.days <= AWAY_MOST:
        return Done("refused")
    row = safety.duty(doing.session, doing.person_id)
    row.away_until = doing.now + timedelta(days=deed.days) if deed.days else None
    doing.audit("duty_set", f"person {doing.person_id}", days=deed.days)
    return Done("done")


def ask_first(doing: Doing, deed: AskFirst) -> Done:
    """Who is asked first among the safeguarding staff of an administrator's organisation."""
    mine = reading.admins(doing.session).get(doing.person_id)
    found = reading.with_role(doing.session, "safeguarding", {mine}) if mine is not None else {}
    first = number(deed.person_id)
    if first not in found:
        return Done("refused")
    safety.first_of_round(doing.session, safety.order(doing.session, set(found), doing.now), first)
    doing.audit("duty_first", f"person {first}")
    return Done("done")


def choose_safe_word(doing: Doing, deed: ChooseSafeWord) -> Done:
    """Keep what somebody chose for themself. The word is in no record."""
    safety.choose_word(doing.session, doing.person_id, deed.word, deed.tells)
    doing.audit("safe_word_chosen", f"person {doing.person_id}")
    return Done("done")


def write_here(doing: Doing, deed: WriteHere) -> Done:
    """Note whether the person may be written to here; on "delete" also empty what this chat was sent."""
    request = case.alive(doing.session, doing.person_id, "safety")
    if request is not None:
        safety.in_hand(doing.session, request).write_here = "yes" if deed.answer == "yes" else "no"
    if deed.answer != "delete":
        return Done("noted" if request is not None else "nobody")
    doing.session.execute(
        update(Outgoing)
        .where(Outgoing.address_id == doing.address_id, Outgoing.state != "waiting")
        .values(body={})
        .execution_options(synchronize_session=False)
    )
    address = doing.session.get(Address, doing.address_id)
    if address is not None and address.channel == webchat.CHANNEL:
        webchat.forget_lines(doing.session, address.external_id)
    return Done("deleted")


PERFORM: Performers = {
    MarkStep: mark_step,
    CloseCase: close_case,
    GiveCase: give_case,
    SetAway: set_away,
    AskFirst: ask_first,
    ChooseSafeWord: choose_safe_word,
    WriteHere: write_here,
}
