"""The locks under which places are taken and given back, and the count of those taken."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.who.people import Person


def lock_session(session: Session, session_id: int) -> Meeting | None:
    """The session's row, locked until the end of the transaction and read afresh.

    Whoever also locks people locks them first (`lock_people`), so that nobody waits in a circle.
    """
    wanted = select(Meeting).where(Meeting.id == session_id)
    return session.scalars(
        wanted.with_for_update(key_share=True), execution_options={"populate_existing": True}
    ).first()


def lock_places(session: Session, session_id: int) -> Meeting | None:
    """The session at which the places of a meeting live, locked: of a series that of its first unit."""
    for _step in range(3):  # the places may move to another unit while one waits for the lock
        meeting = lock_session(session, session_id)
        if meeting is None or meeting.first_id is None:
            return meeting
        session_id = meeting.first_id
    return None


def lock_people(session: Session, person_ids: Sequence[int]) -> dict[int, Person]:
    """The people's rows, locked in the order of their ids: two bookings of one person cannot pass each other."""
    wanted = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    found = session.scalars(wanted.with_for_update(key_share=True), execution_options={"populate_existing": True})
    return {person.id: person for person in found}


def take_place(session: Session, meeting: Meeting) -> bool:
    """Take one place if there is one. The condition stands in the statement itself: it holds even without the lock."""
    taken = session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.taken < Meeting.capacity)
        .values(taken=Meeting.taken + 1)
        .returning(Meeting.taken)
        .execution_options(synchronize_session=False)
    ).first()
    session.refresh(meeting)
    return taken is not None


def give_place_back(session: Session, meeting: Meeting) -> None:
    """One place less is taken."""
    session.execute(
        update(Meeting)
        .where(Meeting.id == meeting.id)
        .values(taken=Meeting.taken - 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(meeting)
