"""Telling the team that somebody waits: once, soon, and many as one; never a name, never a word of theirs."""

from __future__ import annotations

from datetime import timedelta

from bot.doing import Doing
from bot.language.tongue import spoken, tongue
from bot.sending import envelope
from conversations.help import notices as words
from conversations.speech import Say
from models.caring import answer, case, desk_people, reading
from models.house import recall, remember
from models.messages.message import Outgoing
from models.who.people import Person
from models.who.staff import organisations_of

APART = timedelta(minutes=10)
"""Notices about waiting requests come at least so far apart: what comes in between is told as one."""


def tell_team(doing: Doing, request: case.Request) -> int:
    """Tell those who answer that a request waits: its taker, else all its readers. Returns how many there are."""
    readers = reading.readers(doing.session, request)
    whom = [request.taken_by_id] if request.taken_by_id in readers else sorted(readers)
    at_desk = desk_people.showing(doing.session, request)
    for staff_id in whom:
        if staff_id is not None and at_desk & organisations_of(doing.session, staff_id):
            continue  # it has a topic there, in which everything is said
        if staff_id is not None:
            _tell_one(doing, request, staff_id)
    return len(readers)


def _tell_one(doing: Doing, request: case.Request, staff_id: int) -> None:
    """At once, or added to the notice that waits already, or (soon after one) ten minutes later."""
    session = doing.session
    notice = session.get(case.StaffNotice, staff_id, with_for_update=True)
    waiting = session.get(Outgoing, notice.outgoing_id) if notice and notice.outgoing_id else None
    if waiting is not None and waiting.state == "waiting":
        many = case.with_unseen(session, [one.id for one in reading.readable(session, staff_id)])
        say = Say(words.MANY.of(n=many), (doing.button(staff_id, words.INBOX, "inbox", {}),))
        waiting.body = envelope.to_json(spoken(say, tongue(session.get_one(Person, staff_id).tag)))
        return
    soonest = notice.at + APART if notice else doing.now
    say = Say(words.WAITS, (doing.button(staff_id, words.OPEN, "request", {"request": str(request.id)}),))
    written = doing.tell(staff_id, say, "offer", due_at=max(doing.now, soonest))
    if notice is None:
        notice = case.StaffNotice(person_id=staff_id, at=doing.now)
        session.add(notice)
    notice.outgoing_id, notice.at = written, max(doing.now, soonest)
    session.flush()


def tell_handed(doing: Doing, request: case.Request, staff_id: int) -> None:
    """Tell a colleague that a request is theirs now."""
    button = doing.button(staff_id, words.OPEN, "request", {"request": str(request.id)})
    doing.tell(staff_id, Say(words.HANDED, (button,)), "offer")


def ask_to_check_hotlines(doing: Doing) -> int:
    """A standing job, daily: administrators (else staff) are asked to check numbers that are due, once a week.

    Returns how many numbers they were asked to check.
    """
    last = recall(doing.session, "hotlines_asked") or ""
    if last > (doing.now - timedelta(days=7)).isoformat():
        return 0
    due = answer.unchecked_hotlines(doing.session, doing.now)
    whom = reading.admins(doing.session) or reading.all_staff(doing.session)
    if not due or not whom:
        return 0
    remember(doing.session, "hotlines_asked", doing.now.isoformat())
    for staff_id in sorted(whom):
        button = doing.button(staff_id, words.CHECK, "hotlines", {})
        doing.tell(staff_id, Say(words.HOTLINES.of(n=len(due)), (button,)), "digest")
    return len(due)
