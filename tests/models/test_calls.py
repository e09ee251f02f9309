from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.messages.reminder import Reminder
from models.offers import call, deadline
from models.offers.call import Application, Refused
from models.offers.listing import Listing
from tests.models.programme import NOW, Programme

CLOSES = NOW + timedelta(days=20)
SECOND = timedelta(seconds=1)


def a_call(
    programme: Programme, *, closes: datetime | None = CLOSES, state: str = "open", block: str = "CALL"
) -> Listing:
    listing = programme.listing(remind=(10080, 1440))
    listing.block, listing.kind, listing.state, listing.closes_at = block, "internship", state, closes
    programme.session.flush()
    return listing


def planned(session: Session, person_id: int) -> list[datetime]:
    rows = session.scalars(
        select(Reminder)
        .where(Reminder.recipient_id == person_id, Reminder.state == "planned")
        .order_by(Reminder.due_at)
    )
    return [row.due_at for row in rows]


# ---------------------------------------------------------------- the deadline, to the second


@pytest.mark.parametrize("block", ["CALL", "GRANT"])
def test_a_call_takes_interest_until_the_second_of_its_deadline(
    session: Session, programme: Programme, block: str
) -> None:
    listing, person, late = a_call(programme, block=block), programme.person(), programme.person()
    application, new = call.register(session, CLOSES - SECOND, listing.id, person.id, {"why": "DEMO"})
    assert new
    assert application.state == "registered"
    with pytest.raises(Refused) as refused:
        call.register(session, CLOSES, listing.id, late.id, {})
    assert refused.value.reason == "closed"
    assert call.application_of(session, listing.id, late.id) is None


def test_reads_know_the_deadline_before_anything_sweeps(session: Session, programme: Programme) -> None:
    listing = a_call(programme)
    assert call.open_calls(session, CLOSES - SECOND) == [listing]
    assert call.open_calls(session, CLOSES) == []
    assert listing.state == "open"


def test_the_sweep_closes_what_has_passed_and_nothing_else(session: Session, programme: Programme) -> None:
    passed, later, endless = (
        a_call(programme),
        a_call(programme, closes=CLOSES + SECOND),
        a_call(programme, closes=None),
    )
    offer = a_call(programme, block="OFF")
    assert call.close_passed(session, CLOSES - SECOND) == []
    assert call.close_passed(session, CLOSES) == [passed.id]
    assert [row.state for row in (passed, later, endless, offer)] == ["closed", "open", "open", "open"]
    assert call.close_passed(session, CLOSES) == []


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_what_is_not_open_takes_no_interest(session: Session, programme: Programme, state: str) -> None:
    listing, person = a_call(programme, state=state), programme.person()
    with pytest.raises(Refused):
        call.register(session, NOW, listing.id, person.id, {})


def test_an_offer_with_sessions_is_no_call(session: Session, programme: Programme) -> None:
    listing, person = a_call(programme, block="OFF"), programme.person()
    with pytest.raises(Refused) as refused:
        call.register(session, NOW, listing.id, person.id, {})
    assert refused.value.reason == "gone"


# ---------------------------------------------------------------- applications


def test_interest_is_registered_once_and_numbers_differ(session: Session, programme: Programme) -> None:
    listing, one, other = a_call(programme), programme.person(), programme.person()
    first, new = call.register(session, NOW, listing.id, one.id, {"why": "DEMO"})
    again, new_again = call.register(session, NOW, listing.id, one.id, {"why": "other"})
    second, _new = call.register(session, NOW, listing.id, other.id, {})
    assert (new, new_again) == (True, False)
    assert again.id == first.id
    assert again.answers == {"why": "DEMO"}
    assert second.number != first.number


def test_withdrawing_erases_what_was_written_and_one_may_register_again(session: Session, programme: Programme) -> None:
    listing, person = a_call(programme), programme.person()
    first, _new = call.register(session, NOW, listing.id, person.id, {"why": "DEMO", "phone": "+381601234567"})
    call.withdraw(session, NOW, listing.id, person.id)
    assert (first.state, first.answers) == ("withdrawn", {})
    second, new = call.register(session, NOW, listing.id, person.id, {})
    assert new
    assert second.number != first.number
    assert [row.id for row in call.applications_for(session, listing.id)] == [second.id]


