"""What people want to hear of regularly, and the weekly digest: one for each person and week at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, When, inserting, to
from models.who.people import Address, Person

TOPICS = ("week", "town", "jobs", "grants", "workshops", "news", "tv")
"""What is on this week (the digest); what is new in my town; jobs and trainings; grants; workshops; "get informed"
news; programmes on television and radio."""
APART = timedelta(days=6)
"""Two digests of one person are at least so far apart, also when the day of the week is changed."""
KEEP = timedelta(days=90)


class Subscription(Base):
    """A topic that a person wants to hear of, since when."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_topic", "topic", "person_id"),)

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(String(12), primary_key=True)
    created_at: Mapped[When]


class Digest(Base):
    """That a person's digest of a week was dealt with: "written", or "nothing" (nothing fitted), "left" (not now).

    The key is what keeps a second one away, also after a crash. `week` is the Monday of the week.
    """

    __tablename__ = "digest"
    __table_args__ = (Index("ix_digest_created_at", "created_at"),)

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    week: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[When]


class DigestRun(Base):
    """How far the digests of a week have come: `cursor` is the last person dealt with."""

    __tablename__ = "digest_run"

    week: Mapped[date] = mapped_column(primary_key=True)
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def subscribe(session: Session, now: datetime, person_id: int, topic: str) -> bool:
    """Subscribe a person to a topic; True if it is new. Raises ValueError for a topic there is not."""
    if topic not in TOPICS:
        raise ValueError(f"there is no topic {topic!r}")
    made = inserting(session.get_bind().dialect.name)(Subscription).values(
        person_id=person_id, topic=topic, created_at=now
    )
    made = made.on_conflict_do_nothing(index_elements=["person_id", "topic"]).returning(Subscription.topic)
    return session.scalars(made).first() is not None


def unsubscribe(session: Session, person_id: int, topic: str) -> bool:
    """End a subscription; True if there was one."""
    ended = delete(Subscription).where(Subscription.person_id == person_id, Subscription.topic == topic)
    return session.scalars(ended.returning(Subscription.topic)).first() is not None


def topics_of(session: Session, person_id: int) -> tuple[str, ...]:
    """What a person is subscribed to, in the order of `TOPICS`."""
    found = set(session.scalars(select(Subscription.topic).where(Subscription.person_id == person_id)))
    return tuple(topic for topic in TOPICS if topic in found)


# ---------------------------------------------------------------- the weekly digest


def run_of(session: Session, week: date) -> DigestRun | None:
    """The run of a week, locked, made where there is none; None where it is over or another process has it."""
    made = inserting(session.get_bind().dialect.name)(DigestRun).values(week=week, cursor=0)
    session.execute(made.on_conflict_do_nothing(index_elements=["week"]))
    return session.scalars(
        select(DigestRun)
        .where(DigestRun.week == week, DigestRun.ended_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).first()


def waiting_for(
    session: Session, week: date, cursor: int, now: datetime, due: datetime, limit: int, topics: Iterable[str]
) -> list[int]:
    """The next people subscribed to one of the topics since before the digest was `due`, in the order of their ids:
    nobody who had one.
    """
    had = select(Digest.person_id).where(Digest.created_at > now - APART, Digest.state == "written")
    dealt_with = select(Digest.person_id).where(Digest.week == week)
    rows = (
        select(Subscription.person_id)
        .join(Person, Person.id == Subscription.person_id)
        .where(
            Subscription.topic.in_(sorted(topics)),
            Subscription.created_at <= due,
            Subscription.person_id > cursor,
            Subscription.person_id.not_in(dealt_with),
            Subscription.person_id.not_in(had),
            Person.stopped_at.is_(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Subscription.person_id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def still_there(session: Session, people: Iterable[int], topics: Iterable[str]) -> set[int]:
    """Those of these people who are subscribed to one of these topics, have not stopped or left, and have a chat."""
    rows = (
        select(Person.id)
        .join(Subscription, Subscription.person_id == Person.id)
        .join(Address, Address.person_id == Person.id)
        .where(
            Person.id.in_(list(people)),
            Subscription.topic.in_(sorted(topics)),
            Person.stopped_at.is_(None),
            Person.erased_at.is_(None),
            Address.active,
        )
    )
    return set(session.scalars(rows))


def claim(session: Session, now: datetime, week: date, states: Iterable[tuple[int, str]]) -> set[int]:
    """Note for each person what became of their digest. Returns who had none of this week before: only they get it."""
    rows: Sequence[dict[str, object]] = [
        {"person_id": person_id, "week": week, "state": state, "created_at": now} for person_id, state in states
    ]
    if not rows:
        return set()
    made = inserting(session.get_bind().dialect.name)(Digest)
    made = made.on_conflict_do_nothing(index_elements=["person_id", "week"]).returning(Digest.person_id)
    return set(session.scalars(made, rows))
