"""Growing up: who is asked, when, and what their own yes or no changes for them and for their guardian."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds.calls import RegisterInterest
from conversations.deeds.offers import Book
from conversations.deeds.people import AgreeForChild, DecideAlone, SetChildReminders
from conversations.speech import Done
from models.messages.reminder import Reminder
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who import consent
from models.who.consent import Consent, Wording
from models.who.growing import bands_reached
from models.who.people import Guardianship, Person
from tests.house import House

ASKED = "About a year has passed"
DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mama", "en", band="18+", town="bor")
    made.person("kid", "en", band="14", town="bor")
    ids = made.person_id("mama"), made.person_id("kid")
    with Session(made.database) as session:
        wording = Wording(hash="linked", language="en", text="DEMO")
        session.add(wording)
        session.flush()
        session.add(
            Guardianship(guardian_id=ids[0], child_id=ids[1], relation="mother", confirmed_at=made.now - 400 * DAY)
        )
        for purpose in ("attend", "reminders", "messages", "photos"):
            session.add(
                Consent(
                    person_id=ids[1],
                    given_by_id=ids[0],
                    purpose=purpose,
                    wording_id=wording.id,
                    channel="console",
                    given_at=made.now,
                )
            )
        session.commit()
    told_age(made, "kid", 400)
    return made


def told_age(house: House, name: str, days: int, **changes: object) -> None:
    """Somebody told their age so many days ago."""
    person_id = house.person_id(name)
    with Session(house.database) as session:
        person = session.get_one(Person, person_id)
        person.band_at = house.now - days * DAY
        for field, value in changes.items():
            setattr(person, field, value)
        session.commit()


def do(house: House, name: str, deed: Deed) -> Done:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id, channel="console"), deed)
        session.commit()
    return done


def may_book(house: House, name: str = "kid") -> bool:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        return me_of(session, session.get_one(Person, person_id)).may_book


def meeting(house: House) -> int:
    with Session(house.database) as session:
        found = select(Meeting.id).join(Listing, Listing.id == Meeting.listing_id)
        return session.scalars(
            found.where(Listing.code == "bor-matematika").order_by(Meeting.starts_at).offset(2).limit(1)
        ).one()


def book(house: House, name: str) -> Done:
    return do(house, name, Book(meeting(house), (house.person_id("kid"),)))


def grow(house: House, *labels: str) -> None:
    house.hear("kid", "/menu")
    for label in labels:
        house.tap("kid", label)


def newest(house: House, name: str) -> str:
    return house.people[name].shown[-1].text


# ---------------------------------------------------------------- when it is asked


@pytest.mark.parametrize(
    ("band", "town", "days", "reached"),
    [
        ("14", "bor", 299, ()),
        ("14", "bor", 301, ("14", "15-17")),
        ("under14", "kazanlak", 301, ("under14", "14")),
        ("under14", "bor", 301, ()),
        ("under14", "bor", 700, ("under14", "14", "15-17")),
        ("14", "kazanlak", 700, ()),
        ("15-17", "bor", 700, ()),
        ("18+", "bor", 700, ()),
    ],
)
def test_a_band_is_asked_for_when_one_that_decides_alone_may_be_reached(
    house: House, band: str, town: str, days: int, reached: tuple[str, ...]
) -> None:
    house.person("one", "en", band=band, town=town)
    told_age(house, "one", days)
    one = house.person_id("one")
    with Session(house.database) as session:
        person = session.get_one(Person, one)
        assert bands_reached(session, person, house.now) == reached
    house.hear("one", "/menu")
    assert newest(house, "one").startswith(ASKED) == bool(reached)


def test_nobody_is_written_to_unasked_because_of_it(house: House) -> None:
    assert [name for name, message in house.advance(days=2) if ASKED in message.text] == []


def test_it_is_asked_at_the_next_visit_once_a_day_and_back_leads_to_the_menu(house: House) -> None:
    house.hear("kid", "/start")
    assert newest(house, "kid").startswith(ASKED)
    house.hear("kid", "back")
    assert newest(house, "kid").startswith("What would you like?")
    house.hear("kid", "/menu")
    assert newest(house, "kid").startswith("What would you like?")
    house.now += timedelta(hours=25)
    house.hear("kid", "/start")
    assert newest(house, "kid").startswith(ASKED)


@pytest.mark.parametrize("words", ["help", "stop", "person", "my data", "language"])
def test_every_global_word_works_there(house: House, words: str) -> None:
    grow(house)
    house.hear("kid", words)
    assert not newest(house, "kid").startswith(ASKED)


def test_what_is_looked_for_there_is_found(house: House) -> None:
    grow(house)
    house.hear("kid", "maths")
    assert "Found: 1" in newest(house, "kid") or "Maths" in newest(house, "kid")


def test_put_off_or_still_too_young_changes_nothing(house: House) -> None:
    grow(house, "Not now")
    assert may_book(house)
    assert book(house, "mama").outcome == "booked"
    house.now += 31 * DAY
    grow(house, "14")
    assert may_book(house)
    house.now += 100 * DAY
    house.hear("kid", "/menu")
    assert not newest(house, "kid").startswith(ASKED), "asked again after half a year only"


# ---------------------------------------------------------------- what it changes


def test_ones_own_yes_takes_the_place_of_the_guardians_with_its_own_words(house: House) -> None:
    grow(house, "15 to 17", "Yes", "No", "Yes")
    kid, mama = house.person_id("kid"), house.person_id("mama")
    with Session(house.database) as session:
        rows = session.execute(
            select(Consent.purpose, Consent.given_by_id, Wording.text)
            .join(Wording, Wording.id == Consent.wording_id)
            .where(Consent.person_id == kid, Consent.withdrawn_at.is_(None))
        ).all()
    assert sorted((purpose, by) for purpose, by, _text in rows) == sorted(
        [("attend", kid), ("reminders", mama), ("photos", mama)]
    )
    assert next(text for purpose, _by, text in rows if purpose == "attend").startswith("At this age you decide")
    assert may_book(house)


def test_the_guardian_is_told_in_neutral_words_and_has_no_say_in_booking_any_more(house: House) -> None:
    grow(house, "15 to 17", "Yes", "No", "Yes")
    told = [message.text for message in house.people["mama"].shown]
    assert told == ["Your child is old enough now to decide about bookings alone. Reminders still come here."]
    assert book(house, "mama").outcome == "denied"
    with Session(house.database) as session:
        call = session.scalars(select(Listing.id).where(Listing.code == "valjevo-praksa")).one()
    assert do(house, "mama", RegisterInterest(call, {}, house.person_id("kid"))).outcome == "denied"
    assert do(house, "mama", AgreeForChild(house.person_id("kid"), "attend")).outcome == "not_yours"
    assert do(house, "mama", AgreeForChild(house.person_id("kid"), "outings")).outcome == "agreed"


def test_reminders_to_the_guardian_go_on_if_the_young_person_wants_that_and_ask_nothing(house: House) -> None:
    grow(house, "15 to 17", "Yes", "No", "Yes")
    assert book(house, "kid").outcome == "booked"
    assert not [name for name, _message in house.advance(minutes=15) if name == "mama"], "the booking is not told"
    seen = [message for name, message in house.advance(days=9) if name == "mama" and "reminder" in message.text]
    assert seen
    assert all(not message.buttons and "Are you coming?" not in message.text for message in seen)


def test_reminders_end_if_the_young_person_does_not_want_them_and_stay_off(house: House) -> None:
    assert book(house, "mama").outcome == "booked"
    grow(house, "15 to 17", "Yes", "No", "No")
    with Session(house.database) as session:
        planned = set(session.scalars(select(Reminder.recipient_id).where(Reminder.state == "planned")))
    assert planned == {house.person_id("kid")}
    assert do(house, "mama", SetChildReminders(house.person_id("kid"), True)).outcome == "not_yours"
    assert may_book(house)


def test_what_is_booked_stays_booked_with_ones_own_yes(house: House) -> None:
    book(house, "mama")
    grow(house, "15 to 17", "Yes", "No", "Yes")
    with Session(house.database) as session:
        assert session.scalars(select(Booking.state)).all() == ["booked"]


def test_a_no_cancels_what_is_booked_and_booking_can_be_opened_again(house: House) -> None:
    book(house, "mama")
    grow(house, "15 to 17", "No, I do not want to", "Yes")
    with Session(house.database) as session:
        assert session.scalars(select(Booking.state)).all() == ["cancelled"]
    assert not may_book(house)
    house.hear("kid", "my data")
    house.tap("kid", "👍 Yes to booking")
    house.tap("kid", "Yes")
    assert may_book(house)


def test_a_yes_put_off_leaves_the_guardians_in_force(house: House) -> None:
    grow(house, "15 to 17", "Not now")
    assert may_book(house)
    kid = house.person_id("kid")
    with Session(house.database) as session:
        assert consent.stands(session, kid, "attend")
    house.now += 31 * DAY
    house.hear("kid", "/menu")
    assert newest(house, "kid").startswith("At this age you decide")


def test_who_changed_their_age_in_my_data_is_asked_for_their_yes_too(house: House) -> None:
    house.hear("kid", "my data")
    house.tap("kid", "✏️ Correct something")
    house.tap("kid", "🎂 Age group")
    house.tap("kid", "15 to 17")
    house.hear("kid", "/menu")
    assert newest(house, "kid").startswith("At this age you decide")


def test_a_child_cannot_decide_alone_before_its_time(house: House) -> None:
    assert do(house, "kid", DecideAlone(attend=True, messages=True, reminders=False)).outcome == "guardian"
    with Session(house.database) as session:
        assert session.scalars(select(Guardianship.grown_at)).all() == [None]


def test_before_a_code_for_a_parent_the_age_is_asked_anew(house: House) -> None:
    house.person("teen", "en", band="14", town="bor")
    told_age(house, "teen", 400)
    house.hear("teen", "/start bor-matematika")
    house.hear("teen", "1")
    house.tap("teen", "Ask my parent or guardian")
    assert newest(house, "teen") == "How old are you?"
    house.tap("teen", "15 to 17")
    house.tap("teen", "Yes")
    assert may_book(house, "teen"), "and no parent was needed"
