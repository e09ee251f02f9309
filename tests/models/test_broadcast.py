"""Broadcasts: whom they reach, at most once each, and what stops them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.campaigns.broadcasting import step
from bot.campaigns.judging import count
from bot.campaigns.reports import broadcast_report
from bot.doing import Doing
from bot.language.tongue import tongue
from models.campaigns import broadcast as broadcasts
from models.campaigns.audience import Audience
from models.campaigns.broadcast import Broadcast, Recipient, outcome_counts
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.programme import Organisation, Subject, Town
from models.who.consent import Consent
from models.who.people import Address, Guardianship, Interest, Person
from tests.house import MONDAY, House

SATURDAY_EVENING = datetime(2026, 3, 7, 20, 30, tzinfo=UTC)  # 21:30 in Belgrade, before a Sunday
TEXTS = {"sr": "Дођите на дан отворених врата.", "bg": "Елате на деня на отворените врати."}


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "sr-Latn", organisation="kokoro", town="bor")
    return made


@pytest.fixture
def crowd(house: House) -> Iterator[list[str]]:
    names = [f"p{number}" for number in range(7)]
    for name in names:
        house.person(name, "sr-Latn", band="15-17", town="bor")
    yield names


def planned(house: House, session: Session, author: int, audience: Audience, **more: Any) -> Broadcast:
    organisation = session.scalars(select(Organisation).where(Organisation.code == "kokoro")).one()
    given: dict[str, Any] = {"texts": TEXTS, "listing_id": None, "due_at": None, "counted": 0, **more}
    return broadcasts.plan(
        session,
        house.now,
        organisation_id=organisation.id,
        author_id=author,
        audience=audience.to_json(),
        **given,
    )


YOUNG = Audience(roles=("young",))


def start(house: House, audience: Audience = YOUNG, **more: Any) -> int:
    author = house.person_id("ana")
    with Session(house.database) as session:
        row = planned(house, session, author, audience, **more)
        session.commit()
        return row.id


def queue_some(house: House, limit: int = 300, *, crash: bool = False) -> int:
    with Session(house.database) as session:
        done = step(Doing(session, house.now, house.rules), limit)
        if crash:
            session.rollback()
        else:
            session.commit()
        return done


def queue_all(house: House, limit: int = 300) -> None:
    for _round in range(50):
        if queue_some(house, limit) == 0:
            return
    raise AssertionError("a broadcast without end")


def messages(house: House) -> Counter[int]:
    with Session(house.database) as session:
        found = session.scalars(
            select(Address.person_id)
            .join(Outgoing, Outgoing.address_id == Address.id)
            .where(Outgoing.kind == "broadcast", Outgoing.state != "cancelled")
        )
        return Counter(found)


def outcomes(house: House, broadcast_id: int) -> dict[str, int]:
    with Session(house.database) as session:
        return outcome_counts(session, broadcast_id)


def change(house: House, name: str, **values: Any) -> None:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        person = session.get_one(Person, person_id)
        for key, value in values.items():
            setattr(person, key, value)
        session.commit()


def withdraw(house: House, name: str) -> None:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        for row in session.scalars(select(Consent).where(Consent.person_id == person_id)):
            row.withdrawn_at = house.now
        session.commit()


# ---------------------------------------------------------------- at most once


def test_everybody_gets_it_once(house: House, crowd: list[str]) -> None:
    start(house)
    queue_all(house, limit=3)
    assert messages(house) == Counter({house.person_id(name): 1 for name in crowd})


def test_a_crash_between_two_chunks_repeats_and_skips_nobody(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    assert queue_some(house, 3) == 3
    assert queue_some(house, 3, crash=True) == 3
    assert queue_some(house, 3, crash=True) == 3
    queue_all(house, limit=2)
    assert messages(house) == Counter({house.person_id(name): 1 for name in crowd})
    with Session(house.database) as session:
        recipients = select(func.count()).where(Recipient.broadcast_id == broadcast_id)
        assert session.scalar(recipients) == len(crowd)


def test_the_table_itself_refuses_a_person_twice(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    queue_all(house)
    p0 = house.person_id("p0")
    with Session(house.database) as session:
        session.add(Recipient(broadcast_id=broadcast_id, person_id=p0))
        with pytest.raises(IntegrityError):
            session.flush()


def test_two_phones_of_one_person_count_and_ring_once(house: House) -> None:
    house.person("p", "sr-Latn", band="15-17", town="bor")
    p = house.person_id("p")
    with Session(house.database) as session:
        session.add(Address(person_id=p, channel="telegram", external_id="77", created_at=house.now))
        session.commit()
        assert count(session, house.rules, house.now, YOUNG).reached == 1
    start(house)
    queue_all(house)
    assert messages(house)[house.person_id("p")] == 1


def test_it_ends_by_itself_and_its_author_is_told_once(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    queue_all(house)
    house.hear("ana", "/menu")  # delivers what waits
    before = len(house.people["ana"].shown)
    for _round in range(3):
        queue_some(house)
        house.hear("p0", "/menu")
    told = [one for one in house.people["ana"].shown[before:] if "Izveštaj" in one.text or "7" in one.text]
    assert len(told) == 1
    with Session(house.database) as session:
        assert session.get_one(Broadcast, broadcast_id).state == "sent"


# ---------------------------------------------------------------- stop, opt-out


def test_a_stop_on_the_way_spares_those_who_still_wait(house: House, crowd: list[str]) -> None:
    broadcast_id = start(house)
    queue_some(house, 3)
    house.hear("p6", "/menu")  # the first three are delivered
    queue_some(house, 2)
    with Session(house.database) as session:
        assert broadcasts.stop(session, house.now, broadcast_id) == 2
        session.commit()
    queue_all(house)
    assert sum(messages(house).values()) == 3
    assert outcomes(house, broadcast_id) == {"sent": 3, "cancelled": 2}
    with Session(house.database) as session:
        assert broadcasts.stop(session, house.now, broadcast_id) is None


def test_who_stops_between_the_count_and_the_sending_gets_nothing(house: House, crowd: list[str]) -> None:
    with Session(house.database) as session:
        assert count(session, house.rules, house.now, YOUNG).reached == 7
    broadcast_id = start(house)
    queue_some(house, 2)
    change(house, "p4", stopped_at=house.now)
    withdraw(house, "p5")
    queue_all(house, 2)
    assert house.person_id("p4") not in messages(house)
    assert house.person_id("p5") not in messages(house)
    assert outcomes(house, broadcast_id) == {"waiting": 5, "left.stopped": 1, "left.consent": 1}


def test_who_has_left_is_counted_as_out_of_reach(house: House, crowd: list[str]) -> None:
    house.event("p1", "left")
    broadcast_id = start(house)
    queue_all(house)
    assert outcomes(house, broadcast_id)["left.unreachable"] == 1


# ---------------------------------------------------------------- consent of children


def child(house: House, *, purpose: str = "messages", ended: bool = False) -> int:
    house.person("mama", "sr-Latn", band="18+", town="bor")
    house.person("beba", "sr-Latn", band="under14", town="bor")
    mother, baby = house.person_id("mama"), house.person_id("beba")
    with Session(house.database) as session:
        wording = session.scalars(select(Consent.wording_id)).first()
        session.add(
            Guardianship(
                guardian_id=mother,
                child_id=baby,
                relation="mother",
                confirmed_at=house.now,
                ended_at=house.now if ended else None,
            )
        )
        session.add(
            Consent(
                person_id=baby,
                given_by_id=mother,
                purpose=purpose,
                wording_id=wording,
                channel="console",
                given_at=house.now,
            )
        )
        session.commit()
        return baby


@pytest.mark.parametrize(
    ("purpose", "ended", "reached"), [("messages", False, True), ("attend", False, False), ("messages", True, False)]
)
def test_a_child_is_written_to_by_leave_of_a_guardian(house: House, purpose: str, ended: bool, reached: bool) -> None:
    baby = child(house, purpose=purpose, ended=ended)
    start(house, Audience(bands=("under14",)))
    queue_all(house)
    assert (baby in messages(house)) is reached


def test_a_child_cannot_give_that_leave_itself(house: House) -> None:
    house.person("beba", "sr-Latn", band="under14", town="bor")
    baby = house.person_id("beba")
    with Session(house.database) as session:
        wording = session.scalars(select(Consent.wording_id)).first()
        session.add(
            Consent(
                person_id=baby,
                given_by_id=baby,
                purpose="messages",
                wording_id=wording,
                channel="console",
                given_at=house.now,
            )
        )
        session.commit()
    start(house, Audience(bands=("under14",)))
    queue_all(house)
    assert baby not in messages(house)


# ---------------------------------------------------------------- night and caps


def test_at_night_it_waits_for_the_morning_of_each(house: House, crowd: list[str]) -> None:
    house.now = SATURDAY_EVENING
    start(house)
    queue_all(house)
    with Session(house.database) as session:
        due = set(session.scalars(select(Outgoing.due_at).where(Outgoing.kind == "broadcast")))
    assert due == {datetime(2026, 3, 8, 9, 0, tzinfo=UTC)}  # Sunday, ten o'clock


def test_nobody_gets_two_on_a_day(house: House, crowd: list[str]) -> None:
    start(house)
    queue_all(house)
    second = start(house)
    queue_all(house)
    assert outcomes(house, second) == {"left.cap": 7}
    house.now = MONDAY + timedelta(days=1)
    third = start(house)
    queue_all(house)
    assert outcomes(house, third) == {"waiting": 7}


def test_nobody_gets_five_in_a_week(house: House) -> None:
    house.person("p", "sr-Latn", band="15-17", town="bor")
    for day in range(5):
        house.now = MONDAY + timedelta(days=day)
        last = start(house)
        queue_all(house)
    assert outcomes(house, last) == {"left.cap": 1}
    assert messages(house)[house.person_id("p")] == 4
    house.now = MONDAY + timedelta(days=7)
    start(house)
    queue_all(house)
    assert messages(house)[house.person_id("p")] == 5


def test_a_scheduled_one_does_not_begin_before_its_time(house: House, crowd: list[str]) -> None:
    start(house, due_at=MONDAY + timedelta(hours=2))
    assert queue_some(house) == 0
    house.now = MONDAY + timedelta(hours=2)
    assert queue_some(house) == 7


# ---------------------------------------------------------------- whom, in which words


def reached_by(house: House, audience: Audience) -> set[int]:
    house.now += timedelta(days=8)
    broadcast_id = start(house, audience)
    queue_all(house)
    with Session(house.database) as session:
        found = session.scalars(select(Recipient.person_id).where(Recipient.broadcast_id == broadcast_id))
        return set(found)


def test_an_audience_is_by_town_interest_age_role_and_language(house: House) -> None:
    house.person("bor", "sr-Latn", band="15-17", town="bor")
    house.person("kazanlak", "bg", band="18+", town="kazanlak")
    house.person("mama", "sr-Cyrl", band="18+", town="bor")
    house.person("newcomer", "sr-Latn")
    house.hear("newcomer", "/start")
    ids = {name: house.person_id(name) for name in ("ana", "bor", "kazanlak", "mama", "newcomer")}
    with Session(house.database) as session:
        towns = {town.code: town.id for town in session.scalars(select(Town))}
        maths = session.scalars(select(Subject.id).where(Subject.code == "maths")).one()
        session.add(Interest(person_id=ids["bor"], subject_id=maths))
        session.add(
            Guardianship(
                guardian_id=ids["mama"],
                child_id=ids["bor"],
                relation="mother",
                confirmed_at=house.now,
            )
        )
        session.commit()

    def who(audience: Audience) -> set[str]:
        reached = reached_by(house, audience)
        return {name for name, person in ids.items() if person in reached}

    assert who(Audience(towns=(towns["bor"],))) == {"ana", "bor", "mama"}
    assert who(Audience(subjects=(maths,))) == {"bor"}
    assert who(Audience(bands=("15-17",))) == {"bor"}
    assert who(Audience(roles=("guardian",))) == {"mama"}
    assert who(Audience(roles=("staff",))) == {"ana"}
    assert who(Audience(roles=("young",))) == {"bor", "kazanlak"}
    assert who(Audience(roles=("guardian", "staff"))) == {"ana", "mama"}
    assert who(Audience(languages=("bg",))) == {"kazanlak"}
    assert who(Audience()) == {"ana", "bor", "kazanlak", "mama"}


def test_each_reads_their_own_language_and_script_or_the_one_there_is(house: House) -> None:
    for name, tag in (("cyrl", "sr-Cyrl"), ("latn", "sr-Latn"), ("bg", "bg"), ("en", "en")):
        house.person(name, tag, band="18+", town="bor")
    start(house)
    queue_all(house)
    with Session(house.database) as session:
        rows = session.execute(
            select(Address.external_id, Outgoing.body)
            .join(Outgoing, Outgoing.address_id == Address.id)
            .where(Outgoing.kind == "broadcast")
        )
        texts = {external.removeprefix("console-"): body["text"].split("\n")[0] for external, body in rows}
    assert texts == {
        "cyrl": "Дођите на дан отворених врата.",
        "latn": "Dođite na dan otvorenih vrata.",
        "bg": "Елате на деня на отворените врати.",
        "en": "Дођите на дан отворених врата.",
    }


def test_its_button_opens_what_it_is_about(house: House) -> None:
    house.person("p", "en", band="18+", town="bor")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing.id).where(Listing.code == "bor-matematika")).one()
    start(house, listing_id=listing)
    queue_all(house)
    house.hear("p", "/menu")
    said = house.tap("p", "See")
    assert "Maths" in said[-1][1].text


# ---------------------------------------------------------------- the report


def test_the_report_says_who_and_why_and_holds_no_formula(house: House, crowd: list[str]) -> None:
    change(house, "p0", called='=HYPERLINK("http://x")', stopped_at=house.now)
    change(house, "p1", called="Mila\x07")
    broadcast_id = start(house)
    queue_all(house)
    house.hear("ana", "/menu")
    with Session(house.database) as session:
        row = session.get_one(Broadcast, broadcast_id)
        document = broadcast_report(session, row, tongue("en"))
    sheet = load_workbook(BytesIO(document.content)).active
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(document.content) < 50_000
    assert len(lines) == 7
    assert lines[0][1:] == ('=HYPERLINK("http://x")', "Bor", "was not written to", "has stopped messages")
    assert {line[3] for line in lines[1:]} == {"got it"}
    assert all(cell.data_type != "f" for line in sheet.iter_rows(min_row=2) for cell in line)
