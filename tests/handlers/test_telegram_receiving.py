"""Receiving over real HTTP from the fake: nothing is confirmed before it is safe, by polling and by webhook."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from conversations.speech import Spoken, SpokenButton
from handlers.channel import Arrival, Request, SendFailed
from handlers.polling import Poller
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.receiving import Webhook
from tests.fakes.telegram import FakeTelegram, Fault, odd_bodies
from tests.handlers.telegram_kit import SECRET, House, channel_at


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        yield server


def confirmed(fake: FakeTelegram) -> bool:
    return fake.updates.pending == []


async def until(fake: FakeTelegram, condition: Any) -> None:
    """Waits for something to become true on the platform's side."""
    async with asyncio.timeout(8):
        while not condition():
            seen = fake.memory.changes
            if not condition():
                await fake.memory.changed(0.2, seen)


# ---------------------------------------------------------------- polling


async def test_words_taps_and_links_arrive_in_order_and_taps_are_answered(fake: FakeTelegram) -> None:
    ana = fake.person(5)
    async with channel_at(fake, receive=True) as (channel, house, _):
        ana.start("code")
        ana.write("здраво")
        await house.wait(2)
        await channel.send("5", Spoken("A?", buttons=(SpokenButton("Yes", "y:1"),)))
        ana.tap("Yes")
        await house.wait(3)
        await until(fake, lambda: not fake.unanswered)
        assert channel.username == "demo_bot"
        assert channel.state == "receiving"
    opened, words, tap = house.arrivals
    assert (opened.event, opened.link) == ("opened", "code")
    assert words.heard.text == "здраво"
    assert (tap.heard.tap, tap.shown_id) == ("y:1", str(ana.last.message_id))
    assert confirmed(fake)
    assert channel.state == "stopped"


