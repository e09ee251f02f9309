"""The fake Bot API is as strict as the real one, and what it sends is what the real one would send."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from aiogram.types import Update
from aiohttp import web

from bot.web.runner import Runner
from tests.fakes.telegram import TOKEN, FakeTelegram, Fault, Rate, odd_bodies

Api = Any


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.person(1).started = True
        yield server


class Client:
    """A plain HTTP client of the Bot API."""

    def __init__(self, fake: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self.fake = fake
        self.session = session

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.fake.url}/bot{self.fake.token}/{method}", json=params) as answer:
            body: dict[str, Any] = json.loads(await answer.text())
            assert body["ok"] == (answer.status == 200)
            return body


@pytest.fixture
async def api(fake: FakeTelegram) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(fake, session)


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def test_a_wrong_token_and_an_unknown_method_are_refused(api: Client, fake: FakeTelegram) -> None:
    async with api.session.get(f"{fake.url}/bot1:wrong/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    assert (await api("getYou"))["error_code"] == 404
    assert (await api("GETME"))["result"]["username"] == "demo_bot"


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": "a"}, "chat_id is empty"),
        ({"chat_id": 1}, "message text is empty"),
        ({"chat_id": 1, "text": " \n "}, "message text is empty"),
        ({"chat_id": 1, "text": "я" * 4097}, "message is too long"),
        ({"chat_id": 1, "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": 1, "text": 5}, 'field "text" must be of type String'),
        ({"chat_id": 1, "text": "a", "txt": "b"}, "unknown parameter txt of sendMessage (said by the fake only)"),
        ({"chat_id": 99, "text": "a"}, "chat not found"),
        ({"chat_id": 1, "text": "<b>a", "parse_mode": "HTML"},
         'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ({"chat_id": 1, "text": "a <x>b", "parse_mode": "HTML"},
         'can\'t parse entities: Unsupported start tag "x" at byte offset 2'),
        ({"chat_id": 1, "text": "1 < 2", "parse_mode": "HTML"},
         'can\'t parse entities: Unclosed start tag "" at byte offset 2'),
        ({"chat_id": 1, "text": "a</b>", "parse_mode": "HTML"},
         "can't parse entities: Unexpected end tag at byte offset 1"),
        ({"chat_id": 1, "text": "a", "reply_markup": keyboard([{"text": "x", "callback_data": "я" * 33}])},
         "BUTTON_DATA_INVALID"),
        ({"chat_id": 1, "text": "a", "reply_markup": keyboard([{"text": "x"}])},
         "Text buttons are unallowed in the inline keyboard"),
        ({"chat_id": 1, "text": "a", "reply_markup": keyboard([{"text": "x", "url": "http://localhost:8080"}])},
         "inline keyboard button URL 'http://localhost:8080' is invalid: Wrong HTTP URL"),
        ({"chat_id": 1, "text": "a", "reply_markup": keyboard([{"text": "x", "callback_data": "1"}] * 9)},
         "reply markup is too long"),
    ],
)  # fmt: skip
async def test_a_message_that_telegram_would_refuse_is_refused(
    api: Client, params: dict[str, Any], description: str
) -> None:
    answer = await api("sendMessage", **params)
    assert (answer.get("error_code"), answer["description"]) == (400, f"Bad Request: {description}")


async def test_a_length_is_counted_after_parsing_in_utf_16_units(api: Client, fake: FakeTelegram) -> None:
    fake.rate = None
    assert (await api("sendMessage", chat_id=1, text="😀" * 2048))["ok"]
    assert (await api("sendMessage", chat_id=1, text="&lt;" * 4096, parse_mode="HTML"))["ok"]
    answer = await api("sendMessage", chat_id=1, text="😀<b>да</b>", parse_mode="HTML")
    assert answer["result"]["text"] == "😀да"
    assert answer["result"]["entities"] == [{"type": "bold", "offset": 2, "length": 2}]


async def test_people_who_never_pressed_start_or_blocked_cannot_be_written_to(api: Client, fake: FakeTelegram) -> None:
    fake.person(2)
    fake.person(1).block()
    assert "initiate conversation" in (await api("sendMessage", chat_id=2, text="a"))["description"]
    assert (await api("sendMessage", chat_id=1, text="a"))["description"] == "Forbidden: bot was blocked by the user"
    fake.person(1).start()
    assert (await api("sendMessage", chat_id=1, text="a"))["ok"]


async def test_too_many_messages_are_told_to_wait(api: Client, fake: FakeTelegram) -> None:
    time = [100.0]
    fake.rate = Rate(overall=4, burst=2, clock=lambda: time[0])
    for number in (1, 2, 3):
        fake.person(number).started = True
    answers = [await api("sendMessage", chat_id=1, text=str(n)) for n in range(3)]
    assert [a["ok"] for a in answers] == [True, True, False]
    assert answers[2]["description"] == "Too Many Requests: retry after 1"
    assert answers[2]["parameters"] == {"retry_after": 1}
    answers = [await api("sendMessage", chat_id=c, text="a") for c in (2, 2, 3)]
    assert [a["ok"] for a in answers] == [True, True, False]
    time[0] += 1.0
    assert (await api("sendMessage", chat_id=1, text="a"))["ok"]


async def test_an_edit_that_changes_nothing_is_refused(api: Client, fake: FakeTelegram) -> None:
    buttons = keyboard([{"text": "A", "callback_data": "a"}])
    sent = (await api("sendMessage", chat_id=1, text="one", reply_markup=buttons))["result"]["message_id"]
    same = await api("editMessageText", chat_id=1, message_id=sent, text="one", reply_markup=buttons)
    assert same["description"].startswith("Bad Request: message is not modified")
    assert (await api("editMessageText", chat_id=1, message_id=sent, text="two"))["ok"]
    assert (fake.person(1).last.text, fake.person(1).last.labels) == ("two", [])
    lost = await api("editMessageText", chat_id=1, message_id=99, text="two")
    assert lost["description"] == "Bad Request: message to edit not found"


async def test_a_tap_carries_the_data_of_the_button_even_on_an_old_message(api: Client, fake: FakeTelegram) -> None:
    ana = fake.person(1)
    for number in ("1", "2"):
        await api(
            "sendMessage", chat_id=1, text=number, reply_markup=keyboard([{"text": "A", "callback_data": number}])
        )
    ana.tap("A")
    ana.tap("A", ana.shown[0])
    updates = (await api("getUpdates"))["result"]
    assert [u["callback_query"]["data"] for u in updates] == ["2", "1"]
    assert len(fake.unanswered) == 2
    assert (await api("answerCallbackQuery", callback_query_id=updates[0]["callback_query"]["id"]))["ok"]
    assert len(fake.unanswered) == 1
    late = await api("answerCallbackQuery", callback_query_id="77")
    assert "query is too old" in late["description"]
    with pytest.raises(LookupError):
        ana.tap("B")


async def test_updates_stay_until_they_are_confirmed(api: Client, fake: FakeTelegram) -> None:
    first = fake.person(1).write("a")
    second = fake.person(1).write("b")
    assert [u["update_id"] for u in (await api("getUpdates"))["result"]] == [first, second]
    assert [u["update_id"] for u in (await api("getUpdates", offset=second))["result"]] == [second]
    assert (await api("getUpdates", offset=second + 1))["result"] == []
    fake.redeliver(first)
    assert [u["update_id"] for u in (await api("getUpdates", offset=second + 1))["result"]] == [first]


async def test_a_long_poll_ends_when_something_comes(api: Client, fake: FakeTelegram) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api("getUpdates", timeout=50))
        await asyncio.sleep(0.05)
        fake.person(1).write("a")
    assert [u["message"]["text"] for u in poll.result()["result"]] == ["a"]


async def test_a_second_poller_ends_the_first_with_a_conflict(api: Client, fake: FakeTelegram) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(api("getUpdates", timeout=50))
        await asyncio.sleep(0.05)
        second = group.create_task(api("getUpdates", timeout=50))
        await asyncio.sleep(0.05)
        fake.person(1).write("a")
    assert first.result()["error_code"] == 409
    assert len(second.result()["result"]) == 1


async def test_shuffled_updates_come_in_reverse(api: Client, fake: FakeTelegram) -> None:
    fake.shuffle_next(2)
    fake.person(1).write("a")
    assert (await api("getUpdates"))["result"] == []
    fake.person(1).write("b")
    assert [u["message"]["text"] for u in (await api("getUpdates"))["result"]] == ["b", "a"]


async def test_allowed_updates_are_kept_until_they_change(api: Client, fake: FakeTelegram) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    fake.person(1).write("a")
    assert (await api("getUpdates"))["result"] == []
    await api("getUpdates", allowed_updates=[])
    fake.person(1).write("b")
    assert len((await api("getUpdates"))["result"]) == 1


async def test_a_webhook_gets_the_secret_and_is_tried_again_until_it_answers(api: Client, fake: FakeTelegram) -> None:
    posts: list[tuple[str, Any]] = []
    done = asyncio.Event()

    async def hook(request: web.Request) -> web.Response:
        posts.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], await request.json()))
        if len(posts) == 3:
            done.set()
        return web.Response(status=200 if len(posts) == 3 else 503)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = Runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.updates.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}"
    fake.plain_webhooks = False
    plain = await api("setWebhook", url="http://x.example/hook", secret_token="s")
    assert plain["description"] == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    assert (await api("setWebhook", url="https://x.example/hook", secret_token="s"))["ok"]
    assert (await api("getUpdates"))["error_code"] == 409
    fake.person(1).write("a")
    async with asyncio.timeout(30):
        await done.wait()
    assert {secret for secret, _ in posts} == {"s"}
    assert len({json.dumps(update) for _, update in posts}) == 1
    assert "503" in (await api("getWebhookInfo"))["result"]["last_error_message"]
    await api("deleteWebhook")
    assert (await api("getUpdates"))["ok"]
    await runner.cleanup()


async def test_files_go_up_and_down(api: Client, fake: FakeTelegram) -> None:
    form = aiohttp.FormData({"chat_id": "1", "document": "attach://x"})
    form.add_field("x", b"BEGIN", filename="a.ics")
    async with api.session.post(f"{fake.url}/bot{fake.token}/sendDocument", data=form) as answer:
        assert answer.status == 200
    assert fake.person(1).last.file == ("a.ics", b"BEGIN")
    fake.person(1).send_voice(b"OggS")
    file_id = (await api("getUpdates"))["result"][0]["message"]["voice"]["file_id"]
    path = (await api("getFile", file_id=file_id))["result"]["file_path"]
    async with api.session.get(f"{fake.url}/file/bot{fake.token}/{path}") as answer:
        assert await answer.read() == b"OggS"
    empty = await api("sendDocument", chat_id=1, document="attach://nothing")
    assert empty["error_code"] == 400


async def test_faults_come_when_ordered_and_once(api: Client, fake: FakeTelegram) -> None:
    ana = fake.person(1)
    url = f"{fake.url}/bot{fake.token}/sendMessage"
    fake.fail("sendMessage", Fault.error(500))
    assert (await api("sendMessage", chat_id=1, text="a"))["error_code"] == 500
    fake.fail("sendMessage", Fault.cut_before())
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=1, text="a")
    assert ana.shown == []
    fake.fail("sendMessage", Fault.cut_after())
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=1, text="a")
    fake.fail("sendMessage", Fault.truncated_json())
    with pytest.raises(ValueError, match=r"delimiter|Unterminated|value"):
        await api("sendMessage", chat_id=1, text="b")
    assert ana.texts == ["a", "b"]
    fake.fail("*", Fault.html(502))
    async with api.session.post(url, json={}) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")
    assert fake.faults.left() == 0
    assert [call.status for call in fake.history] == [500, 0, 200, 200, 0]


async def test_menus_and_the_profile_have_their_limits(api: Client, fake: FakeTelegram) -> None:
    commands = [{"command": "find", "description": "Пронађи"}]
    assert (await api("setMyCommands", commands=commands, language_code="sr"))["ok"]
    assert (await api("getMyCommands", language_code="sr"))["result"] == commands
    wrong = [{"command": "Find", "description": "x"}]
    assert "BOT_COMMAND_INVALID" in (await api("setMyCommands", commands=wrong))["description"]
    assert not (await api("setMyCommands", commands=commands, language_code="sr-Latn"))["ok"]
    assert (await api("setMyShortDescription", short_description="я" * 120))["ok"]
    assert not (await api("setMyShortDescription", short_description="я" * 121))["ok"]


async def test_everything_that_people_do_is_a_valid_update(api: Client, fake: FakeTelegram) -> None:
    ana = fake.person(1)
    await api("sendMessage", chat_id=1, text="<i>x</i>", parse_mode="HTML",
              reply_markup=keyboard([{"text": "A", "callback_data": "a"}]))  # fmt: skip
    ana.start("code")
    written = ana.write("здраво")
    ana.write("/find математика")
    ana.edit(written, "здраво!")
    ana.tap("A")
    ana.send_voice(b"1")
    ana.send_photo(b"1", "caption")
    ana.send_document(b"1")
    ana.share_location()
    ana.share_contact()
    ana.block()
    ana.unblock()
    fake.group().add_bot(ana)
    fake.group().write(ana, "hello all")
    updates = (await api("getUpdates"))["result"]
    assert len(updates) == 14
    for update in updates:
        Update.model_validate(update)


def test_every_kind_of_update_and_of_content_in_the_schema_is_valid() -> None:
    bodies = list(odd_bodies())
    kinds = {next(iter(body)) for body in bodies}
    assert len(kinds) == 27
    assert len(bodies) > 130
    for number, body in enumerate(bodies):
        Update.model_validate({"update_id": number, **body})


async def test_waiting_for_a_message_ends_with_it_and_says_what_came_instead(api: Client, fake: FakeTelegram) -> None:
    ana = fake.person(1)
    await api("sendMessage", chat_id=1, text="before")
    ana.write("a")
    with pytest.raises(TimeoutError, match="before"):
        await ana.wait_for("before", 0.05)
    async with asyncio.TaskGroup() as group:
        wait = group.create_task(ana.wait_for("after"))
        await api("sendMessage", chat_id=1, text="after")
    assert wait.result().text == "after"
    assert ana.wait("after").text == "after"
    assert ana.wait("before", since=0).text == "before"


async def test_it_runs_on_its_own_and_is_controlled_over_http() -> None:
    command = (sys.executable, "-m", "tests.fakes.telegram", "--people", "2", "--no-rate")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/bot{TOKEN}/sendMessage", json={"chat_id": 2, "text": "a"}) as answer:
            assert answer.status == 200
        async with session.get(f"{url}/control/2") as answer:
            assert [shown["text"] for shown in await answer.json()] == ["a"]
        async with session.post(f"{url}/control/2/write", json={"text": "b"}) as answer:
            assert "update_id" in await answer.json()
        async with session.post(f"{url}/control/2/tap", json={"what": "b"}) as answer:
            assert answer.status == 400
        async with session.get(f"{url}/control") as answer:
            assert await answer.json() == {"calls": {"sendMessage": 1}, "pending": 1}
    process.terminate()
    assert await process.wait() == 0
