"""Receiving by webhook: refused without the secret, poison is counted, and what failed comes again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from bot.web.runner import Runner
from conversations.speech import Spoken, SpokenButton
from handlers.channel import Request, SendFailed
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.receiving import Webhook
from tests.fakes.telegram import FakeTelegram, Fault
from tests.handlers.telegram_kit import SECRET, channel_at
from tests.handlers.telegram_receiving.kit import until


async def serve(channel: TelegramChannel) -> Runner:
    """The channel's routes on a real server, as bot/ serves them."""

    async def answer(request: web.Request) -> web.Response:
        (route,) = channel.routes()
        assert (route.method, route.path) == (request.method, request.path)
        got = await route.answer(Request(request.method, request.path, request.headers, await request.read()))
        return web.Response(status=got.status, body=got.body)

    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = Runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


async def test_updates_come_by_webhook_and_what_failed_comes_again(fake: FakeTelegram) -> None:
    ana = fake.person(5)
    fake.plain_webhooks = False
    async with channel_at(fake, public_url="https://putokaz.example/") as (channel, house, _):
        runner = await serve(channel)
        fake.updates.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}"
        house.fail_next = 2
        await channel.start(house.receive)
        ana.start()
        await house.wait(1)
        assert house.tries == 3
        await channel.send("5", Spoken("A?", buttons=(SpokenButton("Yes", "y"),)))
        ana.tap("Yes")
        await house.wait(2)
        await until(fake, lambda: not fake.unanswered)
        hook = fake.updates.webhook
        assert hook is not None
        assert (hook["url"], hook["secret_token"]) == ("https://putokaz.example/telegram/webhook", SECRET)
        await runner.cleanup()
    assert [arrival.event for arrival in house.arrivals] == ["opened", "heard"]


def post(body: bytes, secret: str | None = SECRET) -> Request:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    return Request("POST", "/telegram/webhook", headers, body)


UPDATE = json.dumps({"update_id": 1, "message": {}}).encode()


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "ш" * 20, "\ud83d"])
async def test_a_post_without_the_secret_is_refused_unread(secret: str | None) -> None:
    taken: list[Any] = []

    async def handle(update: dict[str, Any]) -> None:
        taken.append(update)

    hook = Webhook(SECRET, handle)
    assert (await hook.answer(post(b"[" * 10_000_000, secret))).status == 401
    assert (await hook.answer(post(UPDATE, secret))).status == 401
    assert (taken, hook.forged) == ([], 2)
    assert (await hook.answer(post(UPDATE))).status == 200
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"{", 200),
        (b"\xff\xfe\x00", 200),
        (b"[" * 200_000, 200),
        (b'{"a":' * 100_000, 200),
        (b"[]", 200),
        (b"NaN", 200),
        (b'{"update_id": NaN}', 200),
        (b'{"update_id": true}', 200),
        (b'{"update_id": 1' + b"0" * 5000 + b"}", 200),
        (b'{"update_id": -1}', 200),
        (b" " * (1024 * 1024 + 1), 413),
    ],
)
async def test_poison_is_answered_and_counted(body: bytes, status: int) -> None:
    async def handle(update: dict[str, Any]) -> None:
        raise AssertionError

    hook = Webhook(SECRET, handle)
    assert (await hook.answer(post(body))).status == status
    assert hook.unreadable == 1


async def test_strange_values_in_a_post_do_no_harm(fake: FakeTelegram) -> None:
    async with channel_at(fake, public_url="https://putokaz.example") as (channel, house, _):
        await channel.start(house.receive)
        (route,) = channel.routes()
        head = '"message_id": 1, "date": NaN, "from": {"id": 5, "is_bot": false}, "chat": {"id": 5, "type": "private"}'
        body = '{"update_id": 1, "message": {' + head + r', "text": "a\ud83d\u0000b"}}'
        assert (await route.answer(post(body.encode()))).status == 200
    assert house.texts == ["a\ufffdb"]


async def test_a_webhook_without_a_proper_secret_is_not_served(fake: FakeTelegram) -> None:
    for secret in ("", "short", "with spaces in it, and long"):
        with pytest.raises(ValueError, match="secret of 16") as caught:
            TelegramChannel(
                fake.token,
                spawn=lambda _, coroutine: coroutine.close(),
                now=lambda: None,  # type: ignore[arg-type, return-value]  # never asked
                public_url="https://putokaz.example",
                secret=secret,
            )
        assert not secret or secret not in str(caught.value)


async def test_a_webhook_is_set_once_the_network_is_back(fake: FakeTelegram) -> None:
    fake.fail("getMe", Fault.cut_before())
    fake.fail("setWebhook", Fault.html(502))
    async with channel_at(fake, public_url="https://putokaz.example") as (channel, house, background):
        await channel.start(house.receive)
        assert channel.state == "unreachable"
        await background.end()
        assert (channel.state, channel.username) == ("receiving", "demo_bot")


async def test_where_telegram_takes_no_webhook_it_can_be_polled(fake: FakeTelegram) -> None:
    fake.plain_webhooks = False
    async with channel_at(fake, public_url="http://localhost:8080") as (channel, house, _):
        with pytest.raises(SendFailed, match="HTTPS URL must be provided") as caught:
            await channel.start(house.receive)
        assert caught.value.kind == "refused"
        channel.poll()
        fake.person(5).start()
        await house.wait(1)
        assert (channel.state, channel.routes()) == ("receiving", ())


async def test_a_webhook_that_is_taken_and_not_kept_counts_as_refused(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with channel_at(fake, public_url="https://putokaz.example") as (channel, house, _):
        fake.fail("getWebhookInfo", Fault.error(400, "Bad Request: method is not supported"))
        await channel.start(house.receive)
        assert channel.state == "receiving", "believed where the platform does not say"

        async def forgets(_url: str, _secret: str) -> None:
            fake.updates.webhook = None

        monkeypatch.setattr(channel._line, "set_webhook", forgets)
        with pytest.raises(SendFailed, match="not kept") as caught:
            await channel.start(house.receive)
        assert caught.value.kind == "refused"
