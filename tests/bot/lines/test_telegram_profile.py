"""What Telegram shows of the bot: set once in every language, by role, and never again while it is right."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.language.tongue import tongue
from bot.lines.telegram_profile import NAME, Profile, Reader, commands, staff_on_telegram
from models.who.people import Address, Person
from models.who.staff import StaffRole
from tests.fakes.telegram import FakeTelegram, Fault
from tests.handlers.telegram_kit import channel_at
from tests.house import House

STAFF, ADMIN = frozenset({"staff"}), frozenset({"admin"})
TEXTS = ("name", "description", "short_description")


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        for number in (1, 2, 3):
            server.person(number).started = True
        server.me["first_name"] = "DEMO Putokaz"
        yield server


@pytest.fixture
async def profile(fake: FakeTelegram) -> AsyncIterator[Profile]:
    async with channel_at(fake) as (channel, _house, _background):
        yield Profile(channel)


def changes(fake: FakeTelegram) -> list[str]:
    """The calls that changed something, and so count against the platform's limits."""
    return [call.method for call in fake.history if call.method.startswith(("set", "delete"))]


def seen(fake: FakeTelegram, field: str, language: str) -> str:
    """What somebody with that language sees: their own, else everybody's."""
    profile = fake.memory.profile
    return profile.get((field, language)) or profile[field, ""]


def menu(fake: FakeTelegram, where: str, language: str = "") -> list[str]:
    return [command["command"] for command in fake.memory.menus.get((where, language), [])]


async def test_everything_is_set_in_every_language(fake: FakeTelegram, profile: Profile) -> None:
    await profile.introduce()
    for field in TEXTS:
        said = [seen(fake, field, language) for language in ("", "sr", "bg", "en")]
        assert said[0] == said[3]
        assert len(set(said)) == 3
    assert fake.memory.profile["name", "bg"] == tongue("bg").speak(NAME)
    everybody = menu(fake, "all_private_chats", "bg")
    assert {"menu", "find", "bookings", "help", "stop", "language"} & set(everybody)
    assert not {"new", "desk", "broadcast", "poster"} & set(everybody), "what staff do is nobody else's"


async def test_what_is_right_is_not_set_again(fake: FakeTelegram, profile: Profile) -> None:
    """Telegram lets a name be changed a few times a day only: restarts must not use that up."""
    await profile.introduce()
    await profile.greet({"1": Reader("bg", STAFF)})
    before = len(changes(fake))
    assert before == 3 * 3 + 4 + 1, "English is everybody's, but for menus"
    async with channel_at(fake) as (channel, _house, _background):
        after_a_restart = Profile(channel)
        await after_a_restart.introduce()
        await after_a_restart.greet({"1": Reader("bg", STAFF)})
    assert len(changes(fake)) == before
    fake.memory.profile["description", "sr"] = "changed by hand"
    await profile.introduce()
    assert changes(fake)[before:] == ["setMyDescription"]


async def test_a_limit_on_one_thing_does_not_keep_the_others_back(fake: FakeTelegram, profile: Profile) -> None:
    fake.fail("setMyCommands", Fault.too_many(9000))
    fake.fail("setMyName", Fault.too_many(9000))
    await profile.introduce()
    assert fake.memory.profile["short_description", "bg"]
    assert ("name", "") not in fake.memory.profile
    await profile.introduce()
    assert fake.memory.profile["name", "sr"]
    assert menu(fake, "all_private_chats", "sr")


async def test_a_name_chosen_at_botfather_stays(fake: FakeTelegram, profile: Profile) -> None:
    fake.me["first_name"] = "DEMO Pomoć Bor"
    await profile.introduce()
    assert ("name", "sr") not in fake.memory.profile
    assert fake.memory.profile["description", "sr"]


async def test_the_operators_own_name_wins(fake: FakeTelegram) -> None:
    async with channel_at(fake) as (channel, _house, _background):
        await Profile(channel, "DEMO Bor").introduce()
    assert {seen(fake, "name", language) for language in ("", "sr", "bg", "en")} == {"DEMO Bor"}


async def test_a_menu_follows_role_and_language(fake: FakeTelegram, profile: Profile) -> None:
    await profile.greet({"1": Reader("sr-Cyrl", STAFF), "2": Reader("bg", ADMIN), "3": Reader("en")})
    mine = fake.memory.menus["chat:1", ""]
    assert {"new", "desk", "poster"} <= {command["command"] for command in mine}
    spoken = {command["command"]: command["description"] for command in mine}
    assert spoken["poster"] == "плакат са кодом, за штампу"
    assert ("chat:3", "") not in fake.memory.menus
    made = len(changes(fake))
    await profile.greet({"1": Reader("sr-Cyrl", STAFF), "2": Reader("bg", ADMIN), "3": Reader("en")})
    assert len(changes(fake)) == made
    await profile.greet({"1": Reader("sr-Latn", STAFF), "2": Reader("bg"), "3": Reader("en", STAFF)})
    assert {command["description"] for command in fake.memory.menus["chat:1", ""]} >= {"plakat sa kodom, za štampu"}
    assert ("chat:2", "") not in fake.memory.menus, "whoever is no longer staff has everybody's menu again"
    assert "new" in menu(fake, "chat:3")
    assert len(changes(fake)) == made + 3


async def test_a_menu_that_was_left_behind_is_taken_away_after_a_restart(fake: FakeTelegram, profile: Profile) -> None:
    await profile.greet({"1": Reader("bg", STAFF)})
    async with channel_at(fake) as (channel, _house, _background):
        await Profile(channel).greet({"1": Reader("bg")})
    assert ("chat:1", "") not in fake.memory.menus


async def test_somebody_who_blocked_is_not_asked_again_and_a_bad_line_is(fake: FakeTelegram, profile: Profile) -> None:
    await profile.greet({"99": Reader("bg", STAFF)})  # the platform does not know this chat
    tried = len(fake.calls("setMyCommands", ok=False))
    await profile.greet({"99": Reader("bg", STAFF)})
    assert len(fake.calls("setMyCommands", ok=False)) == tried
    fake.fail("setMyCommands", Fault.error(502))
    await profile.greet({"1": Reader("bg", STAFF)})
    assert not menu(fake, "chat:1")
    await profile.greet({"1": Reader("bg", STAFF)})
    assert menu(fake, "chat:1")


def test_roles_see_what_they_may_and_administrators_all_of_it() -> None:
    nobody, staff, admin = (set(commands(Reader("en", roles))) for roles in (frozenset[str](), STAFF, ADMIN))
    assert nobody < staff <= admin
    assert next(iter(commands(Reader("en", STAFF)))) not in nobody, "their own come first"


def test_staff_are_found_with_language_and_roles_and_former_ones_without(tmp_path: Path) -> None:
    house = House(tmp_path)
    for name, organisation, role in (("ana", "kokoro", "staff"), ("eva", "care", "admin"), ("iva", "asb", "staff")):
        house.person(name, "bg", organisation=organisation, role=role)
    house.person("mila", band="15-17", town="bor")
    iva = house.person_id("iva")
    with Session(house.database) as session:
        session.execute(update(Address).values(channel="telegram"))
        session.execute(update(StaffRole).where(StaffRole.person_id == iva).values(ended_at=house.now))
        session.commit()
        found = staff_on_telegram(session)
        assert session.get_one(Person, iva).tag == "bg"
    assert found == {
        "console-ana": Reader("bg", STAFF),
        "console-eva": Reader("bg", ADMIN),
        "console-iva": Reader("bg"),
    }
