"""Callbacks over real HTTP: a 200 only after the house has taken them."""

from __future__ import annotations

import json

import aiohttp

from conversations.speech import Spoken, SpokenButton
from tests.fakes.viber import FakeViber
from tests.handlers.viber_kit import PUBLIC, InlineHouse, Wired, until, viber_at


async def test_words_taps_and_comings_and_goings_arrive(wired: Wired, fake: FakeViber) -> None:
    ana = fake.person("ana")
    await fake.taken(ana.opens("BOR-1"))
    await fake.taken(ana.writes("здраво"))
    await wired.channel.send(ana.id, Spoken("A?", buttons=(SpokenButton("Yes", "y:1"),)))
    await fake.taken(ana.presses("Yes"))
    await fake.taken(ana.unsubscribes())
    await fake.taken(ana.subscribes())
    await until(lambda: bool(wired.house.events("delivered")))
    told = [a for a in wired.house.arrivals if a.event != "delivered"]
    assert [(a.event, a.link, a.heard.text, a.heard.tap) for a in told] == [
        ("opened", "BOR-1", "", ""), ("heard", "", "здраво", ""), ("heard", "", "", "y:1"),
        ("left", "", "", ""), ("returned", "", "", ""),
    ]  # fmt: skip
    assert {a.sender.external_id for a in wired.house.arrivals} == {ana.id}
    assert len({a.message_id for a in wired.house.arrivals}) == len(wired.house.arrivals)


async def test_receipts_name_the_message_that_they_are_about(wired: Wired, fake: FakeViber) -> None:
    ana = fake.person("ana")
    await fake.taken(ana.writes("x"))
    sent = await wired.channel.send(ana.id, Spoken("one"))
    ana.sees()
    await until(lambda: bool(wired.house.events("seen")))
    receipts = [(a.event, a.shown_id) for a in wired.house.events("delivered", "seen")]
    assert receipts[0][1] != sent.shown_id  # that of the message that Ana wrote
    assert receipts[1:] == [("delivered", sent.shown_id), ("seen", sent.shown_id)]
    ana.fails_with = "the phone could not show it"
    lost = await wired.channel.send(ana.id, Spoken("two"))
    await until(lambda: bool(wired.house.events("failed")))
    failed = wired.house.events("failed")[0]
    assert (failed.shown_id, failed.reason) == (lost.shown_id, "the phone could not show it")


async def test_a_link_button_opens_its_page_and_says_nothing(wired: Wired, fake: FakeViber) -> None:
    ana = fake.person("ana")
    await fake.taken(ana.writes("x"))
    await wired.channel.send(ana.id, Spoken("A", buttons=(SpokenButton("Page", url="https://example.org/a"),)))
    ignored = wired.channel.ignored
    await fake.taken(ana.presses("Page"))
    assert len(wired.house.heard) == 1
    assert wired.channel.ignored == ignored + 1


async def test_unknown_and_broken_callbacks_are_answered_and_counted(wired: Wired, fake: FakeViber) -> None:
    unknown = [b'{"event": "something new", "timestamp": 1}', b'{"event": "message"}', b"{}"]
    for body in unknown:
        assert (await fake.tried(fake.send_raw(body))).answers == [200]
    assert wired.channel.ignored == len(unknown)
    assert wired.house.arrivals == []


async def test_the_same_callback_again_has_the_same_name(wired: Wired, fake: FakeViber) -> None:
    written = await fake.taken(fake.person("ana").writes("once"))
    await fake.taken(fake.redeliver(written))
    assert len(wired.house.heard) == 2
    assert len({a.message_id for a in wired.house.heard}) == 1
    assert wired.house.heard[0].message_id.startswith(f"{written.token}.")
    assert str(written.token) not in {a.message_id for a in wired.house.events("delivered")}


async def test_what_was_not_taken_comes_again_until_it_is(wired: Wired, fake: FakeViber) -> None:
    wired.house.fail_next = 3
    written = await fake.taken(fake.person("ana").writes("do not lose me"))
    assert written.answers[0] == 503  # as for the next two callbacks, one of which is a receipt
    assert written.answers[-1] == 200
    assert [a.heard.text for a in wired.house.heard] == ["do not lose me"]


async def test_a_callback_without_a_house_is_to_come_again(fake: FakeViber) -> None:
    async with viber_at(fake, receive=False) as wired, aiohttp.ClientSession() as session:
        fake.callbacks.url = f"{PUBLIC}/viber/webhook"
        body = json.dumps(fake.event("message", sender=fake.person("a").user, message={"type": "text", "text": "x"}))
        headers = {"X-Viber-Content-Signature": fake.callbacks.sign(body.encode())}
        async with session.post(f"{wired.url}/viber/webhook", data=body, headers=headers) as answer:
            assert answer.status == 503
        assert isinstance(wired.house, InlineHouse)
        assert wired.house.arrivals == []
