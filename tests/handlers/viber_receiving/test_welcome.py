"""The welcome stands in the answer to the callback, whatever it is."""

from __future__ import annotations

import pytest

from conversations.speech import Document, Spoken, SpokenButton, SpokenVenue
from tests.fakes.viber import FakeViber
from tests.handlers.viber_kit import Wired, viber_at

HELLO = Spoken("Здраво! 1 < 2", "sr", (SpokenButton("Pretraga", "7.find"), SpokenButton("Jezik", "w.lang", quiet=True)))


async def test_the_welcome_stands_in_the_answer(fake: FakeViber) -> None:
    async with viber_at(fake, welcome=HELLO):
        ana = fake.person("ana")
        await fake.taken(ana.opens("BOR-1"))
        assert (ana.last.text, ana.last.welcome, ana.labels) == ("Здраво! 1 < 2", True, ["Pretraga", "Jezik"])
        assert fake.methods.welcomes[0]["sender"] == {"name": "DEMO Signpost"}
        assert "receiver" not in fake.methods.welcomes[0]
        assert fake.methods.bad_welcomes == []
        assert fake.calls("send_message", ok=False) == []
        await fake.taken(ana.presses("Pretraga"))


async def test_a_welcome_that_comes_again_is_the_same(fake: FakeViber) -> None:
    async with viber_at(fake, welcome=HELLO) as wired:
        opened = await fake.taken(fake.person("ana").opens())
        first = await fake.callbacks.post(opened.body)
        assert first == await fake.callbacks.post(opened.body)
        assert len({a.message_id for a in wired.house.arrivals}) == 1


async def test_without_anything_to_say_the_answer_is_empty(wired: Wired, fake: FakeViber) -> None:
    opened = await fake.taken(fake.person("ana").opens())
    assert await fake.callbacks.post(opened.body) == (200, b"")
    assert fake.person("ana").shown == []


@pytest.mark.parametrize(
    "welcome",
    [
        Spoken("x" * 9000, "en", HELLO.buttons),
        Spoken("", "en", HELLO.buttons),
        Spoken("All", "en", HELLO.buttons, venue=SpokenVenue("Home", "Bor", 44.0, 22.0),
               document=Document("a.ics", "text/calendar", b"B")),
        Spoken("Many", "en", tuple(SpokenButton(f"A long label, number {n} of them all", f"7.{n}") for n in range(20))),
    ],
)  # fmt: skip
async def test_whatever_the_welcome_is_it_becomes_one_message(fake: FakeViber, welcome: Spoken) -> None:
    async with viber_at(fake, welcome=welcome):
        await fake.taken(fake.person("ana").opens())
        (shown,) = fake.person("ana").shown
        assert fake.methods.bad_welcomes == []
        if welcome.venue:
            assert shown.text == "All\n\nHome\nBor\n\n📎 a.ics"


async def test_a_welcome_that_cannot_be_shown_does_not_lose_the_arrival(fake: FakeViber) -> None:
    async with viber_at(fake, welcome=Spoken(" ")) as wired:
        opened = await fake.taken(fake.person("ana").opens())
        assert opened.answers == [200]
        assert len(wired.house.arrivals) == 1
