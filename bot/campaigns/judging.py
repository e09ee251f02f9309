"""Who of an audience may be written to now, and what that costs: counted beforehand, judged anew when it goes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.campaigns import surveying
from bot.telling import Rules, after_quiet
from models.campaigns.audience import Audience, agreed_to_messages, holders_of, people_of, unasked_since
from models.messages.money import Tariff
from models.messages.money import left as money_left
from models.offers.programme import Town
from models.who.people import Person
from models.who.person import needs_guardian
from models.who.reaching import Place, places

PER_DAY, PER_WEEK = 1, 4
"""The most messages that one person gets unasked (people.md part 6)."""
CHUNK = 500


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
        alone = not needs_guardian(band, country or "")
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