def test_nobody_withdraws_for_somebody_else(session: Session, programme: Programme) -> None:
    listing, person, other = a_call(programme), programme.person(), programme.person()
    call.register(session, NOW, listing.id, person.id, {})
    with pytest.raises(Refused):
        call.withdraw(session, NOW, listing.id, other.id)
    assert session.scalars(select(Application.state)).all() == ["registered"]


# ---------------------------------------------------------------- reminders of the deadline


def test_who_asks_is_reminded_a_week_and_a_day_before(session: Session, programme: Programme) -> None:
    listing, person, other = a_call(programme), programme.person(), programme.person()
    deadline.plan_deadline(session, NOW, listing.id, person.id)
    assert planned(session, person.id) == [CLOSES - timedelta(days=7), CLOSES - timedelta(days=1)]
    assert planned(session, other.id) == []


def test_registering_plans_no_reminder_for_those_who_did_not_ask(session: Session, programme: Programme) -> None:
    listing, person = a_call(programme), programme.person()
    call.register(session, NOW, listing.id, person.id, {})
    assert planned(session, person.id) == []


def test_asking_twice_plans_once(session: Session, programme: Programme) -> None:
    listing, person = a_call(programme), programme.person()
    deadline.plan_deadline(session, NOW, listing.id, person.id)
    deadline.plan_deadline(session, NOW, listing.id, person.id)
    assert len(planned(session, person.id)) == 2


def test_what_is_past_is_not_planned_and_nothing_left_is_said(session: Session, programme: Programme) -> None:
    listing, person, late = a_call(programme), programme.person(), programme.person()
    deadline.plan_deadline(session, CLOSES - timedelta(days=3), listing.id, person.id)
    assert planned(session, person.id) == [CLOSES - timedelta(days=1)]
    with pytest.raises(Refused) as refused:
        deadline.plan_deadline(session, CLOSES - timedelta(days=1), listing.id, late.id)
    assert refused.value.reason == "late"
    with pytest.raises(Refused) as refused:
        deadline.plan_deadline(session, CLOSES, listing.id, late.id)
    assert refused.value.reason == "closed"
    assert planned(session, late.id) == []


def test_a_reminder_moves_out_of_the_quiet_hours(session: Session, programme: Programme) -> None:
    listing, person = a_call(programme), programme.person()
    hour = timedelta(hours=1)
    deadline.plan_deadline(session, NOW, listing.id, person.id, lambda at, zone: at - hour)
    assert planned(session, person.id) == [CLOSES - timedelta(days=7, hours=1), CLOSES - timedelta(days=1, hours=1)]


def test_the_clock_change_does_not_double_or_shift_a_reminder(session: Session, programme: Programme) -> None:
    closes = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    listing, person = a_call(programme, closes=closes), programme.person()
    deadline.plan_deadline(session, NOW, listing.id, person.id)
    assert planned(session, person.id) == [closes - timedelta(days=7), closes - timedelta(days=1)]


def test_a_moved_deadline_is_planned_anew_for_those_who_asked(session: Session, programme: Programme) -> None:
    listing, person, stopped, other = a_call(programme), programme.person(), programme.person(), programme.person()
    deadline.plan_deadline(session, NOW, listing.id, person.id)
    deadline.plan_deadline(session, NOW, listing.id, stopped.id)
    deadline.drop_deadline(session, listing.id, stopped.id)
    call.register(session, NOW, listing.id, other.id, {})
    first = session.scalars(select(Reminder).order_by(Reminder.due_at)).first()
    assert first is not None
    first.state = "sent"
    listing.closes_at = CLOSES + timedelta(days=10)
    deadline.replan_deadline(session, NOW + timedelta(days=14), listing.id)
    moved = [CLOSES + timedelta(days=3), CLOSES + timedelta(days=9)]
    assert planned(session, person.id) == moved
    assert planned(session, stopped.id) == planned(session, other.id) == []
    deadline.replan_deadline(session, NOW + timedelta(days=14), listing.id)
    assert planned(session, person.id) == moved
    assert first.state == "sent"


def test_a_closed_call_reminds_nobody(session: Session, programme: Programme) -> None:
    listing, person = a_call(programme), programme.person()
    deadline.plan_deadline(session, NOW, listing.id, person.id)
    listing.state = "closed"
    assert deadline.replan_deadline(session, NOW, listing.id) == []
    assert planned(session, person.id) == []