async def test_an_update_is_not_confirmed_before_it_is_safe(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    async with channel_at(fake, receive=True) as (_, house, _):
        house.hold = lambda _: gate
        fake.person(5).write("a")
        await until(fake, lambda: house.tries == 1)
        fake.person(5).write("b")
        assert len(fake.updates.pending) == 2
        gate.set()
        await house.wait(2)
    assert house.texts == ["a", "b"]
    assert confirmed(fake)


async def test_what_the_house_could_not_take_comes_again_and_the_rest_only_once(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    burning = True

    async def receive(arrival: Arrival) -> None:
        if burning and arrival.heard.text == "a2":
            reason = "SECRET WORDS"
            raise RuntimeError(reason)
        await house.receive(arrival)

    house = House()
    fake.updates.shuffle_next(4)
    for person, text in ((5, "a1"), (5, "a2"), (5, "a3"), (6, "b1")):
        fake.person(person).write(text)
    async with channel_at(fake) as (channel, _, _):
        await channel.start(receive)
        await house.wait(2)
        assert sorted(house.texts) == ["a1", "b1"]
        burning = False
        await house.wait(4)
    assert house.texts[2:] == ["a2", "a3"]
    assert len(house.texts) == 4
    assert confirmed(fake)
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text


async def test_one_slow_chat_does_not_hold_up_the_others(fake: FakeTelegram) -> None:
    gate = asyncio.Event()
    fake.person(5).write("slow")
    for number in range(6, 26):
        fake.person(number).write("fast")
    async with channel_at(fake) as (channel, house, _):
        house.hold = lambda arrival: gate if arrival.heard.text == "slow" else None
        await channel.start(house.receive)
        await house.wait(20)
        assert "slow" not in house.texts
        gate.set()
        await house.wait(21)


async def test_updates_of_one_person_are_put_back_in_order(fake: FakeTelegram) -> None:
    fake.shuffle_next(5)
    for number in range(5):
        fake.person(5).write(str(number))
    async with channel_at(fake, receive=True) as (_, house, _):
        await house.wait(5)
    assert house.texts == ["0", "1", "2", "3", "4"]


class ScriptedLine:
    """A line that answers getUpdates from a list, and then stops the poller."""

    def __init__(self, *batches: list[Any]) -> None:
        self.batches = list(batches)
        self.offsets: list[int] = []
        self.poller: Poller | None = None

    async def updates(self, offset: int, wait: int) -> list[Any]:
        self.offsets.append(offset)
        if len(self.batches) == 1:
            assert self.poller is not None
            self.poller._stopping.set()
        return self.batches.pop(0)

    async def confirm(self, offset: int) -> None:
        self.offsets.append(-offset)

    async def delete_webhook(self) -> None:
        return


async def test_ids_that_start_anew_at_random_after_a_quiet_week_are_received() -> None:
    taken: list[int] = []

    async def handle(update: dict[str, Any]) -> None:
        taken.append(update["update_id"])

    line = ScriptedLine([{"update_id": 100}], [], [{"update_id": 7}, {"update_id": 6}, "nonsense"])
    line.poller = Poller(line, handle)
    await line.poller.run()
    assert taken == [100, 6, 7]
    assert line.offsets == [0, 101, 0, -8]


@pytest.mark.parametrize(
    "fault",
    [Fault.error(502), Fault.html(), Fault.cut_before(), Fault.cut_after(), Fault.empty(), Fault.truncated_json()],
)
async def test_a_bad_line_is_survived(fake: FakeTelegram, fault: Fault) -> None:
    fake.fail("getUpdates", fault)
    fake.fail("deleteWebhook", Fault.error(500))
    fake.person(5).write("a")
    async with channel_at(fake, receive=True) as (_, house, _):
        await house.wait(1)
    assert house.texts == ["a"]


async def test_a_forgotten_webhook_is_taken_away_before_polling(fake: FakeTelegram) -> None:
    fake.updates.webhook = {"url": "https://old.example/hook"}
    fake.updates.deliver_to = "http://127.0.0.1:1"
    fake.updates.scale = 0.0001
    fake.person(5).write("a")
    async with channel_at(fake, receive=True) as (_, house, _):
        await house.wait(1)


async def test_a_second_poller_is_told_and_polling_goes_on(fake: FakeTelegram) -> None:
    states: list[str] = []

    async def receive(arrival: Arrival) -> None:
        states.append(channel.state)
        await house.receive(arrival)

    house = House()
    fake.fail("getUpdates", Fault.error(409, "Conflict: terminated by other getUpdates request"))
    async with channel_at(fake) as (channel, _, _):
        await channel.start(receive)
        await until(fake, lambda: channel.state == "conflict")
        fake.person(5).write("a")
        await house.wait(1)
    assert states == ["receiving"]


async def test_a_wrong_token_stops_the_start_and_is_not_told(fake: FakeTelegram) -> None:
    async with channel_at(fake, token="1:SECRET-token") as (channel, house, _):
        with pytest.raises(SendFailed) as caught:
            await channel.start(house.receive)
        assert caught.value.kind == "stopped"
        assert channel.state == "unauthorised"
        assert "SECRET" not in f"{caught.value!r}{channel!r}"
    with pytest.raises(ValueError, match="does not look like one") as wrong:
        TelegramChannel("SECRET", spawn=lambda _, c: c.close(), now=lambda: None)  # type: ignore[arg-type, return-value]
    assert "SECRET" not in f"{wrong.value!r}{wrong.value.__context__!r}"


async def test_every_update_of_the_schema_passes_and_the_chat_goes_on(fake: FakeTelegram) -> None:
    fake.updates.allow(None)
    bodies = list(odd_bodies())
    async with channel_at(fake, receive=True) as (channel, house, _):
        wrong: list[dict[str, Any]] = [{}, {"message": None}, {"message": []}, {"new_kind": {"id": 1}}]
        for body in (*bodies, *wrong, {"message": {"chat": {"id": "x"}}}):
            fake.send_raw(**body)
        fake.person(77).write("still here?")
        async with asyncio.timeout(8):
            while "still here?" not in house.texts:
                await house.wait(len(house.arrivals) + 1)
    assert channel.state == "stopped"
    assert confirmed(fake)


async def test_a_group_is_left_and_nothing_said_there_arrives(fake: FakeTelegram) -> None:
    ana, group = fake.person(5), fake.group()
    async with channel_at(fake, receive=True) as (channel, house, _):
        group.add_bot(ana)
        group.write(ana, "hello all")
        await until(fake, lambda: not group.has_bot)
        ana.write("hello bot")
        await house.wait(1)
        assert channel.ignored == 2
    assert house.texts == ["hello bot"]


async def test_blocking_and_coming_back_arrive(fake: FakeTelegram) -> None:
    ana = fake.person(5)
    async with channel_at(fake, receive=True) as (_, house, _):
        ana.block()
        ana.start()
        await house.wait(3)
    assert [arrival.event for arrival in house.arrivals] == ["left", "returned", "opened"]


async def test_a_voice_note_can_be_fetched(fake: FakeTelegram) -> None:
    async with channel_at(fake, receive=True) as (channel, house, _):
        fake.person(5).send_voice(b"OggS" * 50_000)
        (arrival,) = await house.wait(1)
        assert arrival.fetch is not None
        assert await arrival.fetch() == b"OggS" * 50_000
        assert arrival.heard.attachment is not None
        assert arrival.heard.attachment.size == 200_000
        fake.fail("file", Fault.error(500))
        with pytest.raises(SendFailed) as caught:
            await arrival.fetch()
        told = f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"
        assert (caught.value.kind, fake.token in told) == ("retry", False)
        with pytest.raises(SendFailed) as unknown:
            await channel.fetch("no-such-file")
        assert unknown.value.kind == "refused"


async def test_the_same_update_again_is_handed_over_again_for_the_house_to_know(fake: FakeTelegram) -> None:
    async with channel_at(fake, receive=True) as (_, house, _):
        update = fake.person(5).write("a")
        await house.wait(1)
        fake.redeliver(update, 2)
        await house.wait(3)
    assert [arrival.message_id for arrival in house.arrivals] == [f"u{update}"] * 3


async def test_stopping_does_not_wait_for_the_long_poll(fake: FakeTelegram) -> None:
    async with asyncio.timeout(4):
        async with channel_at(fake, receive=True) as (_, house, _):
            fake.person(5).write("a")
            await house.wait(1)


async def test_a_poller_stopped_before_it_ran_does_not_hang() -> None:
    await Poller(None, lambda _: asyncio.sleep(0)).stop()  # type: ignore[arg-type]  # the line is never used


# ---------------------------------------------------------------- webhook


async def serve(channel: TelegramChannel) -> web.AppRunner:
    """The channel's routes on a real server, as bot/ serves them."""

    async def answer(request: web.Request) -> web.Response:
        (route,) = channel.routes()
        assert (route.method, route.path) == (request.method, request.path)
        got = await route.answer(Request(request.method, request.path, request.headers, await request.read()))
        return web.Response(status=got.status, body=got.body)

    app = web.Application(client_max_size=2**24)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
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


# ---------------------------------------------------------------- cost and secrets


def test_importing_the_channel_does_not_import_aiogram() -> None:
    heavy = ("aiogram", "pydantic", "aiohttp")
    code = f"import sys, handlers.telegram.channel; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_the_token_appears_in_no_log(fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for fault in (Fault.html(), Fault.cut_before(), Fault.error(500), Fault.too_many(1)):
        fake.fail("getUpdates", fault)
    fake.fail("answerCallbackQuery", Fault.cut_before())
    fake.fail("leaveChat", Fault.html(502))
    ana = fake.person(5)
    ana.started = True
    async with channel_at(fake, receive=True) as (channel, house, _):
        await channel.send("5", Spoken("A?", buttons=(SpokenButton("MARKER", "m"),)))
        ana.tap("MARKER")
        ana.write("MARKER")
        fake.group().add_bot(ana)
        await house.wait(2)
        await until(fake, lambda: fake.faults.left() == 0)
    assert "telegram" in caplog.text
    assert fake.token.split(":")[1] not in caplog.text
    assert "MARKER" not in caplog.text
