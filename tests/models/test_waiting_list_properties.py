"""Whatever people do in whatever order: never over capacity, nobody skipped, one offer for each freed place."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store import sqlite_engine
from models.offers.listing import Session as Meeting
from models.places.booking import HOLDING, Booking
from models.places.taking import book
from models.places.waiting_list import accept, cancel, decline, lapse_offers, offer_free_places
from tests.models.programme import NOW, Programme
from tests.templates import furnish_memory

WHO = st.integers(min_value=0, max_value=7)
HELD = timedelta(hours=6)


class WaitingList(RuleBasedStateMachine):
    """Eight people, one session, and what they may do."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = sqlite_engine("sqlite://")
        furnish_memory(self.engine)
        self.session = Session(self.engine)
        self.now = NOW

    @initialize(places=st.integers(min_value=1, max_value=3))
    def begin(self, places: int) -> None:
        programme = Programme(self.session)
        self.meeting = programme.meeting(places=places, starts=NOW + timedelta(days=20))
        self.people = [person.id for person in programme.people(8)]

    def hold(self, meeting: Meeting) -> object:
        return min(self.now + HELD, meeting.starts_at - timedelta(minutes=1))

    def mine(self, who: int) -> Booking | None:
        return self.session.scalars(
            select(Booking)
            .where(Booking.person_id == self.people[who], Booking.state.in_(("booked", "offered", "waiting")))
            .order_by(Booking.id.desc())
        ).first()

    @rule(who=WHO)
    def books(self, who: int) -> None:
        person = self.people[who]
        before = self.mine(who)
        ahead = self.waiting()
        ended = book(self.session, self.now, session_id=self.meeting.id, person_id=person, booked_by_id=person)
        if before is None and ended.outcome == "booked":
            assert ahead == [], "a newcomer got a place while others were waiting"

    @rule(who=WHO)
    def cancels(self, who: int) -> None:
        mine = self.mine(who)
        if mine is None:
            return
        held = mine.state != "waiting"
        first = [one for one in self.waiting() if one != mine.person_id][:1]
        freed = cancel(self.session, self.now, booking_id=mine.id, actor_id=mine.person_id, hold=self.hold)  # type: ignore[arg-type]
        assert [one.person_id for one in freed.offered] == (first if held else [])

    @rule(who=WHO, takes=st.booleans())
    def answers(self, who: int, takes: bool) -> None:
        mine = self.mine(who)
        if mine is None or mine.state != "offered":
            return
        if takes:
            late = mine.offer_until is not None and mine.offer_until <= self.now
            ended = accept(self.session, self.now, booking_id=mine.id, actor_id=mine.person_id)
            assert ended.outcome == ("late" if late else "booked")
        else:
            first = self.waiting()[:1]
            freed = decline(self.session, self.now, booking_id=mine.id, actor_id=mine.person_id, hold=self.hold)  # type: ignore[arg-type]
            assert [one.person_id for one in freed.offered] == first

    @rule(hours=st.integers(min_value=1, max_value=9))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        line = self.waiting()
        lapsed, offered = lapse_offers(self.session, self.now, self.hold)  # type: ignore[arg-type]
        assert [one.person_id for one in offered] == line[: len(lapsed)]

    @precondition(lambda self: self.meeting.capacity < 6)
    @rule()
    def one_place_more(self) -> None:
        self.meeting.capacity += 1
        self.session.flush()
        first = self.waiting()[:1]
        offered = offer_free_places(self.session, self.now, self.meeting.id, self.hold)  # type: ignore[arg-type]
        assert [one.person_id for one in offered] == first

    def waiting(self) -> list[int]:
        line = select(Booking.person_id).where(Booking.state == "waiting").order_by(Booking.line)
        return list(self.session.scalars(line))

    @invariant()
    def never_more_than_there_are_places(self) -> None:
        self.session.flush()
        held = self.session.scalar(select(func.count()).where(Booking.state.in_(HOLDING)))
        taken = self.session.scalar(select(Meeting.taken))
        assert held == taken
        assert taken is not None
        assert taken <= self.meeting.capacity

    @invariant()
    def nobody_waits_beside_a_free_place(self) -> None:
        assert not self.waiting() or self.session.scalar(select(Meeting.taken)) == self.meeting.capacity

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()


TestWaitingList = WaitingList.TestCase
TestWaitingList.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)
