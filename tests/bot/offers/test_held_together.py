"""Places held for brothers and sisters together: one of them neither takes nor refuses them for the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.arriving.sender import who_is
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.offering import places
from bot.store import sqlite_engine
from bot.telling import Rules
from conversations.deeds.offers import AcceptPlace, Book, CancelBooking, DeclinePlace
from conversations.facts import Facts
from conversations.offers.bookings import bookings
from conversations.steps import Choose, Here
from models.messages.message import Outgoing
from models.places.booking import Booking
from models.places.taking import book, book_together
from models.places.waiting_list import cancel
from models.who.people import Address, Person
from tests.models.programme import NOW, Programme
from tests.templates import furnish

Family = tuple[Person, list[Booking], Booking]


@pytest.fixture
def programme(tmp_path: Path) -> Iterator[Programme]:
    furnish(tmp_path / "places.db", search=False)
    with Session(sqlite_engine(f"sqlite:///{tmp_path / 'places.db'}")) as session:
        yield Programme(session)


def _family(programme: Programme, *, mother_is_reached: bool = True) -> Family:
    """A mother, the places that are held for her two children with phones, and who stands in line behind them."""
    session, mother, behind = programme.session, programme.person(), programme.person()
    ids = [programme.child(mother, phone=True).id for _number in range(2)]
    for address in session.scalars(select(Address).where(Address.person_id == mother.id)):
        address.active = mother_is_reached
    meeting, first = programme.meeting(places=1), programme.person()
    taken = book(session, NOW, session_id=meeting.id, person_id=first.id, booked_by_id=first.id).booking
    book_together(session, NOW, session_id=meeting.id, person_ids=ids, booked_by_id=mother.id, wait=True)
    next_one = book(session, NOW, session_id=meeting.id, person_id=behind.id, booked_by_id=behind.id).booking
    assert taken is not None
    assert next_one is not None
    meeting.capacity = 2
    session.flush()
    doing = Doing(session, NOW, Rules(), first.id)
    freed = cancel(session, NOW, booking_id=taken.id, actor_id=first.id, hold=places.hold(NOW, doing.rules))
    places.tell_offers(doing, freed.offered)
    assert [one.state for one in freed.offered] == ["offered", "offered"]
    return mother, list(freed.offered), next_one


def _does(programme: Programme, person_id: int, deed: AcceptPlace | DeclinePlace | CancelBooking | Book) -> str:
    return perform(Doing(programme.session, NOW, Rules(), person_id), deed).outcome


def _actions(programme: Programme, person_id: int, booking: Booking) -> list[str]:
    """What "my bookings" offers somebody to do about a booking."""
    session = programme.session
    me = me_of(session, who_is(session, person_id))
    facts = cast(Facts, KnownFacts(Lookup(session, NOW, me, Rules())))
    step = bookings.step("what")
    assert isinstance(step, Choose)
    assert callable(step.choices)
    return list(step.choices(Here(facts, {"which": str(booking.id)})))


def test_one_of_them_does_not_decide_for_the_others(programme: Programme) -> None:
    _mother, (one, other), behind = _family(programme)
    assert _actions(programme, one.person_id, one) == ["others"], "it is not on offer"
    assert _does(programme, one.person_id, AcceptPlace(one.id)) == "others"
    assert _does(programme, one.person_id, DeclinePlace(one.id)) == "others"
    assert _does(programme, one.person_id, CancelBooking(one.id)) == "denied"
    assert _does(programme, one.person_id, AcceptPlace(other.id)) == "gone"
    again = Book(one.session_id, (one.person_id,))
    assert _does(programme, one.person_id, again) == "already", "nor by booking the date once more"
    assert [row.state for row in (one, other, behind)] == ["offered", "offered", "waiting"]


@pytest.mark.parametrize(("deed", "state"), [(AcceptPlace, "booked"), (DeclinePlace, "cancelled")])
def test_who_booked_decides_for_all(programme: Programme, deed: type[AcceptPlace | DeclinePlace], state: str) -> None:
    mother, (one, other), behind = _family(programme)
    assert _actions(programme, mother.id, one) == ["take", "leave", "others"]
    assert _does(programme, mother.id, deed(other.id)) in ("booked", "declined")
    assert (one.state, other.state) == (state, state)
    assert behind.state == ("waiting" if state == "booked" else "offered")


def test_where_who_booked_cannot_be_reached_everybody_decides_for_themself(programme: Programme) -> None:
    _mother, (one, other), _behind = _family(programme, mother_is_reached=False)
    told = programme.session.execute(select(Address.person_id, Outgoing.body).join(Address)).all()
    assert {person for person, body in told if body and body.get("buttons")} == {one.person_id, other.person_id}
    assert _actions(programme, one.person_id, one) == ["take", "leave", "others"]
    assert _does(programme, one.person_id, AcceptPlace(one.id)) == "booked"
    assert other.state == "offered", "the other still has a say of their own"
    assert _does(programme, other.person_id, DeclinePlace(other.id)) == "declined"
    assert (one.state, other.state) == ("booked", "cancelled")


def test_a_place_that_is_held_for_one_alone_is_theirs(programme: Programme) -> None:
    session, mother = programme.session, programme.person()
    child, first = programme.child(mother, phone=True), programme.person()
    meeting = programme.meeting(places=1)
    taken = book(session, NOW, session_id=meeting.id, person_id=first.id, booked_by_id=first.id).booking
    mine = book(session, NOW, session_id=meeting.id, person_id=child.id, booked_by_id=mother.id).booking
    assert taken is not None
    assert mine is not None
    cancel(session, NOW, booking_id=taken.id, actor_id=first.id, hold=places.hold(NOW, Rules()))
    assert _does(programme, child.id, AcceptPlace(mine.id)) == "booked"
