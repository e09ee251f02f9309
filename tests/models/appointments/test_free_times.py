"""Free times follow hours, pauses, notice and days off, also in both nights of the clock change."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.offers.closures import Closure
from models.visits.opening import Hours, slots
from models.visits.professional import DayException, giving
from models.visits.slots import free_slots
from tests.models.appointments.practice import TUESDAY, Practice, on_tuesday
from tests.models.programme import NOW


def test_free_times_follow_hours_pauses_notice_and_horizon(practice: Practice) -> None:
    first_day = [slot.starts_at for slot in practice.slots() if slot.starts_at.date() == TUESDAY.date()]
    assert first_day == [on_tuesday(9), on_tuesday(10), on_tuesday(11)]
    late = [slot.starts_at for slot in practice.slots(on_tuesday(8, 30)) if slot.starts_at.date() == TUESDAY.date()]
    assert late == [on_tuesday(11)]
    assert max(slot.starts_at for slot in practice.slots()) <= NOW + timedelta(days=28)
    practice.rules.horizon_days = 3
    assert len(practice.slots()) == 3


def test_days_off_holidays_closures_and_extra_hours_count(practice: Practice) -> None:
    session, site = practice.session, practice.listing.site_id
    assert site is not None
    everybody = giving(session, practice.listing.id)
    holiday = free_slots(session, NOW, practice.rules, everybody, lambda day, _land: day == TUESDAY.date())
    assert TUESDAY.date() not in {slot.starts_at.date() for slot in holiday}
    wednesday = date(2026, 3, 4)
    session.add(
        DayException(
            professional_id=practice.professional.id,
            day=wednesday,
            kind="extra",
            site_id=site,
            from_minute=600,
            until_minute=660,
        )
    )
    session.flush()
    assert wednesday in {slot.starts_at.date() for slot in practice.slots()}
    session.add(
        Closure(
            site_id=site,
            organisation_id=practice.listing.organisation_id,
            created_by_id=practice.programme.person().id,
            first_day=TUESDAY.date(),
            last_day=TUESDAY.date(),
            reason={},
            created_at=NOW,
        )
    )
    session.add(DayException(professional_id=practice.professional.id, day=wednesday, kind="off"))
    session.flush()
    assert {slot.starts_at.date() for slot in practice.slots()}.isdisjoint({TUESDAY.date(), wednesday})


@pytest.mark.parametrize(
    ("day", "zone"),
    [
        (date(2026, 3, 29), "Europe/Belgrade"),
        (date(2026, 10, 25), "Europe/Belgrade"),
        (date(2026, 3, 29), "Europe/Sofia"),
        (date(2026, 10, 25), "Europe/Sofia"),
    ],
)
@pytest.mark.parametrize(("minutes", "pause"), [(30, 0), (30, 5), (45, 5), (60, 0), (90, 5), (120, 0)])
@pytest.mark.parametrize("hours", [(0, 360), (60, 180), (90, 150), (120, 240), (0, 1440)])
def test_no_time_lies_outside_the_hours_in_the_night_of_the_clock_change(
    day: date, zone: str, minutes: int, pause: int, hours: tuple[int, int]
) -> None:
    ends = None
    for starts, over in slots(Hours(zone, {day.weekday(): (hours,)}), day, minutes, pause):
        assert over - starts == timedelta(minutes=minutes)
        first, last = starts.astimezone(ZoneInfo(zone)), over.astimezone(ZoneInfo(zone))
        assert first.date() == day
        assert hours[0] <= first.hour * 60 + first.minute
        until = last.hour * 60 + last.minute + (1440 if last.date() > day else 0)
        assert until <= hours[1], f"{last} is after the hours"
        assert ends is None or starts >= ends
        ends = over + timedelta(minutes=pause)
