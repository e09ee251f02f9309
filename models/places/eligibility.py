"""Who may take part, where that is checked: yes or no, by whom and until when. The ground is never written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, When, partial_index, to
from models.offers.listing import Listing


class Eligibility(Base):
    """Whether a person may take part in a listing, or (without one) in all of an organisation's that are checked.

    `eligible` is None while it was only asked. Past `until` it counts no more, and may be asked again. There is no
    column for a reason, and none may be added: the ground is sensitive (services.md part 2, row 8).
    """

    __tablename__ = "eligibility"
    __table_args__ = (
        Index("ix_eligibility_person_id", "person_id"),
        Index("ix_eligibility_organisation_id", "organisation_id"),
        partial_index(
            "uq_eligibility_listing",
            "person_id",
            "listing_id",
            unique=True,
            where="listing_id IS NOT NULL",
        ),
        partial_index(
            "uq_eligibility_organisation",
            "person_id",
            "organisation_id",
            unique=True,
            where="listing_id IS NULL",
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    person_id: Mapped[int] = mapped_column(to("person"))
    listing_id: Mapped[int | None] = mapped_column(to("listing"))
    eligible: Mapped[bool | None] = mapped_column(Boolean)
    asked_at: Mapped[When]
    decided_by_id: Mapped[int | None] = mapped_column(to("person"))
    decided_on: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


def _about(listing: Listing, person_id: int) -> tuple[object, ...]:
    return (
        Eligibility.person_id == person_id,
        Eligibility.organisation_id == listing.organisation_id,
        or_(Eligibility.listing_id == listing.id, Eligibility.listing_id.is_(None)),
    )


def decision(session: Session, now: datetime, listing: Listing, person_id: int) -> bool | None:
    """Whether somebody may take part: always where nothing is checked; None as long as nobody has decided.

    What was decided for this listing comes before what was decided for all of the organisation's.
    """
    if not listing.checked:
        return True
    rows = session.scalars(
        select(Eligibility)
        .where(*_about(listing, person_id), Eligibility.eligible.is_not(None))  # type: ignore[arg-type]  # conditions
        .where(or_(Eligibility.until.is_(None), Eligibility.until >= now.date()))
        .order_by(Eligibility.listing_id.is_(None))
    ).all()
    return rows[0].eligible if rows else None


def ask(session: Session, now: datetime, listing: Listing, person_id: int) -> bool:
    """Note that it is to be checked whether somebody may take part. True if nobody had asked before."""
    row = session.scalars(
        select(Eligibility)
        .where(Eligibility.person_id == person_id, Eligibility.listing_id == listing.id)
        .with_for_update()
    ).first()
    if row is None:
        session.add(
            Eligibility(
                organisation_id=listing.organisation_id,
                person_id=person_id,
                listing_id=listing.id,
                eligible=None,
                asked_at=now,
            )
        )
        session.flush()
        return True
    if row.eligible is None or row.until is None or row.until >= now.date():
        return False
    row.eligible, row.asked_at, row.until = None, now, None  # what was decided has run out
    session.flush()
    return True


def asked(session: Session, organisation_ids: Sequence[int], listing_id: int = 0) -> Sequence[Eligibility]:
    """What organisations have still to decide, the oldest first; with `listing_id` of one listing."""
    wanted = select(Eligibility).where(
        Eligibility.organisation_id.in_(organisation_ids),
        Eligibility.eligible.is_(None),
        Eligibility.listing_id.is_not(None),
    )
    if listing_id:
        wanted = wanted.where(Eligibility.listing_id == listing_id)
    return session.scalars(wanted.order_by(Eligibility.asked_at, Eligibility.id)).all()


def decide(
    session: Session,
    now: datetime,
    row: Eligibility,
    by_id: int,
    *,
    eligible: bool,
    everywhere: bool = False,
    until: date | None = None,
) -> None:
    """Write down a decision; `everywhere` also for all else of the organisation that is checked."""
    row.eligible, row.decided_by_id, row.decided_on, row.until = eligible, by_id, now.date(), until
    if everywhere:
        _decide_everywhere(session, now, row, by_id, eligible=eligible, until=until)
    session.flush()


def _decide_everywhere(
    session: Session, now: datetime, row: Eligibility, by_id: int, *, eligible: bool, until: date | None
) -> None:
    general = session.scalars(
        select(Eligibility)
        .where(
            Eligibility.person_id == row.person_id,
            Eligibility.organisation_id == row.organisation_id,
            Eligibility.listing_id.is_(None),
        )
        .with_for_update()
    ).first()
    if general is None:
        general = Eligibility(organisation_id=row.organisation_id, person_id=row.person_id, asked_at=now)
        session.add(general)
    general.eligible, general.decided_by_id, general.decided_on, general.until = eligible, by_id, now.date(), until
    others = session.scalars(
        select(Eligibility)
        .where(
            Eligibility.person_id == row.person_id,
            Eligibility.organisation_id == row.organisation_id,
            Eligibility.listing_id.is_not(None),
            Eligibility.eligible.is_(None),
        )
        .with_for_update()
    )
    for other in others:
        other.eligible, other.decided_by_id, other.decided_on, other.until = eligible, by_id, now.date(), until
