"""Appointments are moved, cancelled and marked, each only by who may and while there is time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models.visits import appointing
from models.visits.appointment import BusyTime, VisitDetail
from tests.models.appointments.practice import Practice, on_tuesday
from tests.models.programme import NOW


def test_moving_frees_the_old_time_and_is_over_when_it_is_too_near(practice: Practice) -> None:
    ana = practice.programme.person()
    row = practice.take(ana, on_tuesday(9)).appointment
    assert row is not None
    moved = practice.take(ana, on_tuesday(11), moves=row.id)
    assert (moved.outcome, moved.before, row.sequence) == ("moved", on_tuesday(9), 1)
    assert [slot.starts_at for slot in practice.slots()][:2] == [on_tuesday(9), on_tuesday(10)]
    late = practice.take(ana, on_tuesday(11), moves=row.id, now=on_tuesday(10))
    assert late.outcome == "late"
    mila = practice.programme.person()
    assert practice.take(mila, on_tuesday(10), moves=row.id).outcome == "closed"


def test_cancelling_is_possible_until_it_begins_and_only_for_who_may(practice: Practice) -> None:
    ana, mila = practice.programme.person(), practice.programme.person()
    row = practice.take(ana, on_tuesday(9)).appointment
    assert row is not None
    assert appointing.cancel(practice.session, NOW, row.id, mila.id) is None
    late = appointing.cancel(practice.session, on_tuesday(8), row.id, ana.id)
    assert late is not None
    assert (late.state, late.reason) == ("cancelled", "late")
    assert practice.session.scalars(select(BusyTime)).all() == []
    assert appointing.cancel(practice.session, on_tuesday(8), row.id, ana.id) is None


def test_marking_says_how_it_ended_and_counts_who_did_not_come(practice: Practice) -> None:
    ana = practice.programme.person()
    practice.rules.most_at_once = 3
    first = practice.take(ana, on_tuesday(9)).appointment
    second = practice.take(ana, on_tuesday(9) + timedelta(days=7)).appointment
    assert first is not None
    assert second is not None
    assert not appointing.mark(practice.session, NOW, first, "absent")
    assert not appointing.mark(practice.session, on_tuesday(10), first, "why he came")
    assert appointing.mark(practice.session, on_tuesday(10), first, "absent")
    assert appointing.missed_in_a_row(practice.session, first) == 1
    assert appointing.mark(practice.session, on_tuesday(10) + timedelta(days=7), second, "absent")
    assert appointing.missed_in_a_row(practice.session, second) == 2
    assert appointing.mark(practice.session, on_tuesday(10) + timedelta(days=7), second, "done")
    assert appointing.missed_in_a_row(practice.session, second) == 0


def test_what_is_cancelled_with_a_consent_forgets_where_somebody_lives(practice: Practice) -> None:
    ana = practice.programme.person()
    row = practice.take(ana, on_tuesday(9)).appointment
    assert row is not None
    practice.session.add(VisitDetail(appointment_id=row.id, address="DEMO 7"))
    practice.session.flush()
    assert appointing.cancel_all(practice.session, NOW, ana.id, "consent") == [row]
    assert practice.session.get(VisitDetail, row.id) is None
