"""Who may act for whom: guardians for children, a phone's holder for those who share it, helpers with a mandate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, and_, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from models.base import Base, Id, Instant, When, partial_index, to
from models.who.people import Address, Guardianship, Person
from models.who.staff import StaffRole

HELPER = "helper"
"""The role of a mediator, teacher or clerk; it lets nobody see anything before a family gives a mandate."""


class Sharing(Base):
    """Somebody with a say of their own who lives on another person's phone: grandparent and grandchild, say.

    Minors below the age of consent are not here: they have a guardian (Guardianship).
    """

    __tablename__ = "sharing"
    __table_args__ = (
        CheckConstraint("host_id <> person_id", name="two_people"),
        Index("ix_sharing_person_id", "person_id"),
        partial_index("uq_sharing_active", "host_id", "person_id", unique=True, where="ended_at IS NULL"),
    )

    id: Mapped[Id]
    host_id: Mapped[int] = mapped_column(to("person"))
    person_id: Mapped[int] = mapped_column(to("person"))
    confirmed_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Mandate(Base):
    """What a family lets a helper do: register and book for the person who gave it, and for their `children`.

    `method` is "code" (confirmed on the family's own phone) or "paper" (`form` is the number of the form,
    `recorded_by_id` the member of staff who has it). It ends with the family's word, with the helper's
    role, or at `until`, at that very instant: nothing has to run for it.
    """

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("helper_id <> person_id", name="two_people"),
        Index("ix_mandate_person_id", "person_id"),
        partial_index("uq_mandate_active", "helper_id", "person_id", unique=True, where="ended_at IS NULL"),
    )

    id: Mapped[Id]
    helper_id: Mapped[int] = mapped_column(to("person"))
    person_id: Mapped[int] = mapped_column(to("person"))
    organisation_id: Mapped[int] = mapped_column(to("organisation"))
    children: Mapped[bool]
    method: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(40), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(to("person"))
    given_at: Mapped[When]
    until: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def stands(now: datetime) -> ColumnElement[bool]:
    """The condition of a mandate that counts at `now`: not ended, not over, its helper still a helper there."""
    role = select(StaffRole.id).where(
        StaffRole.person_id == Mandate.helper_id,
        StaffRole.organisation_id == Mandate.organisation_id,
        StaffRole.role == HELPER,
        StaffRole.ended_at.is_(None),
    )
    return and_(Mandate.ended_at.is_(None), Mandate.until > now, role.exists())


def _for(person_id: int) -> ColumnElement[bool]:
    """The condition of a mandate that covers a person: they gave it, or a guardian of theirs did for the children."""
    guardians = select(Guardianship.guardian_id).where(
        Guardianship.child_id == person_id, Guardianship.ended_at.is_(None), Guardianship.grown_at.is_(None)
    )
    return or_(Mandate.person_id == person_id, and_(Mandate.children, Mandate.person_id.in_(guardians)))


# ---------------------------------------------------------------- may they?


def speaks_for(session: Session, actor_id: int, person_id: int, now: datetime | None = None) -> bool:
    """True for the person themself, for a guardian whose link stands until the young person decides alone, and for
    whoever's phone they share. With `now` also for a helper with a mandate; without it helpers are left out.
    """
    if actor_id == person_id:
        return True
    link = select(Guardianship.id).where(
        Guardianship.guardian_id == actor_id,
        Guardianship.child_id == person_id,
        Guardianship.ended_at.is_(None),
        Guardianship.grown_at.is_(None),
    )
    if session.scalars(link.limit(1)).first() is not None or shares(session, actor_id, person_id):
        return True
    return now is not None and acts_for(session, now, actor_id, person_id) is not None


def shares(session: Session, host_id: int, person_id: int) -> bool:
    """True if a person lives on the other's phone."""
    link = select(Sharing.id).where(
        Sharing.host_id == host_id, Sharing.person_id == person_id, Sharing.ended_at.is_(None)
    )
    return session.scalars(link.limit(1)).first() is not None


def knows(session: Session, reader_id: int, person_id: int) -> bool:
    """True if somebody who is not their guardian may read a person's name: their phone's holder, or a helper."""
    if shares(session, reader_id, person_id):
        return True
    mandate = select(Mandate.id).where(Mandate.helper_id == reader_id, Mandate.ended_at.is_(None), _for(person_id))
    return session.scalars(mandate.limit(1)).first() is not None


def acts_for(session: Session, now: datetime, helper_id: int, person_id: int) -> Mandate | None:
    """The mandate by which a helper may act for a person at `now`, if there is one."""
    wanted = select(Mandate).where(Mandate.helper_id == helper_id, stands(now), _for(person_id))
    return session.scalars(wanted.order_by(Mandate.id).limit(1)).first()


def may_change(session: Session, now: datetime, actor_id: int, person_id: int, booked_by_id: int) -> bool:
    """True if somebody may see, cancel, accept or decline a booking: a helper only what they booked themself."""
    if speaks_for(session, actor_id, person_id):
        return True
    return booked_by_id == actor_id and acts_for(session, now, actor_id, person_id) is not None


def was_helper(session: Session, helper_id: int, person_id: int, at: datetime) -> bool:
    """True if somebody acted for a person by a mandate at an instant, whatever became of it since."""
    wanted = select(Mandate.id).where(
        Mandate.helper_id == helper_id,
        _for(person_id),
        Mandate.given_at <= at,
        or_(Mandate.ended_at.is_(None), Mandate.ended_at >= at),
    )
    return session.scalars(wanted.limit(1)).first() is not None


