"""Places for all of them or for none: who waits together is offered, and loses, together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book_together
from tests.models.merging.kit import booked, states
from tests.models.programme import NOW, Programme, until_half


def test_who_waits_together_is_offered_places_together(session: Session, programme: Programme) -> None:
    from models.places.waiting_list import accept, cancel

    meeting = programme.meeting(places=2)
    first, second, mother, later = programme.people(4)
    for person in (first, second):
        booked(programme, meeting, person)
    children = [programme.child(mother), programme.child(mother)]
    ids = [child.id for child in children]
    ended = book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    assert [ended[one].outcome for one in ids] == ["waiting", "waiting"]
    third = booked(programme, meeting, later)

    mine = session.scalars(select(Booking).where(Booking.person_id == first.id)).one()
    freed = cancel(session, NOW, booking_id=mine.id, actor_id=first.id, hold=until_half)
    assert [row.person_id for row in freed.offered] == [later.id], "one place helps the next who needs only one"
    cancel(session, NOW, booking_id=third.id, actor_id=later.id, hold=until_half)
    assert {state for who, state, _why in states(session, meeting) if who in ids} == {"waiting"}

    mine = session.scalars(select(Booking).where(Booking.person_id == second.id)).one()
    freed = cancel(session, NOW, booking_id=mine.id, actor_id=second.id, hold=until_half)
    assert sorted(row.person_id for row in freed.offered) == sorted(ids), "two places are offered to both at once"
    taken = accept(session, NOW, booking_id=freed.offered[0].id, actor_id=mother.id)
    assert (taken.outcome, len(taken.others)) == ("booked", 1)
    assert {state for who, state, _why in states(session, meeting) if who in ids} == {"booked"}
    assert session.get_one(Meeting, meeting.id).taken == 2


@pytest.mark.parametrize("how", ["decline", "lapse"])
def test_who_was_offered_places_together_loses_them_together(session: Session, programme: Programme, how: str) -> None:
    from models.places.waiting_list import decline, lapse_offers, offer_free_places

    meeting = programme.meeting(places=1)
    mother, later = programme.people(2)
    ids = [programme.child(mother).id, programme.child(mother).id]
    book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    booked(programme, meeting, later)
    meeting.capacity = 2
    session.flush()
    offered = offer_free_places(session, NOW, meeting.id, until_half)
    assert sorted(row.person_id for row in offered) == sorted(ids)
    if how == "decline":
        freed = decline(session, NOW, booking_id=offered[1].id, actor_id=mother.id, hold=until_half)
        assert [row.person_id for row in freed.offered] == [later.id]
    else:
        lapsed, _next = lapse_offers(session, meeting.starts_at - timedelta(hours=1), lambda _meeting: None)
        assert len(lapsed) == 2
    assert not {"offered", "booked"} & {state for who, state, _why in states(session, meeting) if who in ids}
