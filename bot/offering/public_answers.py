"""What everybody may read of the answer book, of announcements and of places: without signing up, on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.offering.in_public import CODE_MOST
from bot.times.opening import coming_days
from conversations.facts.campaigns import Place
from conversations.speech import Moment, Words
from models.caring.answer import AnswerCard, cards
from models.offers.announcement import Announcement
from models.offers.closures import Opening
from models.offers.programme import Organisation, Site, Town


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A card of the answer book that may be shown today."""

    card_id: int
    code: str
    question: Words
    answer: Words
    source: str
    dated: str
    organisation: Words


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """Something announced. `over` once it has begun or was cancelled."""

    event_id: int
    code: str
    topic: str
    title: Words
    place: Words
    at: Moment
    over: bool


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A place with its coming days."""

    site_id: int
    code: str
    place: Place


def _known(code: str) -> bool:
    return bool(code) and len(code) <= CODE_MOST


def answers_in_public(session: Session, now: datetime, zone: str) -> tuple[PublicAnswer, ...]:
    """Everything in the book that may be shown today, by topic. `zone` is the house's."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return tuple(_answer(session, row) for row in cards(session, today, ""))


def answer_in_public(session: Session, now: datetime, code: str, zone: str) -> PublicAnswer | None:
    """The answer with that code; None once it is retired, or hidden because its review is overdue."""
    if not _known(code):
        return None
    row = session.scalars(select(AnswerCard).where(AnswerCard.code == code, AnswerCard.retired_at.is_(None))).first()
    if row is None or row.review_on <= now.astimezone(ZoneInfo(zone)).date():
        return None
    return _answer(session, row)


def _answer(session: Session, row: AnswerCard) -> PublicAnswer:
    organisation = session.get(Organisation, row.organisation_id) if row.organisation_id is not None else None
    day = row.source_date
    return PublicAnswer(
        row.id,
        row.code,
        Words.of(row.question),
        Words.of(row.answer),
        row.source,
        f"{day.day}.{day.month}.{day.year}",
        Words.of(organisation.name) if organisation else Words(),
    )


def event_in_public(session: Session, now: datetime, code: str) -> PublicEvent | None:
    """The announcement with that code."""
    row = session.scalars(select(Announcement).where(Announcement.code == code)).first() if _known(code) else None
    if row is None:
        return None
    return PublicEvent(
        row.id,
        row.code,
        row.topic,
        Words.of(row.title),
        Words.of(row.place),
        Moment(row.starts_at, row.zone),
        row.state != "open" or row.starts_at <= now,
    )


def place_in_public(session: Session, now: datetime, code: str) -> PublicPlace | None:
    """The place with that code, if its hours are known or it is closed in the coming days."""
    site = session.scalars(select(Site).where(Site.code == code)).first() if _known(code) else None
    if site is None:
        return None
    town = session.get_one(Town, site.town_id)
    opening = session.get(Opening, site.id)
    days, open_now = coming_days(session, now, site.id, opening, town, 7)
    if not days:
        return None
    place = Place(
        site.id,
        Words.of(site.name),
        Words.of(town.name),
        days,
        Words.of(opening.bus) if opening else Words(),
        None,
        open_now,
    )
    return PublicPlace(site.id, site.code, place)
