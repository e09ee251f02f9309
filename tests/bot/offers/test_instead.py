"""When a meeting moves or is called off: everybody hears of it, staff know how many, and there is a way on."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.speech import Spoken
from models.places.booking import Booking
from models.who.people import Guardianship
from tests.house import House, buttons


def cared(house: House) -> list[bool]:
    """Whether child care is needed, of every booking."""
    with Session(house.database) as session:
        return list(session.scalars(select(Booking.care)))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = House(tmp_path_factory.mktemp("instead"))
    house.person("ana", "sr-Latn", organisation="kokoro", town="bor")
    house.person("mama", "bg", band="18+", town="bor")
    house.person("dete", "sr-Latn", band="15-17", town="bor")
    house.person("mila", "sr-Cyrl", band="15-17", town="bor")
    with Session(house.database) as session:
        ids = house.person_id("mama"), house.person_id("dete")
        session.add(Guardianship(guardian_id=ids[0], child_id=ids[1], relation="mother", confirmed_at=house.now))
        session.commit()
    return house


def say(house: House, name: str, *lines: str) -> list[tuple[str, Spoken]]:
    """Write lines, or tap what stands in brackets; what the last one led to."""
    seen: list[tuple[str, Spoken]] = []
    for line in lines:
        seen = house.tap(name, line[1:-1]) if line[0] == "[" else house.hear(name, line)
    return seen


def to(name: str, seen: list[tuple[str, Spoken]]) -> Spoken:
    """The first message that somebody got."""
    return next(message for whom, message in seen if whom == name)


def labels(message: Spoken) -> list[str]:
    return [button.label for button in buttons(message) if not button.quiet]


def meeting(title: str) -> tuple[str, ...]:
    """The way of staff to the next meeting of a listing."""
    return "/listings", title, "[🗓 Susreti: pomeri, otkaži, ljudi]", "1"


def state_of(house: House, name: str) -> str:
    """How the newest booking of somebody stands."""
    wanted = select(Booking.state).where(Booking.person_id == house.person_id(name)).order_by(Booking.id.desc())
    with Session(house.database) as session:
        return session.scalars(wanted.limit(1)).one()


def test_a_new_time_can_be_answered_at_once_and_staff_are_told_how_many_hear_of_it(house: House) -> None:
    say(house, "dete", "matematika", "1", "1", "da", "moje prijave", "1")
    assert labels(to("mama", say(house, "mama", "моите записвания", "1")))[0] == "Не можем да дойдем"
    sure = say(house, "ana", *meeting("Matematika: pomoć u učenju"), "[🔁 Pomeri]", "4.3. 17:00")
    assert "dobijaju 2 osobe" in to("ana", sure).text, "the child and the mother"
    moved = say(house, "ana", "[Da]")
    assert "dobijaju 2 osobe" in to("ana", moved).text
    assert labels(to("dete", moved)) == ["Ne mogu da dođem"]
    assert labels(to("mama", moved)) == ["Не можем да дойдем"]
    say(house, "mama", "[Не можем да дойдем]")
    assert state_of(house, "dete") == "cancelled"
    assert "Nema nijedne prijave" in to("dete", say(house, "dete", "moje prijave")).text, "also over its old card"


def test_in_a_series_the_new_time_excuses_once_and_the_place_stays(house: House) -> None:
    say(house, "mila", "/start bor-internet", "1", "да")
    unit = ("/listings", "Bezbednost na internetu", "[🗓 Susreti: pomeri, otkaži, ljudi]", "2", "[🔁 Pomeri]")
    moved = say(house, "ana", *unit, "15.3. 11:00", "[Da]")
    assert labels(to("mila", moved)) == ["Не могу да дођем"]
    assert "на следећем сусрету" in to("mila", say(house, "mila", "[Не могу да дођем]")).text
    assert state_of(house, "mila") == "booked"


def test_what_was_called_off_leads_to_the_other_dates(house: House) -> None:
    say(house, "mila", "физика", "1", "1", "да")
    off = to("mila", say(house, "ana", *meeting("Fizika: pomoć u učenju"), "[❌ Otkaži]", "1", "[Da]"))
    assert labels(off) == ["Погледај термине"]
    dates = say(house, "mila", "[Погледај термине]")
    assert labels(to("mila", dates))[0].startswith("среда, 11. март")


def test_the_only_meeting_called_off_offers_nothing_that_is_not_there(house: House) -> None:
    say(house, "mila", "мени", "упознај електричара", "1", "1", "да")
    off = say(house, "ana", *meeting("Upoznaj električara"), "[❌ Otkaži]", "1", "[Da]")
    assert labels(to("mila", off)) == []


def test_a_seat_is_called_off_for_reasons_that_fit_a_seat(house: House) -> None:
    say(house, "mila", "/start bor-racunari", "1", "сутра у 16:00", "да")
    plan = ("/listings", "Računari i štampanje", "[🖥 Mesta: plan dana]", "2", "[16:00 · 1 od 4]", "[❌ Otkaži]")
    why = to("ana", say(house, "ana", *plan))
    assert labels(why) == ["Zgrada je zatvorena", "Nešto tamo ne radi"]
    off = to("mila", say(house, "ana", "[Nešto tamo ne radi]", "[Da]"))
    assert "Нешто тамо не ради" in off.text
    assert "Рачунари" in to("mila", say(house, "mila", "[Погледај термине]")).text


def test_child_care_is_seen_and_can_be_changed_after_booking(house: House) -> None:
    booked = say(house, "mama", "/start bor-roditelji", "1", "1", "да")
    assert "🧸 Гледане на деца: отбелязано" in to("mama", booked).text
    say(house, "mama", "моите записвания", "1")
    changed = say(house, "mama", "[🧸 Не е нужно гледане на деца]")
    assert "🧸 Гледане на деца: отбелязано" not in to("mama", changed).text
    assert not any(cared(house))
    say(house, "mama", "[🧸 Нужно е гледане на деца]")
    assert any(cared(house))


def test_what_is_decided_against_is_not_offered_to_be_refused_again(house: House) -> None:
    house.person("asb", "sr-Latn", organisation="asb", town="novi-pazar")
    house.person("tina", "en", band="18+", town="novi-pazar")
    say(house, "tina", "welding", "1", "[❔ Can I take part?]")
    say(house, "asb", "/who_may", "[✋ Ovde ne]")
    seen = say(house, "tina", "menu", "welding", "1")
    assert "There is no place in this one for you" in seen[0][1].text
    assert not any(label.startswith("✍️") for label in labels(seen[0][1]))


def test_where_people_just_come_the_card_says_which_date_is_called_off(house: House) -> None:
    house.person("lea", "en", band="18+", town="pirot")
    house.person("eva", "en", organisation="asb", town="pirot")
    way = ("/listings", "Inclusive workshop: making things together", "[🗓 Meetings: move, cancel, people]", "1")
    say(house, "eva", *way, "[❌ Cancel it]", "1", "[Yes]")
    card = say(house, "lea", "making things together", "1")[0][1].text
    assert "❌ Sunday 8 March, 11:00: this time not" in card
    assert "🗓 Sunday 15 March, 11:00" in card
