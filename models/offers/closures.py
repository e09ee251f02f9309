"""When a site is open: its hours by weekday, and the days on which it stays closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Index, Select, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, When, to
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting


class Opening(Base):
    """A site's hours and how to get there. `hours`: {"0": [["08:00", "16:00"]], ...}, 0 = Monday, wall times there.

    `on_holidays` is True where it is open on public holidays too. `bus` is words by language.
    """

    __tablename__ = "opening"

    site_id: Mapped[int] = mapped_column(to("site", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    hours: Mapped[Object]
    bus: Mapped[Object]
    on_holidays: Mapped[bool] = mapped_column(default=False)


class Closure(Base):
    """A site is closed from the first to the last day, and why (a key that staff chose, or their own words).

    `ended_at` when it was taken back.
    """

    __tablename__ = "closure"
    __table_args__ = (Index("ix_closure_site_id_last_day", "site_id", "last_day"),)

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(to("site"))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    created_by_id: Mapped[int] = mapped_column(to("person"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[Object]
    created_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def closed_days(session: Session, site_ids: Sequence[int], first: date, last: date) -> dict[tuple[int, date], Closure]:
    """The local days from the first to the last on which sites are closed: site and day, and why."""
    wanted = select(Closure).where(
        Closure.site_id.in_(site_ids), Closure.ended_at.is_(None), Closure.first_day <= last, Closure.last_day >= first
    )
    found: dict[tuple[int, date], Closure] = {}
    for row in session.scalars(wanted.order_by(Closure.first_day, Closure.id)):
        for ahead in range((min(row.last_day, last) - max(row.first_day, first)).days + 1):
            found.setdefault((row.site_id, max(row.first_day, first) + timedelta(days=ahead)), row)
    return found


def to_come(session: Session, site_id: int, today: date) -> list[Closure]:
    """The closures of a site that are not over, the nearest first."""
    return list(session.scalars(_standing(site_id).where(Closure.last_day >= today)))


def _standing(site_id: int) -> Select[Closure]:
    return (
        select(Closure)
        .where(Closure.site_id == site_id, Closure.ended_at.is_(None))
        .order_by(Closure.first_day, Closure.id)
    )


def close(
    session: Session,
    now: datetime,
    *,
    site_id: int,
    organisation_id: int,
    staff_id: int,
    first: date,
    last: date,
    reason: Mapping[str, str],
) -> Closure:
    """Enter that a site is closed; entered twice for the same days it stays one. Raises ValueError where `last` is
    before `first`.
    """
    if last < first:
        raise ValueError("a closure ends before it begins")
    same = session.scalars(_standing(site_id).where(Closure.first_day == first, Closure.last_day == last)).first()
    if same is not None:
        same.reason = dict(reason)
        session.flush()
        return same
    row = Closure(
        site_id=site_id,
        organisation_id=organisation_id,
        created_by_id=staff_id,
        first_day=first,
        last_day=last,
        reason=dict(reason),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def meetings_between(
    session: Session, site_id: int, starts: datetime, ends: datetime, organisations: Sequence[int] | None = None
) -> list[Meeting]:
    """The planned sessions at a site that begin in a span (UTC), of some organisations or of all."""
    here = or_(Meeting.site_id == site_id, Meeting.site_id.is_(None) & (Listing.site_id == site_id))
    query = (
        select(Meeting)
        .join(Listing, Listing.id == Meeting.listing_id)
        .where(here, Meeting.state == "planned", Meeting.starts_at >= starts, Meeting.starts_at < ends)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if organisations is not None:
        query = query.where(Listing.organisation_id.in_(organisations))
    return list(session.scalars(query))


def sites_of(session: Session, organisations: set[int]) -> list[int]:
    """The sites at which these organisations have published something: theirs to close."""
    rows = session.scalars(
        select(Listing.site_id)
        .where(Listing.organisation_id.in_(organisations), Listing.site_id.is_not(None), Listing.state != "cancelled")
        .distinct()
    )
    return sorted(site for site in rows if site is not None)
