"""What belongs to a person, counted: shown before two become one, and before one becomes two again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.offers.call import Application
from models.offers.listing import Session as Meeting
from models.offers.series import goes_on
from models.places.booking import Booking
from models.who.acting import Sharing
from models.who.people import Guardianship
from models.who.staff import StaffRole


@dataclass(frozen=True, slots=True)
class Brings:
    """What belongs to a person, counted."""

    bookings: int = 0
    waiting: int = 0
    applications: int = 0
    children: int = 0
    sharing: int = 0
    roles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.bookings or self.waiting or self.applications or self.children or self.sharing or self.roles)


def brings(session: Session, now: datetime, person_id: int, only: Mapping[str, Any] | None = None) -> Brings:
    """What a person has: bookings to come, turns in waiting lists, applications, people they speak for, roles.

    `only` counts among those rows alone whose keys it names, by "table.column" (`Joining.moved`).
    """

    def theirs(column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = column == person_id
        if only is None:
            return mine
        keys = [key[0] for key in only.get(f"{column.class_.__tablename__}.{column.key}", ())]
        return and_(mine, column.class_.id.in_(keys))

    states = session.scalars(
        select(Booking.state)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(theirs(Booking.person_id), Booking.state.in_(("booked", "offered", "waiting")))
        .where(goes_on(now))
    ).all()
    applied = select(Application.id).where(theirs(Application.person_id), Application.state == "registered")
    children = select(Guardianship.id).where(theirs(Guardianship.guardian_id), Guardianship.ended_at.is_(None))
    sharing = select(Sharing.id).where(theirs(Sharing.host_id), Sharing.ended_at.is_(None))
    roles = select(StaffRole.role).where(theirs(StaffRole.person_id), StaffRole.ended_at.is_(None))
    waiting = sum(state == "waiting" for state in states)
    return Brings(
        bookings=len(states) - waiting,
        waiting=waiting,
        applications=len(session.scalars(applied).all()),
        children=len(session.scalars(children).all()),
        sharing=len(session.scalars(sharing).all()),
        roles=tuple(sorted(set(session.scalars(roles)))),
    )
