"""Start and stop: the name is learned, the webhook set, and what is wrong told at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from conversations.speech import Spoken
from handlers.channel import SendFailed
from handlers.viber.channel import ViberChannel, pause
from tests.fakes.viber import FakeViber, Fault, status
from tests.handlers.telegram_kit import Background
from tests.handlers.viber_kit import PUBLIC, Wired, until, viber_at


async def test_start_learns_the_name_and_sets_the_webhook(wired: Wired, fake: FakeViber) -> None:
    assert (wired.channel.uri, wired.channel.state) == ("demosignpost", "receiving")
    assert fake.callbacks.url == f"{PUBLIC}/viber/webhook"
    assert sorted(fake.callbacks.event_types or ()) == [
        "conversation_started", "delivered", "failed", "seen", "subscribed", "unsubscribed",
    ]  # fmt: skip
    assert (await wired.channel.account())["webhook"] == fake.callbacks.url


async def test_stop_leaves_the_webhook_and_what_comes_then_comes_again(fake: FakeViber) -> None:
    async with viber_at(fake) as wired:
        await wired.channel.stop()
        assert wired.channel.state == "stopped"
        assert fake.callbacks.url
        written = await fake.tried(fake.person("ana").writes("too late"))
        assert written.answers[0] == 503
        assert wired.house.arrivals == []
        assert (await failure_of(wired.channel)).kind == "retry"


async def failure_of(channel: ViberChannel) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await channel.send("AAAA", Spoken("x"))
    return failed.value


async def test_it_waits_until_viber_can_reach_it(fake: FakeViber) -> None:
    async with viber_at(fake, receive=False) as wired:
        fake.callbacks.deliver_to = "http://127.0.0.1:1"
        await wired.channel.start(wired.house.take)
        assert wired.channel.state == "webhook"
        fake.callbacks.deliver_to = wired.url
        await until(lambda: wired.channel.state == "receiving")
        await fake.taken(fake.person("ana").writes("now"))
        assert [a.heard.text for a in wired.house.heard] == ["now"]


async def test_it_waits_until_viber_is_reached(fake: FakeViber) -> None:
    async with viber_at(fake, receive=False) as wired:
        fake.fail("get_account_info", Fault(status=503, body=""), times=2)
        await wired.channel.start(wired.house.take)
        assert wired.channel.state == "unreachable"
        await until(lambda: wired.channel.state == "receiving")
        assert wired.channel.uri == "demosignpost"


@pytest.mark.parametrize("code", [2, 7, 8, 9, 15])
async def test_an_account_that_is_no_good_is_told_at_start(fake: FakeViber, code: int) -> None:
    async with viber_at(fake, receive=False) as wired:
        fake.fail("set_webhook", status(code))
        with pytest.raises(SendFailed) as failed:
            await wired.channel.start(wired.house.take)
        assert (failed.value.kind, wired.channel.state) == ("stopped", "unauthorised")


async def test_a_wrong_token_is_told_at_start_without_naming_it(fake: FakeViber) -> None:
    async with viber_at(fake, receive=False, token="not-the-token") as wired:
        with pytest.raises(SendFailed) as failed:
            await wired.channel.start(wired.house.take)
        assert "not-the-token" not in str(failed.value)


async def test_a_stop_ends_the_waiting(fake: FakeViber) -> None:
    async with viber_at(fake, receive=False) as wired:
        fake.fail("get_account_info", Fault.html(502), times=10_000)
        await wired.channel.start(wired.house.take)
        await wired.channel.stop()
        await wired.background.end()
    fake.faults.queues.clear()


@pytest.mark.parametrize(
    ("token", "url", "name"),
    [("", PUBLIC, "A"), ("tökén", PUBLIC, "A"), ("a b", PUBLIC, "A"), ("t", "", "A"), ("t", "http://x.org", "A"),
     ("t", PUBLIC, ""), ("t", PUBLIC, "A" * 29)],
)  # fmt: skip
def test_what_cannot_work_is_told_when_it_is_built(token: str, url: str, name: str) -> None:
    with pytest.raises(ValueError, match="Viber") as told:
        ViberChannel(token, spawn=Background().spawn, now=lambda: datetime.now(UTC), public_url=url, sender_name=name)
    assert token == "" or len(token) < 3 or token not in str(told.value)


def test_the_pauses_grow_to_a_minute() -> None:
    assert [pause(n) for n in (1, 2, 3, 7, 50)] == [1.0, 2.0, 4.0, 60.0, 60.0]
