"""Performing the deeds about help: the person's side, the answer book and the numbers to call."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.arriving.knowing import me_of
from bot.arriving.numbers import number
from bot.arriving.sent import attachment_of
from bot.caring.notices import tell_team
from bot.caring.safeguarding import begin
from bot.deeds.helping import requests
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.helping.campaigns import title_of
from bot.facts.helping.expected import AFTER, BEFORE, expected
from bot.facts.lookup import Lookup
from bot.telling import zone_of
from conversations.deeds.help import (
    Concern,
    ConfirmHotline,
    CorrectHotline,
    CountAnswer,
    Misunderstood,
    RemoveHotline,
    SendRequest,
    TellLate,
)
from conversations.speech import Done
from models.caring import answer, case, handling, reading
from models.who.people import Person
from models.who.staff import organisations_of

AGAIN_AFTER = timedelta(hours=1)
"""A case that is open already is told once more if words hint at it again after so long."""
LATE_ONCE = BEFORE + AFTER
"""The time in which the team is told once that somebody will be late for the same."""


def concern(doing: Doing, deed: Concern) -> Done:
    """Open (or find) the person's safety case and tell safeguarding staff its number. Guardians never hear of it."""
    earlier = case.alive(doing.session, doing.person_id, "safety")
    quiet = earlier is not None and doing.now - earlier.changed_at < AGAIN_AFTER and earlier.concern == deed.kind
    if quiet:
        return Done("done")
    request, _new = case.open_request(
        doing.session, doing.now, doing.person_id, doing.address_id or None, kind="safety", concern=deed.kind
    )
    request.denied_at = None
    begin(doing, request)
    return Done("done")


def misunderstood(doing: Doing, _deed: Misunderstood) -> Done:
    """Mark the case as denied. It is not closed: somebody else may be holding the phone."""
    request = case.alive(doing.session, doing.person_id, "safety")
    if request is not None:
        request.denied_at = doing.now
    return Done("done")


def send_request(doing: Doing, deed: SendRequest) -> Done:
    """Hand words or an attachment to the team, into the open request or a new one.

    While a safety case of theirs is open, what they send goes there, where only safeguarding staff read.
    """
    if not deed.words and not deed.attachment:
        return Done("nothing")
    attachment_id = attachment_of(doing, deed.attachment)
    if deed.attachment and attachment_id is None:
        return Done("lost")
    about = deed.about if title_of(doing.session, deed.about) else ""
    told, first = _hand_over(doing, deed.words, attachment_id, about)
    if not told:
        return Done("nobody")
    return Done("sent" if first else "added")


def tell_late(doing: Doing, deed: TellLate) -> Done:
    """Tell the team that they, or somebody they act for, will be late: once, and of what begins about now alone."""
    me, about = me_of(doing.session, doing.actor()), case.LATE + deed.which  # locked: two taps at once tell once
    near = expected(Lookup(doing.session, doing.now, me, doing.rules))
    if deed.which not in {one.key for one in near}:
        return Done("gone")
    if case.told_lately(doing.session, doing.person_id, about, doing.now - LATE_ONCE):
        return Done("told")
    told, _first = _hand_over(doing, deed.words, None, about)
    return Done("told" if told else "nobody")


def _hand_over(doing: Doing, words: str, attachment_id: int | None, about: str) -> tuple[int, bool]:
    """Add a message to the person's open request, or a new one: how many read it, and whether it is the first."""
    kind = "safety" if case.alive(doing.session, doing.person_id, "safety") else "talk"
    request, _new = case.open_request(doing.session, doing.now, doing.person_id, doing.address_id or None, kind=kind)
    first = not handling.messages(doing.session, request.id, 1)
    fresh = case.add_message(doing.session, doing.now, request, doing.person_id, words, attachment_id, about=about)
    told = len(reading.readers(doing.session, request))
    if fresh:
        told = begin(doing, request) if kind == "safety" else tell_team(doing, request)
    return told, first


def count_answer(doing: Doing, deed: CountAnswer) -> Done:
    """Count by card and day."""
    person = doing.session.get_one(Person, doing.person_id)
    today = doing.now.astimezone(ZoneInfo(zone_of(doing.session, person, doing.rules))).date()
    card_id = number(deed.card_id)
    if doing.session.get(answer.AnswerCard, card_id) is not None:
        answer.count_answer(doing.session, today, card_id, helped=deed.helped)
    return Done("done")


def _hotline(doing: Doing, hotline_id: str) -> int | None:
    """The id of a number that this person, as staff, may change: the numbers are the house's."""
    if not organisations_of(doing.session, doing.person_id):
        return None
    found = number(hotline_id)
    return found if doing.session.get(answer.Hotline, found) is not None else None


def confirm_hotline(doing: Doing, deed: ConfirmHotline) -> Done:
    """Staff say that a number is right today."""
    hotline_id = _hotline(doing, deed.hotline_id)
    if hotline_id is None:
        return Done("refused")
    answer.confirm_hotline(doing.session, doing.now, hotline_id, doing.person_id)
    doing.audit("hotline_confirmed", f"hotline {hotline_id}")
    return Done("done")


def correct_hotline(doing: Doing, deed: CorrectHotline) -> Done:
    """Staff put another number in its place."""
    hotline_id = _hotline(doing, deed.hotline_id)
    if hotline_id is None:
        return Done("refused")
    try:
        answer.correct_hotline(doing.session, doing.now, hotline_id, deed.number, doing.person_id)
    except answer.Refused:
        return Done("refused")
    doing.audit("hotline_corrected", f"hotline {hotline_id}")
    return Done("done")


def remove_hotline(doing: Doing, deed: RemoveHotline) -> Done:
    """Staff take a number off the cards."""
    hotline_id = _hotline(doing, deed.hotline_id)
    if hotline_id is None:
        return Done("refused")
    try:
        answer.remove_hotline(doing.session, doing.now, hotline_id, doing.person_id)
    except answer.Refused:
        return Done("refused")
    doing.audit("hotline_removed", f"hotline {hotline_id}")
    return Done("done")


PERFORM: Performers = {
    Concern: concern,
    Misunderstood: misunderstood,
    SendRequest: send_request,
    TellLate: tell_late,
    CountAnswer: count_answer,
    ConfirmHotline: confirm_hotline,
    CorrectHotline: correct_hotline,
    RemoveHotline: remove_hotline,
    **requests.PERFORM,
}
