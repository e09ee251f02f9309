"""A school year of which no break is known: staff are asked for it once, and told where a series runs into it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.doing import Doing
from bot.facts import KnownFacts
from bot.facts.lookup import Lookup
from bot.offering.school_year import ask_for_breaks
from bot.times.school_breaks import school_year, written, years_known
from models.messages.message import Outgoing
from models.offers import school_break
from models.offers.programme import Organisation, Town
from models.who.people import Person
from tests.house import House

AUGUST = datetime(2026, 8, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "sr-Latn", organisation="kokoro", town="bor")
    return made


def asked(house: House, now: datetime) -> int:
    with Session(house.database) as session:
        found = ask_for_breaks(Doing(session, now, house.rules))
        session.commit()
        return found


def test_staff_are_asked_once_from_august_on_and_not_where_breaks_are_entered(house: House) -> None:
    assert asked(house, house.now) == 0, "the house knows this school year"
    assert asked(house, datetime(2026, 7, 31, 9, 0, tzinfo=UTC)) == 0
    assert [asked(house, AUGUST) for _again in range(2)] == [1, 0]
    assert asked(house, datetime(2026, 11, 1, 9, 0, tzinfo=UTC)) == 0, "the same school year"
    with Session(house.database) as session:
        assert session.scalar(select(func.count()).where(Outgoing.kind == "digest")) == 1
        mine = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
        school_break.add(session, mine, "RS", date(2027, 12, 30), date(2028, 1, 10))
        session.commit()
    assert asked(house, datetime(2027, 8, 3, 9, 0, tzinfo=UTC)) == 0, "they entered some of that year"


def test_a_series_that_runs_into_an_unknown_school_year_says_so(house: House) -> None:
    who = house.person_id("ana")
    with Session(house.database) as session:
        town = session.scalars(select(Town.id).where(Town.code == "bor")).one()
        ana = session.get_one(Person, who)
        staff = KnownFacts(Lookup(session, house.now, me_of(session, ana), house.rules)).staff

        def unknown(first: str, times: int, every: int = 7) -> str:
            return staff.dates({"first": first, "town": town, "every": every, "times": times}).unknown

        assert unknown("2026-03-10T16:00:00+00:00", 10) == ""
        assert unknown("2026-06-23T16:00:00+00:00", 8) == "", "of the summer nobody asks"
        assert unknown("2026-06-23T16:00:00+00:00", 14) == "2026/27"
        assert unknown("2026-10-06T16:00:00+00:00", 1, 0) == "", "one meeting is no series"
        mine = session.scalars(select(Organisation.id).where(Organisation.code == "kokoro")).one()
        school_break.add(session, mine, "RS", date(2026, 11, 9), date(2026, 11, 13))
        assert unknown("2026-06-23T16:00:00+00:00", 14) == ""
        assert years_known(session, [mine], "BG") == {2025}, "another country's"


def test_a_school_year_begins_in_september() -> None:
    assert [school_year(date(2026, month, 1)) for month in (1, 8, 9, 12)] == [2025, 2025, 2026, 2026]
    assert [written(year) for year in (2026, 2099)] == ["2026/27", "2099/00"]
