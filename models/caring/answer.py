"""The answer book: cards on rights and services, and hotlines, each with its source and date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import String, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, Several, to

CHECK_EVERY = timedelta(days=180)
"""How often staff are asked whether a number is still right (people.md part 9)."""


CHILD, ADULT = "child", "adult"
"""Among what a number is for: who calls it first, whoever is under eighteen or who is not."""


class AnswerCard(Base):
    """A question and its answer for a country, a town or everybody, hidden when its review is overdue.

    `organisation_id` is whose it is (none: the house's own), `owner_id` who looks after it. `warned_on` and `hidden_on`
    are the review days that its owner has been told of; `retired_at` when it was taken out of the book.
    """

    __tablename__ = "answer_card"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    topic: Mapped[str] = mapped_column(String(24))
    country: Mapped[str] = mapped_column(String(2), default="")
    question: Mapped[Object]
    answer: Mapped[Object]
    source: Mapped[str] = mapped_column(String(200))
    source_date: Mapped[date]
    review_on: Mapped[date]
    town_id: Mapped[int | None] = mapped_column(to("town"))
    organisation_id: Mapped[int | None] = mapped_column(to("organisation"))
    owner_id: Mapped[int | None] = mapped_column(to("person"))
    warned_on: Mapped[date | None]
    hidden_on: Mapped[date | None]
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class AnswerVoice(Base):
    """An answer read aloud in one language: sent by a tap, never unasked."""

    __tablename__ = "answer_voice"

    card_id: Mapped[int] = mapped_column(to("answer_card", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(to("attachment", ondelete="CASCADE"))


class Hotline(Base):
    """A number to call for help. Staff confirm it at set-up and every 180 days.

    `lasting` ones (the emergency number, the children's line) stay on the card whatever happens.
    `concerns` are the kinds of emergency it is for, and CHILD or ADULT where such people call it before any other.
    """

    __tablename__ = "hotline"
    __table_args__ = (UniqueConstraint("country", "number"),)

    id: Mapped[Id]
    country: Mapped[str] = mapped_column(String(2))
    number: Mapped[str] = mapped_column(String(24))
    name: Mapped[Object]
    hours: Mapped[Object]
    concerns: Mapped[Several]
    source: Mapped[str] = mapped_column(String(200))
    source_date: Mapped[str] = mapped_column(String(24))
    rank: Mapped[int] = mapped_column(default=0)
    lasting: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    checked_at: Mapped[datetime | None] = mapped_column(Instant)
    checked_by_id: Mapped[int | None] = mapped_column(to("person"))


class AnswerCount(Base):
    """How often a card was said to help, or not, on one day. Nobody is named."""

    __tablename__ = "answer_count"

    card_id: Mapped[int] = mapped_column(to("answer_card", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    helped: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)


class Refused(Exception):
    """A change that would leave people without a number they must always find."""


def cards(session: Session, today: date, country: str, town_id: int | None = None) -> list[AnswerCard]:
    """The cards that may be shown: for that country and town or for all, in the book, and reviewed in time.

    Where the country or the town is not known, those of every one.
    """
    query = (
        select(AnswerCard)
        .where(AnswerCard.review_on > today, AnswerCard.retired_at.is_(None))
        .order_by(AnswerCard.topic, AnswerCard.id)
    )
    if country:
        query = query.where(AnswerCard.country.in_(("", country)))
    if town_id is not None:
        query = query.where(or_(AnswerCard.town_id.is_(None), AnswerCard.town_id == town_id))
    return list(session.scalars(query))


def count_answer(session: Session, today: date, card_id: int, *, helped: bool) -> None:
    """Count one "did this help?", by day and card only."""
    row = session.get(AnswerCount, (card_id, today), with_for_update=True)
    if row is None:
        row = AnswerCount(card_id=card_id, day=today, helped=0, missed=0)
        session.add(row)
        session.flush()
    column = AnswerCount.helped if helped else AnswerCount.missed
    session.execute(
        update(AnswerCount)
        .where(AnswerCount.card_id == card_id, AnswerCount.day == today)
        .values({column: column + 1})
        .execution_options(synchronize_session=False)
    )
    session.expire(row)


def hotlines(session: Session, country: str, *, also_removed: bool = False) -> list[Hotline]:
    """The numbers of a country ("" for all), the first to call first. Lasting ones are always among them."""
    query = select(Hotline).order_by(Hotline.country, Hotline.rank, Hotline.id)
    if country:
        query = query.where(Hotline.country == country)
    if not also_removed:
        query = query.where(or_(Hotline.active, Hotline.lasting))
    return list(session.scalars(query))


def confirm_hotline(session: Session, now: datetime, hotline_id: int, staff_id: int) -> None:
    """Somebody has called or looked it up: the number is right today."""
    hotline = session.get_one(Hotline, hotline_id, with_for_update=True)
    hotline.active, hotline.checked_at, hotline.checked_by_id = True, now, staff_id
    session.flush()


def correct_hotline(session: Session, now: datetime, hotline_id: int, number: str, staff_id: int) -> None:
    """Put another number in its place. Raises Refused for an empty one, or one the country has already."""
    hotline = session.get_one(Hotline, hotline_id, with_for_update=True)
    if not number.strip():
        raise Refused("a number cannot be emptied")
    twin = session.scalars(
        select(Hotline.id).where(Hotline.country == hotline.country, Hotline.number == number, Hotline.id != hotline_id)
    ).first()
    if twin is not None:
        raise Refused("that number is on the list already")
    hotline.number, hotline.active = number, True
    hotline.checked_at, hotline.checked_by_id = now, staff_id
    session.flush()


def remove_hotline(session: Session, now: datetime, hotline_id: int, staff_id: int) -> None:
    """Take a number off the cards. Raises Refused for a lasting one: it can only be corrected."""
    hotline = session.get_one(Hotline, hotline_id, with_for_update=True)
    if hotline.lasting:
        raise Refused("this number always stays")
    hotline.active, hotline.checked_at, hotline.checked_by_id = False, now, staff_id
    session.flush()


def unchecked_hotlines(session: Session, now: datetime) -> list[Hotline]:
    """Numbers on the cards that nobody has confirmed in the last 180 days."""
    due = or_(Hotline.checked_at.is_(None), Hotline.checked_at <= now - CHECK_EVERY)
    return [hotline for hotline in session.scalars(select(Hotline).where(due)) if hotline.active or hotline.lasting]
