"""The weekly digest: composed for each subscriber from what fits, in small portions, once a week at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_, select

from bot.arriving.links import END, LOOK, WEEK
from bot.campaigns import digest_news
from bot.campaigns.judging import LeftOut, Reached, judge
from bot.doing import Doing
from bot.language.tongue import spoken, tongue
from bot.sending import envelope
from bot.telling import Rules
from conversations.offers.digest import Line, digest
from conversations.speech import Moment, Say, Words
from models.campaigns import subscription
from models.campaigns.subscription import DigestRun, Subscription
from models.messages.message import RANKS, Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.series import first_of, goes_on
from models.places.booking import ACTIVE, Booking
from models.places.taking import why_not
from models.who.people import Address, Guardianship, Interest, Person

LATE = timedelta(hours=24)
"""A run that could not begin for so long is left out: half of its week is over."""
KEEPS = timedelta(days=2)
AHEAD = timedelta(days=7)
MEETINGS_MOST = 400
"""Meetings of a town that are looked at."""


def week_due(now: datetime, rules: Rules) -> tuple[date, datetime] | None:
    """The week (its Monday) whose digests are to go out now (UTC in), and when they were due; None before their hour
    and from a day after it on.
    """
    local = now.astimezone(ZoneInfo(rules.zone))
    for back in (0, 7):
        monday = local.date() - timedelta(days=local.weekday() + back)
        due = datetime.combine(monday + timedelta(days=rules.digest_day), time(rules.digest_hour), ZoneInfo(rules.zone))
        if due <= now < due + LATE:
            return monday, due.astimezone(UTC)
    return None


@dataclass(frozen=True, slots=True)
class Portion:
    """The next subscribers and what each of them would get, by what was read; nothing of it is written yet.

    `topics` are those of which it tells; `last` is True where nobody comes after them.
    """

    week: date
    due: datetime
    topics: frozenset[str]
    people: tuple[int, ...]
    states: Mapping[int, str]
    messages: Mapping[int, Mapping[str, Any]]
    """By person, the row of the outbox."""
    last: bool


def step(doing: Doing, limit: int = 100) -> int:
    """Deal with the next subscribers, at most `limit`; how many that were. All of it is one transaction."""
    portion = prepare(doing, limit)
    return write(doing, portion) if portion is not None else 0


def prepare(doing: Doing, limit: int = 100) -> Portion | None:
    """Compose what the next subscribers get; None where nothing is due. It only reads, so that no turn waits for it."""
    session, now = doing.session, doing.now
    found = week_due(now, doing.rules)
    if found is None:
        return None
    week, due = found
    known = session.get(DigestRun, week)
    if known is not None and known.ended_at is not None:
        return None
    cursor = known.cursor if known is not None else 0
    news = digest_news.given(doing, due)
    topics = digest_news.topics_of(news)
    people = subscription.waiting_for(session, week, cursor, now, due, limit, topics)
    reached = _reached(doing, people) if people else []
    says = compose(doing, [one.person_id for one in reached], news)
    states = dict.fromkeys(people, "left")
    for one in reached:
        states[one.person_id] = "written" if one.person_id in says else "nothing"
    messages = {
        one.person_id: {
            "address_id": one.address_id,
            "kind": "digest",
            "rank": RANKS.get("digest", 2),
            "body": envelope.to_json(spoken(says[one.person_id], tongue(one.tag))),
            "due_at": one.due,
            "expires_at": one.due + KEEPS,
            "created_at": now,
        }
        for one in reached
        if one.person_id in says
    }
    return Portion(week, due, topics, tuple(people), states, messages, last=len(people) < limit)


def write(doing: Doing, portion: Portion) -> int:
    """Write down what was prepared, in one transaction; how many people that were.

    Each has a row of the week (models/campaigns/subscription.py): a crash, a second process or a clock that jumps
    back writes nobody a second one. Who stopped, unsubscribed or left meanwhile gets nothing.
    """
    session = doing.session
    run = subscription.run_of(session, portion.week)
    if run is None or run.ended_at is not None:
        return 0
    if portion.people:
        still = subscription.still_there(session, portion.messages, portion.topics)
        states = {
            person_id: "left" if state == "written" and person_id not in still else state
            for person_id, state in portion.states.items()
        }
        fresh = subscription.claim(session, doing.now, portion.week, states.items())
        rows = [dict(row) for person_id, row in portion.messages.items() if person_id in fresh & still]
        if rows:
            made = insert(Outgoing).returning(Outgoing.id, sort_by_parameter_order=True)
            doing.outgoing.extend(session.scalars(made, rows))
        run.cursor = max(run.cursor, portion.people[-1])
    if portion.last:
        run.ended_at = doing.now
    session.flush()
    return len(portion.people)


def _reached(doing: Doing, people: Sequence[int]) -> list[Reached]:
    """Who may be written to on a chat of their own, free of charge; today, or tomorrow where today is full."""
    judged = judge(doing.session, doing.rules, doing.now, people, free_only=True)
    full = [one.person_id for one in judged if isinstance(one, LeftOut) and one.reason == "cap"]
    if full:
        judged += judge(doing.session, doing.rules, doing.now + timedelta(days=1), full, free_only=True)
    reached = [one for one in judged if isinstance(one, Reached)]
    there = select(Address.id, Address.person_id).where(Address.id.in_([one.address_id for one in reached]))
    owners = {row.id: row.person_id for row in doing.session.execute(there)}
    return [one for one in reached if owners.get(one.address_id) == one.person_id]


# ---------------------------------------------------------------- what fits


@dataclass(slots=True)
class _About:
    """What is known of a subscriber, as far as it decides what fits."""

    town_id: int | None
    bands: set[str]
    interests: set[int] = field(default_factory=set)
    booked: set[int] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)


def compose(doing: Doing, people: Sequence[int], news: Sequence[digest_news.Given]) -> Mapping[int, Say]:
    """The digest of each of these people; nobody for whom nothing fits is in it."""
    about = _about(doing, people)
    towns = {one.town_id for one in about.values() if one.town_id is not None}
    meetings = _meetings(doing, towns)
    says: dict[int, Say] = {}
    for person_id, one in about.items():
        items = _fitting(one, meetings.get(one.town_id or 0, ())) if "week" in one.topics else ()
        told = digest_news.told(news, one.topics, one.town_id)
        if items or told:
            end = f"{END}{digest_news.ends(told, one.topics)}"
            says[person_id] = digest(items, tuple(piece.said for piece in told), more=WEEK, end=end)
    return says


def _about(doing: Doing, people: Sequence[int]) -> dict[int, _About]:
    session = doing.session
    about = {
        person_id: _About(town_id, {band} if band else set())
        for person_id, town_id, band in session.execute(
            select(Person.id, Person.town_id, Person.band).where(Person.id.in_(people)).order_by(Person.id)
        )
    }
    children = (
        select(Guardianship.guardian_id, Person.id, Person.band)
        .join(Person, Person.id == Guardianship.child_id)
        .where(Guardianship.guardian_id.in_(people), Guardianship.ended_at.is_(None))
    )
    for guardian_id, _child_id, band in session.execute(children):
        about[guardian_id].bands.add(band)
    for person_id, subject_id in session.execute(
        select(Interest.person_id, Interest.subject_id).where(Interest.person_id.in_(people))
    ):
        about[person_id].interests.add(subject_id)
    booked = (
        select(Booking.person_id, Meeting.listing_id)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Booking.person_id.in_(people), Booking.state.in_(ACTIVE), goes_on(doing.now, until_the_end=True))
    )
    for person_id, listing_id in session.execute(booked):
        about[person_id].booked.add(listing_id)
    for person_id, topic in session.execute(
        select(Subscription.person_id, Subscription.topic).where(Subscription.person_id.in_(people))
    ):
        about[person_id].topics.add(topic)
    return about


_Held = tuple[Listing, Meeting]


def _meetings(doing: Doing, towns: set[int]) -> dict[int, tuple[_Held, ...]]:
    """By town, what can be booked in the coming seven days: of each listing the nearest meeting, in their order."""
    found: dict[int, tuple[_Held, ...]] = {}
    for town_id in towns:
        rows = doing.session.execute(
            select(Listing, Meeting)
            .join(Meeting, Meeting.listing_id == Listing.id)
            .where(
                Listing.town_id == town_id,
                Listing.state == "open",
                Listing.block == "OFF",
                Listing.audience == "all",
                Listing.after_id.is_(None),
                or_(Listing.opens_at.is_(None), Listing.opens_at <= doing.now),
                Meeting.state == "planned",
                Meeting.starts_at > doing.now,
                Meeting.starts_at <= doing.now + AHEAD,
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(MEETINGS_MOST)
        )
        nearest: dict[int, _Held] = {}
        for listing, meeting in rows:
            if listing.id in nearest:
                continue
            if listing.drop_in or _free(doing, meeting):
                nearest[listing.id] = (listing, meeting)
        found[town_id] = tuple(nearest.values())
    return found


def _free(doing: Doing, meeting: Meeting) -> bool:
    """True if there is a place that can be booked today."""
    places = first_of(doing.session, meeting)
    return places.taken < places.capacity and not why_not(doing.session, doing.now, places)


def _fitting(one: _About, meetings: Sequence[_Held]) -> tuple[Line, ...]:
    """What is for the person's age or a child's, not booked yet; what they are interested in comes first."""
    fits = [
        (listing, meeting)
        for listing, meeting in meetings
        if listing.id not in one.booked and (not listing.bands or one.bands & set(listing.bands))
    ]
    fits.sort(key=lambda held: (held[0].subject_id not in one.interests, held[1].starts_at, held[1].id))
    return tuple(
        Line(Words.of(listing.title), Moment(meeting.starts_at, meeting.zone), f"{LOOK}{listing.code}")
        for listing, meeting in fits
    )
