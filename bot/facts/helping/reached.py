"""What staff see of their answers, places and messages: counts, never people, and small numbers not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.facts.lookup import Lookup
from bot.offering.describing import town_zone
from conversations.facts.campaigns import Affected, Calls, CardRow, Reached
from conversations.speech import Words
from models.campaigns.broadcast import Broadcast
from models.campaigns.reach import SMALL, totals
from models.caring import answer_keeping, callback
from models.caring.answer import AnswerCard, AnswerCount, AnswerVoice
from models.offers import closures
from models.offers.announcement import Announcement
from models.offers.listing import Listing
from models.offers.programme import Town
from models.places.booking import ACTIVE, Booking

SINCE = timedelta(days=30)


def few(n: int) -> str:
    """A count as staff see it: none, fewer than five, or the number."""
    return str(n) if n == 0 or n >= SMALL else f"<{SMALL}"


def _today(lookup: Lookup) -> date:
    return lookup.now.astimezone(ZoneInfo(lookup.rules.zone)).date()


def _written(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


# ---------------------------------------------------------------- the answer book


def book(lookup: Lookup, mine: set[int], offset: int, size: int) -> tuple[tuple[CardRow, ...], int]:
    """Answers that staff of these organisations look after, those that run out first."""
    rows = answer_keeping.in_the_book(lookup.session, mine)
    return tuple(_row(lookup, row) for row in rows[offset : offset + size]), len(rows)


def card(lookup: Lookup, mine: set[int], card_id: int) -> CardRow | None:
    """One of them."""
    row = lookup.session.get(AnswerCard, card_id)
    if row is None or row.retired_at is not None or not mine:
        return None
    return _row(lookup, row) if row.organisation_id is None or row.organisation_id in mine else None


def _row(lookup: Lookup, row: AnswerCard) -> CardRow:
    session, today = lookup.session, _today(lookup)
    town = session.get(Town, row.town_id) if row.town_id is not None else None
    voices = session.scalars(select(AnswerVoice.language).where(AnswerVoice.card_id == row.id))
    since = today - SINCE
    said = session.execute(
        select(func.coalesce(func.sum(AnswerCount.helped), 0), func.coalesce(func.sum(AnswerCount.missed), 0)).where(
            AnswerCount.card_id == row.id, AnswerCount.day >= since
        )
    ).one()
    return CardRow(
        row.id,
        row.code,
        row.topic,
        Words.of(row.question),
        Words.of(row.answer),
        Words.of(town.name) if town else Words(),
        row.country,
        row.source,
        _written(row.source_date),
        _written(row.review_on),
        row.review_on <= today,
        row.review_on <= today + answer_keeping.WARN,
        tuple(sorted(language for language, words in row.answer.items() if words)),
        tuple(sorted(voices)),
        few(int(said[0])),
        few(int(said[1])),
    )


# ---------------------------------------------------------------- places


def span(session: Any, site_id: int, draft: Mapping[str, Any], otherwise: str) -> tuple[date, date, datetime, datetime]:
    """The first and last local day that a closure's draft names, and the instants between which they lie."""
    zone = ZoneInfo(town_zone(session, site_id, otherwise))
    first = datetime.fromisoformat(draft["first"]).astimezone(zone).date()
    last = datetime.fromisoformat(draft.get("last") or draft["first"]).astimezone(zone).date()
    begins = datetime.combine(first, time(0), zone)
    return first, last, begins, datetime.combine(last + timedelta(days=1), time(0), zone)


def affected(lookup: Lookup, mine: set[int], draft: Mapping[str, Any]) -> Affected:
    """What closing a site would cancel."""
    session, site_id = lookup.session, int(draft["site"])
    _first, _last, begins, ends = span(session, site_id, draft, lookup.rules.zone)
    begins = max(begins, lookup.now)
    own = [meeting.id for meeting in closures.meetings_between(session, site_id, begins, ends, sorted(mine))]
    every = closures.meetings_between(session, site_id, begins, ends)
    people = session.scalar(
        select(func.count(Booking.person_id.distinct())).where(Booking.session_id.in_(own), Booking.state.in_(ACTIVE))
    )
    return Affected(len(own), people or 0, len(every) - len(own))


# ---------------------------------------------------------------- how far things reached


def reached(lookup: Lookup, mine: set[int], kind: str, offset: int, size: int) -> tuple[tuple[Reached, ...], int]:
    """How far the organisations' things of a kind reached, what reached most first."""
    since = _today(lookup) - SINCE
    found = []
    for about_id, title in _titles(lookup, mine, kind):
        counts = totals(lookup.session, kind, about_id, since)
        if counts:
            told = Reached(
                Words.of(title), few(counts.get("page", 0)), few(counts.get("chat", 0)), few(counts.get("tapped", 0))
            )
            found.append((-sum(counts.values()), about_id, told))
    found.sort(key=lambda one: one[:2])
    return tuple(told for _n, _id, told in found[offset : offset + size]), len(found)


def _titles(lookup: Lookup, mine: set[int], kind: str) -> list[tuple[int, Mapping[str, str]]]:
    session = lookup.session
    if not mine:
        return []
    if kind == "answer":
        return [(row.id, row.question) for row in answer_keeping.in_the_book(session, mine)]
    if kind == "broadcast":
        told = select(Broadcast).where(Broadcast.organisation_id.in_(mine)).order_by(Broadcast.id.desc()).limit(100)
        return [(row.id, {key: words[:60] for key, words in row.texts.items()}) for row in session.scalars(told)]
    table: Any = Announcement if kind == "event" else Listing
    rows = session.scalars(select(table).where(table.organisation_id.in_(mine)).order_by(table.id.desc()).limit(200))
    return [(row.id, row.title) for row in rows]


def calls(lookup: Lookup, mine: set[int]) -> Calls:
    """Call-backs of the last 30 days: how many, and within how many hours the quicker half of them was made."""
    waited = callback.waits(lookup.session, mine, lookup.now - SINCE)
    half = waited[(len(waited) - 1) // 2] if waited else timedelta(0)
    return Calls(len(waited), -(-int(half.total_seconds()) // 3600))