# ---------------------------------------------------------------- lists


def own_readers(session: Session, person_id: int) -> Sequence[int]:
    """Who is told what is somebody's own: the person where they have a chat, else the guardians who speak for them."""
    chats = select(Address.id).where(Address.person_id == person_id, Address.active)
    if session.scalars(chats.limit(1)).first() is not None:
        return [person_id]
    guardians = select(Guardianship.guardian_id).where(
        Guardianship.child_id == person_id, Guardianship.ended_at.is_(None), Guardianship.grown_at.is_(None)
    )
    return session.scalars(guardians.order_by(Guardianship.guardian_id)).all()


def hosts_of(session: Session, person_id: int) -> Sequence[int]:
    """Whose phones a person shares."""
    wanted = select(Sharing.host_id).where(Sharing.person_id == person_id, Sharing.ended_at.is_(None))
    return session.scalars(wanted.order_by(Sharing.host_id)).all()


def sharers_of(session: Session, host_id: int) -> Sequence[Person]:
    """Who lives on a person's phone."""
    wanted = (
        select(Person)
        .join(Sharing, Sharing.person_id == Person.id)
        .where(Sharing.host_id == host_id, Sharing.ended_at.is_(None), Person.erased_at.is_(None))
    )
    return session.scalars(wanted.order_by(Person.id)).all()


def mandates_of(session: Session, now: datetime, helper_id: int) -> Sequence[Mandate]:
    """What families let a helper do at `now`, the newest first."""
    wanted = select(Mandate).where(Mandate.helper_id == helper_id, stands(now))
    return session.scalars(wanted.order_by(Mandate.id.desc())).all()


def mandates_for(session: Session, now: datetime, person_id: int) -> Sequence[Mandate]:
    """Who may act at `now` for a person, by their own word or a guardian's."""
    return session.scalars(select(Mandate).where(stands(now), _for(person_id)).order_by(Mandate.id)).all()


def covered(session: Session, mandate: Mandate) -> Sequence[Person]:
    """The people a mandate is for: who gave it, and their children."""
    children = select(Guardianship.child_id).where(
        Guardianship.guardian_id == mandate.person_id,
        Guardianship.ended_at.is_(None),
        Guardianship.grown_at.is_(None),
    )
    whom = Person.id == mandate.person_id
    if mandate.children:
        whom = or_(whom, Person.id.in_(children))
    wanted = select(Person).where(whom, Person.erased_at.is_(None))
    return session.scalars(wanted.order_by(Person.id != mandate.person_id, Person.id)).all()


# ---------------------------------------------------------------- giving and ending


def share(session: Session, now: datetime, host_id: int, person_id: int) -> None:
    """Let a person live on another's phone. Raises ValueError for oneself."""
    if host_id == person_id:
        raise ValueError("nobody shares a phone with themself")
    if not shares(session, host_id, person_id):
        session.add(Sharing(host_id=host_id, person_id=person_id, confirmed_at=now))
        session.flush()


def give(
    session: Session,
    now: datetime,
    *,
    helper_id: int,
    person_id: int,
    organisation_id: int,
    children: bool,
    until: datetime,
    form: str = "",
    recorded_by_id: int | None = None,
) -> Mandate:
    """Record a mandate; one that the same family gave the same helper before ends with it.

    With a `form` it was given on paper. Raises ValueError for oneself or for a time that is over.
    """
    if helper_id == person_id or until <= now:
        raise ValueError("no mandate for oneself, and none that is over")
    for before in session.scalars(
        select(Mandate)
        .where(Mandate.helper_id == helper_id, Mandate.person_id == person_id, Mandate.ended_at.is_(None))
        .with_for_update()
    ):
        before.ended_at = now
    session.flush()
    made = Mandate(
        helper_id=helper_id,
        person_id=person_id,
        organisation_id=organisation_id,
        children=children,
        method="paper" if form else "code",
        form=form,
        recorded_by_id=recorded_by_id,
        given_at=now,
        until=until,
    )
    session.add(made)
    session.flush()
    return made


def end(session: Session, now: datetime, mandate_id: int, person_id: int) -> Mandate | None:
    """End a mandate: by who gave it, by the guardian of who it covers, or by the helper. None if it is not theirs."""
    mandate = session.get(Mandate, mandate_id, with_for_update=True, populate_existing=True)
    if mandate is None or mandate.ended_at is not None:
        return None
    theirs = person_id in (mandate.helper_id, mandate.person_id)
    if not theirs and not speaks_for(session, person_id, mandate.person_id):
        return None
    mandate.ended_at = now
    session.flush()
    return mandate


def unshare(session: Session, now: datetime, host_id: int, person_id: int) -> None:
    """A person lives on the other's phone no more."""
    session.execute(
        update(Sharing)
        .where(Sharing.host_id == host_id, Sharing.person_id == person_id, Sharing.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: Session, now: datetime, person_id: int) -> Sequence[int]:
    """End every mandate and sharing of somebody who is erased; returns who lived on their phone."""
    session.execute(
        update(Mandate)
        .where(or_(Mandate.helper_id == person_id, Mandate.person_id == person_id), Mandate.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(update(Mandate).where(Mandate.person_id == person_id).values(form=""))
    ended = (
        update(Sharing)
        .where(or_(Sharing.host_id == person_id, Sharing.person_id == person_id), Sharing.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Sharing.host_id, Sharing.person_id)
    )
    return sorted({shared for host, shared in session.execute(ended).all() if host == person_id})
