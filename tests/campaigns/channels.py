"""What must hold of Viber and of the staff's desk (V1-V3, D1-D3): their platforms' history against the database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk import words
from bot.language.tongue import tongue
from bot.telling import ANSWERS
from handlers.desk.arriving import CHANNEL as DESK
from handlers.telegram.reading import CHANNEL as TELEGRAM
from handlers.viber.abilities import CHANNEL as VIBER
from handlers.viber.reading import read
from models.caring.case import Request, RequestMessage
from models.caring.desk import DeskCard, DeskTopic
from models.messages.message import Outgoing
from models.messages.money import PaidMessage, Spending
from models.offers.call import Application
from models.who.people import Address
from tests.campaigns.beside import VIBER_CALLS, Everywhere
from tests.campaigns.platform import Platform
from tests.campaigns.seen import Key, place_of

NOT_SUBSCRIBED = 6
RECEIPTS = ("delivered", "seen", "failed")


def told_by(platform: Platform) -> Iterator[tuple[str, str]]:
    """What the program must have in its inbox: the channel, and its name for each arrival. Receipts stand elsewhere."""
    yield from ((TELEGRAM, f"u{number}") for number in platform.updates.sent)
    if not isinstance(platform, Everywhere):
        return
    yield from ((DESK, f"u{number}") for number in platform.desk.updates.sent)
    for callback in platform.viber.callbacks.sent.values():
        yield VIBER, read(json.loads(callback.body), datetime.now(UTC)).arrival.message_id


def beside(session: Session, platform: Everywhere, rows: Mapping[Key, Sequence[Outgoing]]) -> list[str]:
    """Every invariant of Viber and the desk that does not hold, in words. Empty when all is well."""
    return [
        *_callbacks(platform),
        *_left(platform, rows),
        *_paid(session),
        *_topics(session, platform),
        *_pressed(platform),
    ]


def _callbacks(platform: Everywhere) -> list[str]:
    """Everything that Viber had to tell was taken, and every welcome in an answer was one."""
    viber = platform.viber
    lost = [f"V1: Viber told of {one.event} in vain" for one in viber.callbacks.all if not one.done]
    return [*lost, *(f"V1: a welcome was not one: {why}" for why in viber.methods.bad_welcomes)]


def _left(platform: Everywhere, rows: Mapping[Key, Sequence[Outgoing]]) -> list[str]:
    """Nobody who has left Viber is even tried to be written to unasked; and nothing else is refused there."""
    found = []
    for call in (call for call in platform.viber.history if call.method in VIBER_CALLS):
        written = rows.get(
            (place_of(VIBER, str(call.params.get("receiver"))), str(call.params.get("text")).strip()), ()
        )
        asked = any(row.kind in ANSWERS for row in written)
        if call.status == NOT_SUBSCRIBED and not asked:
            found.append("V2: somebody was written to who has left Viber")
        elif call.status not in (0, NOT_SUBSCRIBED):
            found.append(f"V2: Viber refused {call.method} with {call.status}")
    return found


def _paid(session: Session) -> list[str]:
    """Each message is paid for once, and the month's sum is that of the ledger."""
    twice = session.execute(
        select(PaidMessage.outgoing_id)
        .where(PaidMessage.outgoing_id.is_not(None))
        .group_by(PaidMessage.outgoing_id)
        .having(func.count() > 1)
    )
    ledger = session.scalar(select(func.coalesce(func.sum(PaidMessage.micros), 0)))
    spent = session.scalar(select(func.coalesce(func.sum(Spending.micros), 0)))
    wrong = [f"V3: the ledger comes to {ledger}, the month to {spent}"] if ledger != spent else []
    return [*(f"V3: message {row[0]} was paid for twice" for row in twice), *wrong]


def _topics(session: Session, platform: Everywhere) -> list[str]:
    """A topic for each request, and one more for each doubt at most: that one is empty, and staff were told of it."""
    room, found = platform.room, list[str]()
    known = {topic.thread: topic for topic in session.scalars(select(DeskTopic))}
    found += [f"D1: topic {thread} is not there" for thread in known if thread not in room.topics]
    found += [f"D1: topic {one.thread} is {one.shown}" for one in known.values() if one.shown != one.wanted]
    spare = [thread for thread in room.topics if thread not in known]
    doubts = sum(topic.doubts for topic in known.values())
    if len(spare) > doubts:
        found.append(f"D2: {len(spare)} topics too many, of which {doubts} are in doubt")
    found += [f"D2: something stands in topic {shown.thread}" for shown in room.shown if shown.thread in spare]
    for topic in known.values():
        told = tongue("sr-Latn").speak(words.MAYBE_EMPTY.of(number=topic.request_id))
        if sum(told == shown.text for shown in room.shown if not shown.thread) < topic.doubts:
            found.append(f"D2: staff were not told of the doubt about topic {topic.thread}")
    return found


def _pressed(platform: Everywhere) -> list[str]:
    """A card is decided on its post; of one that came twice, since its answer was lost, on the one that was pressed."""
    posts: dict[str, list[list[str]]] = {}
    for shown in platform.room.shown:
        if not shown.thread and "🆕" in shown.text:
            posts.setdefault(shown.text.partition("\n")[0], []).append(shown.labels)
    return [f"D3: a decided card still offers {copies[0]}" for copies in posts.values() if all(copies)]


def made_beside(session: Session) -> dict[str, Any]:
    """What became of requests, cards and addresses, in a form that two runs can be compared by."""

    def rows(*what: Any, where: Any = True) -> list[tuple[Any, ...]]:
        return sorted(map(tuple, session.execute(select(*what).where(where))), key=repr)

    return {
        "applications": rows(Application.number, Application.state),
        "requests": rows(Request.id, Request.state),
        "said": rows(RequestMessage.request_id, RequestMessage.author_id, RequestMessage.text),
        "topics": rows(DeskTopic.request_id, DeskTopic.shown, DeskTopic.told),
        "cards": rows(DeskCard.about, DeskCard.about_id, DeskCard.state, where=DeskCard.about != "note"),
        "paid": rows(PaidMessage.kind, PaidMessage.micros),
        "addresses": rows(Address.channel, Address.person_id, Address.active, where=Address.channel != DESK),
    }
