"""Broadcasts on their way: who may be written to now, and the step that queues some people at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.arriving.knowing import ALONE_ANYWHERE, ALONE_FROM
from bot.campaigns import surveying
from bot.campaigns.campaigning import message_of
from bot.doing import Doing
from bot.language.tongue import spoken, tongue
from bot.sending import envelope
from bot.telling import Rules, after_quiet
from conversations.speech import Say
from conversations.staff import notices
from models.asking.survey import Survey, of_broadcast
from models.asking.survey_turn import next_in_turn, room, take_turns
from models.campaigns.audience import Audience, agreed_to_messages, holders_of, people_of, unasked_since
from models.campaigns.broadcast import Broadcast, Recipient, next_due, outcome_counts, settle
from models.messages.message import RANKS, Outgoing
from models.messages.money import Tariff
from models.messages.money import left as money_left
from models.offers.programme import Town
from models.who.people import Person
from models.who.reaching import Place, places

PER_DAY, PER_WEEK = 1, 4
"""The most messages that one person gets unasked (people.md part 6)."""
CHUNK = 500
KEEPS = timedelta(days=3)
"""A broadcast that could not leave for so long helps nobody any more."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who may be written to: where, and from when on (UTC) it is not their night.

    Who has no chat is reached on a guardian's phone, or on the one they share, in its language.
    """

    person_id: int
    tag: str
    address_id: int
    due: datetime
    bill: tuple[str, str] | None = None
    """Where it costs money: the channel and the country that its price is for."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who may not or cannot be written to: "stopped", "consent", "unreachable", "cap" or "paid"."""

    person_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a broadcast costs on one channel (`micros`: millionths of a euro), and what is `left` to be spent there.

    `unknown` counts the people among them whose country's price is not known: they are reckoned with at `otherwise`.
    """

    tariff: Tariff
    people: int
    micros: int
    unknown: int
    left: int

    @property
    def enough(self) -> bool:
        """Whether there is money for all of them."""
        return self.micros <= self.left


@dataclass(frozen=True, slots=True)
class Count:
    """How many people a broadcast would reach, and how many not, by reason; and what it costs, if anything."""

    reached: int
    left_out: tuple[tuple[str, int], ...]
    costs: tuple[Cost, ...] = ()

    @property
    def affordable(self) -> bool:
        """Whether there is money for all of it."""
        return all(cost.enough for cost in self.costs)

    @property
    def total(self) -> int:
        """Everybody the audience names."""
        return self.reached + sum(n for _reason, n in self.left_out)


def judge(
    session: Session,
    rules: Rules,
    at: datetime,
    people: Sequence[int],
    *,
    free_only: bool = False,
    broadcast_id: int = 0,
    asks: bool = False,
) -> list[Reached | LeftOut]:
    """For each person whether they may get a broadcast that goes out `at` (UTC), in the order given.

    With `free_only` nobody is written to for money. What this broadcast has written already does not count as much.
    `asks`: it is a survey, of which everybody gets one a month at most (bot/campaigns/surveying.py).
    """
    holders = holders_of(session, people)
    rows = session.execute(
        select(Person.id, Person.tag, Person.band, Person.stopped_at, Town.country, Town.zone)
        .outerjoin(Town, Town.id == Person.town_id)
        .where(Person.id.in_([*people, *holders.values()]))
    )
    by_id = {row[0]: row for row in rows}
    own, by_guardian = agreed_to_messages(session, people)
    dues = {person_id: after_quiet(at, row[5] or rules.zone, rules) for person_id, row in by_id.items()}
    addresses = places(session, by_id, dues, rules.tariffs)
    written = unasked_since(session, by_id, at - timedelta(days=8), broadcast_id)
    judged: list[Reached | LeftOut] = []
    not_asked = surveying.reasons(session, rules, at, people) if asks else {}
    for person_id in people:
        _id, _tag, band, stopped, country, _zone = by_id[person_id]
        alone = not band or band in ALONE_FROM.get(country or "", ALONE_ANYWHERE)
        reader = holders.get(person_id, person_id)
        due = dues[reader]
        if stopped is not None:
            judged.append(LeftOut(person_id, "stopped"))
        elif person_id not in by_guardian and not (alone and person_id in own):
            judged.append(LeftOut(person_id, "consent"))
        elif person_id in not_asked:
            judged.append(LeftOut(person_id, not_asked[person_id]))
        elif reader not in addresses:
            judged.append(LeftOut(person_id, "unreachable"))
        elif _at_the_cap(due, written.get(reader, ()), rules):
            judged.append(LeftOut(person_id, "cap"))
        else:
            tag, country = by_id[reader][1], by_id[reader][4]
            judged.append(_reached(person_id, tag, country or "", addresses[reader], due, free_only=free_only))
    return judged


def _reached(
    person_id: int, tag: str, country: str, theirs: Sequence[Place], due: datetime, *, free_only: bool
) -> Reached | LeftOut:
    place = next((one for one in theirs if not one.costs), None) if free_only else theirs[0]
    if place is None:
        return LeftOut(person_id, "paid")
    return Reached(person_id, tag, place.id, due, (place.channel, country) if place.costs else None)


def _at_the_cap(due: datetime, written: Iterable[datetime], rules: Rules) -> bool:
    """True if another message on that day would be more than the most that a person gets."""
    day = due.astimezone(ZoneInfo(rules.zone)).date()
    days = [(day - other.astimezone(ZoneInfo(rules.zone)).date()).days for other in written]
    return days.count(0) >= PER_DAY or sum(-7 < ago < 7 for ago in days) >= PER_WEEK


def count(
    session: Session,
    rules: Rules,
    at: datetime,
    audience: Audience,
    *,
    now: datetime | None = None,
    free_only: bool = False,
    asks: bool = False,
    messages: int = 1,
) -> Count:
    """How many people (not addresses) a broadcast at that time would reach, and what it would cost, as seen `now`.

    `messages`: so many of the platform's each, where a voice comes with the words.
    """
    ids = list(session.scalars(people_of(audience)))
    reached = 0
    left: dict[str, int] = {}
    paying: dict[str, dict[int, list[str]]] = {}
    billed: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        for one in judge(session, rules, at, ids[start : start + CHUNK], free_only=free_only, asks=asks):
            if isinstance(one, LeftOut):
                left[one.reason] = left.get(one.reason, 0) + 1
                continue
            reached += 1
            if one.bill is not None and one.address_id not in billed:
                billed.add(one.address_id)
                paying.setdefault(one.bill[0], {}).setdefault(one.address_id, []).append(one.bill[1])
    costs = tuple(
        _cost(session, tariff, now or at, at, paying[tariff.channel], messages)
        for tariff in rules.tariffs
        if tariff.channel in paying
    )
    return Count(reached, tuple(sorted(left.items())), costs)


def _cost(
    session: Session,
    tariff: Tariff,
    now: datetime,
    at: datetime,
    by_address: Mapping[int, Sequence[str]],
    messages: int,
) -> Cost:
    """So many messages to each address, however many people are reached there."""
    countries = [theirs[0] for theirs in by_address.values()]
    return Cost(
        tariff,
        people=sum(len(theirs) for theirs in by_address.values()),
        micros=messages * sum(tariff.price(country) for country in countries),
        unknown=sum(not tariff.knows(country) for country in countries),
        left=money_left(session, tariff, now, at),
    )


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
