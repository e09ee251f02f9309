"""Broadcasts on their way: who may be written to now, and the step that queues some people at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot import envelope
from bot.doing import Doing
from bot.knowing import ALONE_ANYWHERE, ALONE_FROM
from bot.language.tongue import spoken, tongue
from bot.telling import Rules, after_quiet
from conversations.speech import Button, Words
from conversations.staff import notices
from models.audience import Audience, agreed_to_messages, best_addresses, people_of, unasked_since
from models.base import fresh_token
from models.broadcast import Broadcast, Recipient, next_due, outcome_counts, settle
from models.conversation import Standing
from models.listing import Listing
from models.message import RANKS, Outgoing
from models.people import Person
from models.programme import Organisation, Town

PER_DAY, PER_WEEK = 1, 4
"""The most messages that one person gets unasked (people.md part 6)."""
CHUNK = 500
KEEPS = timedelta(days=3)
"""A broadcast that could not leave for so long helps nobody any more."""
BUTTON_DAYS = 60


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who may be written to: where, and from when on (UTC) it is not their night."""

    person_id: int
    tag: str
    address_id: int
    due: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who may not or cannot be written to: "stopped", "consent", "unreachable" or "cap"."""

    person_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many people a broadcast would reach, and how many not, by reason."""

    reached: int
    left_out: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Everybody the audience names."""
        return self.reached + sum(n for _reason, n in self.left_out)


def judge(session: Session, rules: Rules, at: datetime, people: Sequence[int]) -> list[Reached | LeftOut]:
    """For each person whether they may get a broadcast that goes out `at` (UTC), in the order given."""
    rows = session.execute(
        select(Person.id, Person.tag, Person.band, Person.stopped_at, Town.country, Town.zone)
        .outerjoin(Town, Town.id == Person.town_id)
        .where(Person.id.in_(people))
    )
    by_id = {row[0]: row for row in rows}
    own, by_guardian = agreed_to_messages(session, people)
    addresses = best_addresses(session, people)
    written = unasked_since(session, people, at - timedelta(days=8))
    judged: list[Reached | LeftOut] = []
    for person_id in people:
        _id, tag, band, stopped, country, zone = by_id[person_id]
        alone = not band or band in ALONE_FROM.get(country or "", ALONE_ANYWHERE)
        due = after_quiet(at, zone or rules.zone, rules)
        if stopped is not None:
            judged.append(LeftOut(person_id, "stopped"))
        elif person_id not in by_guardian and not (alone and person_id in own):
            judged.append(LeftOut(person_id, "consent"))
        elif person_id not in addresses:
            judged.append(LeftOut(person_id, "unreachable"))
        elif _at_the_cap(due, written.get(person_id, ()), rules):
            judged.append(LeftOut(person_id, "cap"))
        else:
            judged.append(Reached(person_id, tag, addresses[person_id], due))
    return judged


def _at_the_cap(due: datetime, written: Iterable[datetime], rules: Rules) -> bool:
    """True if another message on that day would be more than the most that a person gets."""
    day = due.astimezone(ZoneInfo(rules.zone)).date()
    days = [(day - other.astimezone(ZoneInfo(rules.zone)).date()).days for other in written]
    return days.count(0) >= PER_DAY or sum(-7 < ago < 7 for ago in days) >= PER_WEEK


def count(session: Session, rules: Rules, at: datetime, audience: Audience) -> Count:
    """How many people (not addresses) a broadcast at that time would reach."""
    ids = list(session.scalars(people_of(audience)))
    reached = 0
    left: dict[str, int] = {}
    for start in range(0, len(ids), CHUNK):
        for one in judge(session, rules, at, ids[start : start + CHUNK]):
            if isinstance(one, Reached):
                reached += 1
            else:
                left[one.reason] = left.get(one.reason, 0) + 1
    return Count(reached, tuple(sorted(left.items())))


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
    wanted = people_of(Audience.of(row.audience)).where(Person.id > row.cursor).limit(limit)
    people = list(session.scalars(wanted))
    if people:
        _queue(doing, row, judge(session, doing.rules, now, people))
        row.cursor = people[-1]
    if len(people) < limit:
        row.queued_at = now
    session.flush()
    return len(people)


def _queue(doing: Doing, row: Broadcast, judged: list[Reached | LeftOut]) -> None:
    session = doing.session
    organisation = session.get_one(Organisation, row.organisation_id)
    listing = session.get(Listing, row.listing_id) if row.listing_id is not None else None
    reached = [one for one in judged if isinstance(one, Reached)]
    messages, tokens = [], []
    for one in reached:
        see: Button | None = None
        if listing is not None and listing.state == "open":
            token = fresh_token()
            action = notices.SEE_OFFER if listing.block == "OFF" else notices.SEE_CALL
            see = Button(notices.SEE, f"s.{token}")
            tokens.append(
                {
                    "token": token,
                    "person_id": one.person_id,
                    "action": action,
                    "about": {"listing": listing.id},
                    "expires_at": doing.now + timedelta(days=BUTTON_DAYS),
                }
            )
        say = notices.broadcast(Words.of(row.texts), Words.of(organisation.name), see)
        messages.append(
            {
                "address_id": one.address_id,
                "kind": "broadcast",
                "rank": RANKS.get("broadcast", 2),
                "body": envelope.to_json(spoken(say, tongue(one.tag))),
                "due_at": one.due,
                "expires_at": one.due + KEEPS,
                "broadcast_id": row.id,
                "created_at": doing.now,
            }
        )
    if tokens:
        session.execute(insert(Standing), tokens)
    ids: list[int] = []
    if messages:
        made = insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True)
        ids = list(session.scalars(made, messages))
        doing.outgoing.extend(ids)
    written = dict(zip((one.person_id for one in reached), ids, strict=True))
    session.execute(
        insert(Recipient),
        [
            {
                "broadcast_id": row.id,
                "person_id": one.person_id,
                "outgoing_id": written.get(one.person_id),
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
