"""Messages that cost money: when one is free, what a month has cost so far, and the budget that stops it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import BigInteger, Index, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, inserting, to
from models.messages.message import Note

EURO = 1_000_000
"""Money is counted in millionths of a euro: prices of a message have four decimals and more."""
UNKNOWN_PRICE = EURO // 20
"""What is reckoned with where nothing is set: more than any price that was found in November 2026."""
SESSION = timedelta(hours=24)
"""As long after somebody wrote, answering them is free (platforms.md 2.8)."""
LEAVES = timedelta(minutes=1)
"""As long a message may take to leave: nearer to the end of the free hours it counts as paid."""
TRIED_AGAIN = timedelta(hours=24)
"""When a platform that wants money is tried again."""
TOLD_AGAIN = timedelta(days=1)
"""So long after the last note staff are told again of what was not sent, once they have looked at that one."""
ALWAYS = "safety"
"""The one class that is sent whatever is left: a child's safety is worth some cents."""


class Spending(Base):
    """What one channel has cost in one month (UTC, "2026-11"): the row that two processes lock before they spend.

    `unsent` counts messages that were not sent for want of money. `stopped_until` is set while the platform
    itself refuses to be owed more.
    """

    __tablename__ = "spending"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    micros: Mapped[int] = mapped_column(BigInteger, default=0)
    messages: Mapped[int] = mapped_column(default=0)
    unsent: Mapped[int] = mapped_column(default=0)
    stopped_until: Mapped[datetime | None] = mapped_column(Instant)


class PaidMessage(Base):
    """The ledger: one row for each message that was, or may have been, sent for money.

    Written before the platform is called, and taken back only where it is certain that nothing was shown.
    """

    __tablename__ = "paid_message"
    __table_args__ = (
        Index("ix_paid_message_address_id", "address_id"),
        Index("ix_paid_message_outgoing_id", "outgoing_id"),
        Index("ix_paid_message_at", "at"),
    )

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(16))
    month: Mapped[str] = mapped_column(String(7))
    address_id: Mapped[int | None] = mapped_column(to("address", ondelete="SET NULL"))
    outgoing_id: Mapped[int | None] = mapped_column(to("outgoing", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(12))
    country: Mapped[str] = mapped_column(String(2), default="")
    messages: Mapped[int] = mapped_column(default=1)
    micros: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[When]


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a message outside the free hours costs on one channel, in millionths of a euro, and the month's budget."""

    channel: str
    name: str
    """As people know it: "Viber"."""
    prices: tuple[tuple[str, int], ...] = ()
    """By country ("RS"), as they were on the day `checked`."""
    otherwise: int = UNKNOWN_PRICE
    """What is reckoned with where the country or its price is not known."""
    budget: int = 0
    checked: date | None = None

    def price(self, country: str) -> int:
        """The price of one message to a number of that country."""
        return dict(self.prices).get(country, self.otherwise)

    def knows(self, country: str) -> bool:
        """Whether the price for that country was looked up."""
        return any(country == known for known, _price in self.prices)

    def free(self, heard_at: datetime | None, at: datetime) -> bool:
        """Whether a message that leaves `at` (UTC) is free for somebody who last wrote at `heard_at`."""
        return heard_at is not None and at < heard_at + SESSION - LEAVES


Tariffs = Sequence[Tariff]


@dataclass(frozen=True, slots=True)
class Bill:
    """A message that will cost: to whom, in how many messages of the platform."""

    outgoing_id: int
    address_id: int
    kind: str
    country: str
    messages: int = 1


def tariff_of(tariffs: Tariffs, channel: str) -> Tariff | None:
    """What a channel costs; None for one that costs nothing."""
    return next((one for one in tariffs if one.channel == channel), None)


def month_of(at: datetime) -> str:
    """The month that an instant is billed in: UTC, whatever the house's own zone."""
    return f"{at.astimezone(UTC):%Y-%m}"


def spending(session: Session, channel: str, month: str) -> Spending:
    """The month's row, locked until the transaction ends, and made if it is the first of the month."""
    made = inserting(session.get_bind().dialect.name)(Spending).values(
        channel=channel, month=month, micros=0, messages=0, unsent=0
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["channel", "month"]))
    return session.get_one(Spending, (channel, month), with_for_update=True, populate_existing=True)


def spent(session: Session, channel: str, at: datetime) -> Spending | None:
    """What the month of an instant has cost so far, to look at; None before the first paid message."""
    return session.get(Spending, (channel, month_of(at)))


def left(session: Session, tariff: Tariff, now: datetime, at: datetime) -> int:
    """What may still be spent in the month of `at`; nothing while the platform itself refuses."""
    row = spent(session, tariff.channel, at)
    if row is None:
        return tariff.budget
    if row.stopped_until is not None and now < row.stopped_until:
        return 0
    return max(0, tariff.budget - row.micros)


def pay(session: Session, now: datetime, tariff: Tariff, bills: Sequence[Bill]) -> frozenset[int]:
    """Enter into the ledger what the budget allows, in the order given; which messages may be sent.

    Belongs into the transaction that claims them: after a crash in between they count as spent.
    """
    month = spending(session, tariff.channel, month_of(now))
    stopped = month.stopped_until is not None and now < month.stopped_until
    paid: set[int] = set()
    for bill in bills:
        cost = tariff.price(bill.country) * bill.messages
        if bill.kind != ALWAYS and (stopped or month.micros + cost > tariff.budget):
            continue
        month.micros += cost
        month.messages += bill.messages
        session.add(
            PaidMessage(
                channel=tariff.channel,
                month=month.month,
                address_id=bill.address_id,
                outgoing_id=bill.outgoing_id,
                kind=bill.kind,
                country=bill.country,
                messages=bill.messages,
                micros=cost,
                at=now,
            )
        )
        paid.add(bill.outgoing_id)
    session.flush()
    return frozenset(paid)


def give_back(session: Session, outgoing_ids: Collection[int]) -> int:
    """Take the last payment of messages back: it is certain that nothing of them was shown. Returns how many."""
    newest: dict[int | None, PaidMessage] = {}
    rows = select(PaidMessage).where(PaidMessage.outgoing_id.in_(outgoing_ids)).order_by(PaidMessage.id)
    for row in session.scalars(rows):
        newest[row.outgoing_id] = row
    for row in newest.values():
        month = spending(session, row.channel, row.month)
        month.micros = max(0, month.micros - row.micros)
        month.messages = max(0, month.messages - row.messages)
        session.delete(row)
    session.flush()
    return len(newest)


def count_unsent(session: Session, now: datetime, tariff: Tariff, n: int) -> None:
    """So many messages were not sent for want of money. Staff are told, and after they have looked again once a day."""
    month = spending(session, tariff.channel, month_of(now))
    about = f"{tariff.channel} {month.month}"
    told = select(Note.id).where(Note.kind == "budget", Note.about == about)
    lately = told.where(or_(Note.seen_at.is_(None), Note.created_at > now - TOLD_AGAIN))
    if session.scalars(lately.limit(1)).first() is None:
        session.add(Note(kind="budget", about=about, created_at=now))
    month.unsent += n
    session.flush()


def platform_refuses(session: Session, now: datetime, tariff: Tariff, reason: str) -> None:
    """The platform takes nothing that costs any more: try again in a day. Staff are told of it once a month."""
    month = spending(session, tariff.channel, month_of(now))
    if month.stopped_until is None:
        session.add(Note(kind="unpaid", about=f"{tariff.name}: {reason}", created_at=now))
    month.stopped_until = now + TRIED_AGAIN
    session.flush()
