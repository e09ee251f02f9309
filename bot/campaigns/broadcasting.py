"""Broadcasts on their way: the step that queues some people at a time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, select

from bot.campaigns import surveying
from bot.campaigns.campaigning import message_of
from bot.campaigns.judging import LeftOut, Reached, judge
from bot.doing import Doing
from bot.language.tongue import spoken, tongue
from bot.sending import envelope
from conversations.speech import Say
from conversations.staff import notices
from models.asking.survey import Survey, of_broadcast
from models.asking.survey_turn import next_in_turn, room, take_turns
from models.campaigns.audience import Audience, people_of
from models.campaigns.broadcast import Broadcast, Recipient, next_due, outcome_counts, settle
from models.messages.message import RANKS, Outgoing
from models.who.people import Person

KEEPS = timedelta(days=3)
"""A broadcast that could not leave for so long helps nobody any more."""


def step(doing: Doing, limit: int = 300) -> int:
    """Queue the next people of the broadcast that is due, at most `limit`; how many were looked at.

    All of a step is one transaction with the cursor, so that a crash repeats or skips nobody. Opt-outs
    and consents are looked at here and not when it was counted.
    """
    session, now = doing.session, doing.now
    for ended in settle(session, now):
        _tell_author(doing, ended)
    row = next_due(session, now)
    if row is None:
        return 0
    row.state = "sending"
    survey = of_broadcast(session, row.id)
    if survey is not None:
        return _ask(doing, row, survey, limit)
    before = select(Recipient.person_id).where(Recipient.broadcast_id == row.id)
    wanted = people_of(Audience.of(row.audience)).where(Person.id > row.cursor, Person.id.not_in(before)).limit(limit)
    people = list(session.scalars(wanted))
    if people:
        _queue(doing, row, judge(session, doing.rules, now, people, free_only=row.free_only, broadcast_id=row.id))
        row.cursor = people[-1]
    if len(people) < limit:
        row.queued_at = now
    session.flush()
    return len(people)


def _ask(doing: Doing, row: Broadcast, survey: Survey, limit: int) -> int:
    """Ask the next people whose turn it is. Who got another survey at this very moment is left out."""
    session, now = doing.session, doing.now
    limit = room(session, survey, limit)
    people = list(session.scalars(next_in_turn(survey, Audience.of(row.audience)).limit(limit))) if limit else []
    if people:
        judged = judge(session, doing.rules, now, people, free_only=row.free_only, broadcast_id=row.id, asks=True)
        dues = {one.person_id: one.due for one in judged if isinstance(one, Reached)}
        asked = take_turns(session, survey, dues)
        judged = [
            one if isinstance(one, LeftOut) or one.person_id in asked else LeftOut(one.person_id, "asked")
            for one in judged
        ]
        _queue(doing, row, judged, "survey", surveying.invitation(session, survey))
    if len(people) < limit or not limit:
        row.queued_at = now
    session.flush()
    return len(people)


def _queue(
    doing: Doing, row: Broadcast, judged: list[Reached | LeftOut], kind: str = "broadcast", words: Say | None = None
) -> None:
    """One message to each address, however many people are reached there; one line for each person."""
    session = doing.session
    reached = [one for one in judged if isinstance(one, Reached)]
    say = words or message_of(session, doing.now, row)
    bodies = {tag: envelope.to_json(spoken(say, tongue(tag))) for tag in {one.tag for one in reached}}
    there = select(Outgoing.address_id, Outgoing.id).where(
        Outgoing.broadcast_id == row.id, Outgoing.address_id.in_([one.address_id for one in reached])
    )
    written = {message.address_id: message.id for message in session.execute(there)}
    first: dict[int, Reached] = {}
    for one in reached:
        if one.address_id not in written:
            first.setdefault(one.address_id, one)
    messages = [
        {
            "address_id": one.address_id,
            "kind": kind,
            "rank": RANKS.get(kind, 2),
            "body": bodies[one.tag],
            "due_at": one.due,
            "expires_at": one.due + KEEPS,
            "broadcast_id": row.id,
            "created_at": doing.now,
        }
        for one in first.values()
    ]
    ids: list[int] = []
    if messages:
        made = insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True)
        ids = list(session.scalars(made, messages))
        doing.outgoing.extend(ids)
    written |= dict(zip(first, ids, strict=True))
    session.execute(
        insert(Recipient),
        [
            {
                "broadcast_id": row.id,
                "person_id": one.person_id,
                "outgoing_id": written[one.address_id] if isinstance(one, Reached) else None,
                "state": "queued" if isinstance(one, Reached) else "left",
                "reason": one.reason if isinstance(one, LeftOut) else "",
            }
            for one in judged
        ],
    )


def _tell_author(doing: Doing, row: Broadcast) -> None:
    counts = outcome_counts(doing.session, row.id)
    sent = counts.get("sent", 0)
    button = doing.button(row.author_id, notices.REPORT, notices.SEE_BROADCAST, {"broadcast": row.id})
    doing.tell(row.author_id, notices.broadcast_done(sent, sum(counts.values()) - sent, button), "reminder")
