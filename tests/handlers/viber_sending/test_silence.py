"""What a press sends stays out of the chat, wherever the person's client can do that."""

from __future__ import annotations

import pytest

from conversations.speech import Spoken, SpokenButton, SpokenCard
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Person
from tests.handlers.viber_kit import Wired, viber_at
from tests.handlers.viber_sending.kit import Clock, buttons, people

PAGE = "https://example.org/a"
ASK = Spoken("Which?", buttons=(*buttons("A"), SpokenButton("Page", url=PAGE)))


async def pressed(person: Person, label: str) -> None:
    await person.fake.taken(person.presses(label))


async def with_client(fake: FakeViber, version: int) -> Person:
    person = fake.person(f"client{version}")
    person.api_version = version
    await fake.taken(person.writes("hello"))
    return person


async def test_a_press_puts_no_payload_into_the_chat(channel: ViberChannel, wired: Wired, ana: Person) -> None:
    await channel.send(ana.id, ASK)
    await pressed(ana, "A")
    await pressed(ana, "Page")
    assert ana.said == [], "nothing that the person never wrote stands in the chat as theirs"
    assert [arrival.heard.tap for arrival in wired.house.heard[1:]] == ["7.0"]
    await channel.send(ana.id, Spoken("Two:", cards=(SpokenCard("One", buttons("B")), SpokenCard("Two", buttons("C")))))
    await pressed(ana, "C")
    assert ana.said == []


async def test_a_welcome_is_as_quiet(fake: FakeViber) -> None:
    async with viber_at(fake, welcome=ASK):
        ana, old = fake.person("ana"), fake.person("stara")
        old.api_version = 5
        for person in (ana, old):
            await fake.taken(person.opens())
        assert [person.last.message["min_api_version"] for person in (ana, old)] == [6, 1]
        await pressed(ana, "A")
        assert ana.said == []


@pytest.mark.parametrize("version", [1, 5])
async def test_an_old_client_gets_its_buttons_all_the_same(
    channel: ViberChannel, wired: Wired, fake: FakeViber, version: int
) -> None:
    old = await with_client(fake, version)
    await channel.send(old.id, ASK)
    assert (old.labels, old.last.message["min_api_version"]) == (["A", "Page"], 1)
    await pressed(old, "Page")
    await pressed(old, "A")
    assert old.said == [PAGE, "putokaz:7.0"], "that client cannot hide it"
    assert [(heard.heard.text, heard.heard.tap) for heard in wired.house.heard[1:]] == [("", "7.0")]


async def test_an_address_that_somebody_really_sends_is_heard(channel: ViberChannel, wired: Wired, ana: Person) -> None:
    await channel.send(ana.id, ASK)
    await ana.fake.taken(ana.writes("https://example.org/other"))
    assert wired.house.heard[-1].heard.text == "https://example.org/other"


async def test_who_has_gone_back_to_an_old_phone_is_written_to_in_the_plain_form(
    channel: ViberChannel, ana: Person
) -> None:
    ana.api_version = 4
    await channel.send(ana.id, ASK)
    assert (ana.labels, ana.last.message["min_api_version"]) == (["A", "Page"], 1)
    ask = Spoken("Your number?", buttons=(SpokenButton("Share", asks="phone"), *buttons("A")))
    await channel.send(ana.id, ask)
    assert ana.last.message["min_api_version"] == 3, "what that phone can do it is asked for"
    ana.api_version = 2
    await channel.send(ana.id, ask)
    assert ("Share" in ana.labels, ana.last.message["min_api_version"]) == (False, 1)


async def test_a_broadcast_asks_for_what_all_of_them_have(channel: ViberChannel, fake: FakeViber, clock: Clock) -> None:
    everybody = [await with_client(fake, version) for version in (10, 8)]
    await channel.send_many([one.id for one in everybody], ASK)
    assert {one.last.message["min_api_version"] for one in everybody} == {6}
    unknown = await people(fake, 1)
    await channel.send_many([one.id for one in (*everybody, *unknown)], ASK)
    assert {one.last.message["min_api_version"] for one in (*everybody, *unknown)} == {1}
