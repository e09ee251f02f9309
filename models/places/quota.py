"""Quotas: places of a listing that are kept for a town or for an institution, and institutions themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, Object, When, partial_index, to
from models.offers.listing import Listing
from models.who.people import Person

PROFESSIONALS = "professionals"
"""The audience of a listing that is for people who take part for their institution."""


class Institution(Base):
    """A school, a centre, a town hall: where professionals work. `name` is an object of words by language."""

    __tablename__ = "institution"
    __table_args__ = (UniqueConstraint("code"), Index("ix_institution_town_id", "town_id"))

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[Object]
    town_id: Mapped[int] = mapped_column(to("town"))


class WorksAt(Base):
    """The institution for which a person takes part, as they chose it; one at a time."""

    __tablename__ = "works_at"
    __table_args__ = (Index("ix_works_at_institution_id", "institution_id"),)

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    institution_id: Mapped[int] = mapped_column(to("institution"))
    since: Mapped[When]


class Quota(Base):
    """Places in each session of a listing that are kept for one town or one institution: its people get no more.

    People of no quota share what no quota keeps. From `release_at` (UTC) on the quota is gone, and what it has not
    used is for everybody in turn.
    """

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint("(town_id IS NULL) <> (institution_id IS NULL)", name="one_kind"),
        CheckConstraint("places >= 0", name="places"),
        partial_index("uq_quota_town", "listing_id", "town_id", unique=True, where="town_id IS NOT NULL"),
        partial_index(
            "uq_quota_institution", "listing_id", "institution_id", unique=True, where="institution_id IS NOT NULL"
        ),
        partial_index("ix_quota_release_at", "release_at", where="release_at IS NOT NULL"),
    )

    id: Mapped[Id]
    listing_id: Mapped[int] = mapped_column(to("listing", ondelete="CASCADE"))
    town_id: Mapped[int | None] = mapped_column(to("town"))
    institution_id: Mapped[int | None] = mapped_column(to("institution"))
    places: Mapped[int]
    release_at: Mapped[datetime | None] = mapped_column(Instant)


# ---------------------------------------------------------------- whose quota


def towns_of_quotas(session: Session, listing_id: int) -> Sequence[int]:
    """The towns for whose people places of a listing are kept, by their ids."""
    kept = select(Quota.town_id).where(Quota.listing_id == listing_id, Quota.town_id.is_not(None), Quota.places > 0)
    return [town for town in session.scalars(kept.order_by(Quota.town_id)) if town is not None]


def quotas_of(session: Session, listing_id: int) -> Sequence[Quota]:
    """The quotas of a listing, in the order in which they were made."""
    return session.scalars(select(Quota).where(Quota.listing_id == listing_id).order_by(Quota.id)).all()


def institution_of(session: Session, person_id: int) -> Institution | None:
    """Where a person works, as they said."""
    return institutions_of(session, (person_id,)).get(person_id)


def institutions_of(session: Session, person_ids: Collection[int]) -> dict[int, Institution]:
    """By person, where they work, as they said."""
    rows = session.execute(
        select(WorksAt.person_id, Institution)
        .join(Institution, Institution.id == WorksAt.institution_id)
        .where(WorksAt.person_id.in_(person_ids))
    )
    return {row[0]: row[1] for row in rows}


def choose_institution(session: Session, now: datetime, person_id: int, institution_id: int | None) -> bool:
    """Note where a person works, or (None) forget it. False for an institution there is not."""
    if institution_id is None:
        session.execute(delete(WorksAt).where(WorksAt.person_id == person_id))
        return True
    if session.get(Institution, institution_id) is None:
        return False
    row = session.get(WorksAt, person_id, with_for_update=True)
    if row is None:
        session.add(WorksAt(person_id=person_id, institution_id=institution_id, since=now))
    elif row.institution_id != institution_id:
        row.institution_id, row.since = institution_id, now
    session.flush()
    return True


def quota_for(session: Session, listing: Listing, person: Person, quotas: Sequence[Quota]) -> int | None:
    """Which quota a place is counted in: of the institution, else of its town or the person's own; None for none."""
    if not quotas:
        return None
    works = institution_of(session, person.id)
    town_id = works.town_id if works is not None and listing.audience == PROFESSIONALS else person.town_id
    for quota in quotas:
        if works is not None and quota.institution_id == works.id:
            return quota.id
        if town_id is not None and quota.town_id == town_id:
            return quota.id
    return None


def town_is_missing(listing: Listing, person: Person, works: bool, quotas: Sequence[Quota]) -> bool:
    """True where places are kept by town and it is not known in which town somebody lives (or works)."""
    by_town = any(quota.town_id is not None for quota in quotas)
    return by_town and person.town_id is None and not (works and listing.audience == PROFESSIONALS)


def copy_conditions(session: Session, listing: Listing, made: Listing) -> None:
    """The same conditions for a listing that is made after another; when it opens is its own."""
    made.least, made.checked, made.audience = listing.least, listing.checked, listing.audience
    made.after_id, made.drop_in = listing.after_id, listing.drop_in
    for row in quotas_of(session, listing.id):
        session.add(
            Quota(listing_id=made.id, town_id=row.town_id, institution_id=row.institution_id, places=row.places)
        )
    session.flush()


# ---------------------------------------------------------------- how much is left


@dataclass(slots=True)
class Room:
    """The places of a session that nobody holds: in all, and what each quota has left (None: what no quota keeps)."""

    free: int
    left: dict[int | None, int] = field(default_factory=dict)

    @classmethod
    def of(cls, capacity: int, taken: int, quotas: Sequence[Quota], held: Mapping[int | None, int]) -> Room:
        """The room of a session, from its places, those that are taken, and how many of them by each quota."""
        kept: dict[int | None, int] = {quota.id: quota.places for quota in quotas}
        by_quota = dict(kept)
        by_quota[None] = capacity - sum(kept.values())
        for quota, count in held.items():
            by_quota[quota if quota in kept else None] -= count
        return cls(capacity - taken, by_quota)

    def key(self, quota: int | None) -> int | None:
        """Where a place of that quota is counted: a quota that is gone counts as none."""
        return quota if quota in self.left else None

    def of_quota(self, quota: int | None) -> int:
        """How many more places people of a quota can get."""
        return max(0, min(self.free, self.left[self.key(quota)]))

    def fits(self, needed: Mapping[int | None, int]) -> bool:
        """Whether so many people of each quota find a place, all at once."""
        return sum(needed.values()) <= self.free and all(
            count <= self.left[self.key(quota)] for quota, count in needed.items()
        )

    def use(self, needed: Mapping[int | None, int]) -> None:
        """Set places aside for so many people of each quota, as far as there are any."""
        for quota, count in needed.items():
            some = min(count, self.of_quota(quota))
            self.free -= some
            self.left[self.key(quota)] -= some
