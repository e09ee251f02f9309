"""A safety case finds somebody to take it: one named person after the other, by its number alone, then administrators.

Nobody but safeguarding staff and administrators ever hears of a case from here: guardians, families, firms and schools
never do (people.md part 9).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.doing import Doing
from bot.telling import after_quiet
from conversations.help import notices as words
from conversations.speech import Say, Text
from models.caring import case, handling, reading, safety


def _until(doing: Doing, after: timedelta | None = None) -> datetime:
    """When the next one is asked: so many minutes from now, and never while nobody is expected to read."""
    wait = after if after is not None else timedelta(minutes=doing.rules.safety_minutes)
    return after_quiet(doing.now + wait, doing.rules.zone, doing.rules)


def begin(doing: Doing, request: case.Request) -> int:
    """Something happened in a case: who has it is told, else who was asked; else the round begins. Returns how many
    people there are to take it.
    """
    team = reading.team(doing.session, request)
    row = safety.in_hand(doing.session, request)
    if request.state == "taken" and request.taken_by_id in team:
        _tell(doing, request, int(request.taken_by_id or 0), words.CASE)
    elif row.next_at is not None and row.asked_id in team:
        _tell(doing, request, row.asked_id, words.CASE)
    else:
        safety.new_round(doing.session, request)
        if request.state == "taken":  # whoever had it is not of the safeguarding staff any more
            handling.put_back(doing.session, doing.now, request)
        _next(doing, request)
    return len(team)


def _next(doing: Doing, request: case.Request) -> None:
    person_id = safety.ask_next(doing.session, doing.now, request, _until(doing))
    if person_id is not None:
        _tell(doing, request, person_id, words.CASE)


def _tell(doing: Doing, request: case.Request, staff_id: int, text: Text) -> None:
    """Once in a turn: words that raise the alarm may be a message to the team too."""
    once = ("case", request.id, staff_id)
    if once in doing.told:
        return
    doing.told.add(once)
    button = doing.button(staff_id, words.OPEN, "case", {"request": str(request.id)})
    doing.tell(staff_id, Say(text.of(number=request.id), (button,)), "safety")


def hand(doing: Doing, request: case.Request, to_id: int) -> None:
    """Give a case to somebody by name; the clock runs for them."""
    safety.hand(doing.session, doing.now, request, to_id, _until(doing))
    _tell(doing, request, to_id, words.CASE_HANDED)


def escalate(doing: Doing) -> int:
    """A standing job: cases that nobody took in time go to the next of the round, at last to administrators.

    Each person is asked once a round. After the administrators a new round begins the next day, so that no case is
    forgotten. In quiet hours the clock stands still. Returns how many cases moved on.
    """
    moved = 0
    for request_id in safety.overdue(doing.session, doing.now):
        request = handling.locked(doing.session, request_id)
        if request is None or request.state != "open":
            continue
        row = safety.in_hand(doing.session, request)
        if row.next_at is None or row.next_at > doing.now:
            continue
        moved += 1
        if row.asked_id is None:
            safety.new_round(doing.session, request)
            _next(doing, request)
            continue
        person_id = safety.ask_next(doing.session, doing.now, request, _until(doing))
        if person_id is not None:
            _tell(doing, request, person_id, words.CASE_WAITS)
            continue
        request.escalated_at = doing.now
        for staff_id in sorted(set(reading.admins(doing.session)) - {request.person_id}):
            if safety.note(doing.session, doing.now, request, "admins", staff_id, row.round):
                _tell(doing, request, staff_id, words.CASE_WAITS)
        row.asked_id, row.next_at = None, _until(doing, timedelta(hours=24))
    return moved
