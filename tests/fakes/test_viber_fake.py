"""The fake platform is as strict as Viber, and Viber's own library reads and verifies what it sends."""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.web.runner import Runner
from tests.fakes.viber import TOKEN, FakeViber, Fault, status

PNG = "https://signpost.example.org/a.png"


@pytest.fixture
def fake() -> Iterator[FakeViber]:
    with FakeViber() as server:
        server.callbacks.url = "http://127.0.0.1:1/hook"
        server.callbacks.scale = 0.0
        server.person("ana").subscribed = True
        yield server


class Client:
    """A plain HTTP client of the REST API."""

    def __init__(self, fake: FakeViber, session: aiohttp.ClientSession) -> None:
        self.fake, self.session = fake, session

    async def __call__(self, method: str, token: str | None = TOKEN, **params: Any) -> dict[str, Any]:
        headers = {"X-Viber-Auth-Token": token} if token else {}
        url = f"{self.fake.url}/pa/{method}"
        async with self.session.post(
            url, data=json.dumps(params, ensure_ascii=False).encode(), headers=headers
        ) as answer:
            assert answer.status == 200
            body: dict[str, Any] = json.loads(await answer.text())
            return body

    async def send(self, name: str = "ana", **message: Any) -> int:
        """Sends a message to somebody. Returns the status."""
        whole = {"receiver": self.fake.person(name).id, "type": "text", "sender": {"name": "DEMO"}, **message}
        return int((await self("send_message", **{k: v for k, v in whole.items() if v is not None}))["status"])


@pytest.fixture
async def api(fake: FakeViber) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(fake, session)


def keyboard(*buttons: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "keyboard", "Buttons": list(buttons), **more}


def button(text: str = "A", **more: Any) -> dict[str, Any]:
    return {"ActionType": "reply", "ActionBody": "a", "Text": text, **more}


async def test_the_token_comes_in_the_header_or_the_body(api: Client) -> None:
    assert (await api("get_account_info"))["uri"] == "demosignpost"
    assert (await api("get_account_info", None, auth_token=TOKEN))["status"] == 0
    assert await api("get_account_info", "wrong") == {"status": 2, "status_message": "invalidAuthToken"}
    assert (await api("get_account_info", None))["status"] == 2


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"text": "a"}, 0),
        ({"text": "a", "receiver": None}, 4),
        ({"text": "a", "type": None}, 4),
        ({"text": "a", "sender": None}, 4),
        ({"text": "a", "sender": {}}, 4),
        ({"text": "a", "sender": {"name": "x" * 29}}, 3),
        ({"text": ""}, 4),
        ({}, 4),
        ({"text": 5}, 3),
        ({"text": "я" * 7000}, 0),
        ({"text": "я" * 7001}, 3),
        ({"text": "a", "tracking_data": "x" * 4097}, 3),
        ({"text": "a", "tracking_data": "x" * 4096, "alt_text": "x" * 27_000}, 3),
        ({"text": "a", "txt": "b"}, 3),
        ({"text": "a", "min_api_version": 0}, 3),
        ({"text": "a", "min_api_version": 11}, 13),
        ({"text": "a", "keyboard": {"Buttons": [button()]}}, 3),
        ({"text": "a", "keyboard": keyboard()}, 3),
        ({"text": "a", "keyboard": keyboard(button())}, 0),
        ({"text": "a", "keyboard": keyboard({"Text": "A"})}, 3),
        ({"text": "a", "keyboard": keyboard(button(ActionType="call"))}, 3),
        ({"text": "a", "keyboard": keyboard(button(Coloumns=6))}, 3),
        ({"text": "a", "keyboard": keyboard(button(ActionType="open-url", ActionBody="here"))}, 3),
        ({"text": "a", "keyboard": keyboard(button(ActionType="share-phone"))}, 14),
        ({"text": "a", "min_api_version": 3, "keyboard": keyboard(button(ActionType="share-phone"))}, 0),
        ({"type": "picture", "text": "", "media": PNG}, 0),
        ({"type": "picture", "text": "x" * 513, "media": PNG}, 3),
        ({"type": "picture", "text": "", "media": "https://signpost.example.org/a"}, 3),
        ({"type": "file", "media": PNG, "size": 5, "file_name": "a.ics"}, 0),
        ({"type": "file", "media": PNG, "size": 5, "file_name": "a"}, 3),
        ({"type": "file", "media": PNG, "size": 5, "file_name": "a.exe"}, 3),
        ({"type": "file", "media": PNG, "size": 5, "file_name": "a.cmd"}, 3),
        ({"type": "file", "media": PNG, "file_name": "a.ics"}, 4),
        ({"type": "location", "location": {"lat": 44.0, "lon": 22.0}}, 0),
        ({"type": "location", "location": {"lat": 144.0, "lon": 22.0}}, 3),
        ({"type": "rich_media", "min_api_version": 7, "rich_media": {"Type": "rich_media", "Buttons": [button()]}}, 0),
        ({"type": "rich_media", "rich_media": {"Type": "rich_media", "Buttons": [button()]}}, 14),
        (
            {
                "type": "rich_media",
                "min_api_version": 7,
                "rich_media": {"Type": "rich_media", "Buttons": [button(ActionType="share-phone")]},
            },
            3,
        ),
        ({"type": "voice"}, 3),
    ],
)
async def test_a_message_that_viber_would_refuse_is_refused(
    api: Client, message: dict[str, Any], expected: int
) -> None:
    assert await api.send(**message) == expected


@pytest.mark.parametrize(
    ("buttons", "trouble"),
    [
        ([button(Columns=3), button(Columns=3)], ""),
        ([button(Columns=3), button(Columns=2)], "a row is not full"),
        ([button(Columns=4), button(Columns=3)], "a row is not full"),
        ([button(Columns=3, Rows=1), button(Columns=3, Rows=2)], "buttons of one row differ in height"),
        ([button(Rows=3)], "Columns or Rows out of range"),
        ([button("x" * 251)], "Text is too long or not well-formed"),
        ([button("1 < 2")], "Text is too long or not well-formed"),
        ([button("a & b")], "Text is too long or not well-formed"),
        ([button("<b>a")], "Text is too long or not well-formed"),
        ([button("<b>a</b> &amp; &lt;")], ""),
        ([button(" ")], "Text is empty"),
        ([button()] * 13, "more than 12 rows"),
    ],
)
async def test_what_a_phone_cannot_lay_out_fails_after_it_was_taken(
    api: Client, fake: FakeViber, buttons: list[dict[str, Any]], trouble: str
) -> None:
    assert await api.send(text="a", keyboard=keyboard(*buttons)) == 0
    failed = [json.loads(c.body)["desc"] for c in fake.callbacks.all if c.event == "failed"]
    assert failed == ([f"keyboard is not valid: {trouble}"] if trouble else [])
    assert len(fake.person("ana").shown) == (not trouble)


async def test_only_subscribers_can_be_written_to(api: Client, fake: FakeViber) -> None:
    fake.person("nova").opens()
    assert await api.send("nova", text="a") == 6
    assert await api.send(text="a", receiver="AAAA") == 5
    fake.person("nova").writes("hello")
    assert await api.send("nova", text="a") == 0
    fake.person("nova").unsubscribes()
    assert await api.send("nova", text="a") == 6
    fake.person("ana").has_device = False
    assert await api.send(text="a") == 11


async def test_without_a_webhook_nothing_is_sent(api: Client, fake: FakeViber) -> None:
    assert (await api("set_webhook", url=""))["status"] == 0
    assert await api.send(text="a") == 10


async def test_a_hundred_an_hour_without_a_reply(api: Client, fake: FakeViber) -> None:
    time = [3600.0 * 400_000]
    fake.now = lambda: time[0]
    assert {await api.send(text="a") for _ in range(100)} == {0}
    assert await api.send(text="a") == 12
    fake.person("ana").writes("x")
    assert {await api.send(text="a") for _ in range(100)} == {0}
    assert await api.send(text="a") == 12
    time[0] += 3600
    assert await api.send(text="a") == 0


async def test_a_broadcast_lists_whom_it_did_not_reach(api: Client, fake: FakeViber) -> None:
    ana, nova = fake.person("ana"), fake.person("nova")
    body: dict[str, Any] = {"type": "text", "text": "Dear replace_me_with_user_name", "sender": {"name": "DEMO"}}
    answer = await api("broadcast_message", broadcast_list=[ana.id, nova.id, "AAAA"], **body)
    assert (answer["status"], ana.last.text) == (0, "Dear DEMO ana")
    assert [(one["receiver"], one["status"]) for one in answer["failed_list"]] == [(nova.id, 6), ("AAAA", 5)]
    assert (await api("broadcast_message", broadcast_list=[ana.id] * 301, **body))["status"] == 3
    assert (await api("broadcast_message", broadcast_list=[], **body))["status"] == 4
    time = [1_800_000_000.0]
    fake.now, fake.hourly = (lambda: time[0]), None
    statuses = [(await api("broadcast_message", broadcast_list=[ana.id], **body))["status"] for _ in range(501)]
    assert statuses == [0] * 500 + [12]
    time[0] += 10
    assert (await api("broadcast_message", broadcast_list=[ana.id], **body))["status"] == 0
    fake.may_broadcast = False
    assert (await api("broadcast_message", broadcast_list=[ana.id], **body))["status"] == 19


async def test_the_keyboard_is_the_last_that_came(api: Client, fake: FakeViber) -> None:
    ana = fake.person("ana")
    await api.send(text="a", keyboard=keyboard(button("One")))
    await api.send(text="b")
    assert ana.labels == ["One"]
    await api.send(text="c", keyboard=keyboard(button("Two &amp; <b>more</b>")))
    assert ana.labels == ["Two & more"]
    with pytest.raises(LookupError):
        ana.presses("One")


@pytest.mark.parametrize(("version", "said"), [(1, ["a"]), (5, ["a"]), (6, []), (7, [])])
async def test_silent_is_heeded_only_where_the_message_asks_for_such_a_client(
    api: Client, fake: FakeViber, version: int, said: list[str]
) -> None:
    await api.send(text="one", min_api_version=version, keyboard=keyboard(button("A", ActionBody="a", Silent=True)))
    ana = fake.person("ana")
    ana.presses("A")
    assert ana.said == said


async def test_faults_come_when_ordered_and_once(api: Client, fake: FakeViber) -> None:
    fake.fail("send_message", status(24))
    assert await api.send(text="a") == 24
    fake.fail("send_message", Fault.cut_after())
    with pytest.raises(aiohttp.ClientError):
        await api.send(text="b")
    fake.fail("send_message", Fault.cut_before())
    with pytest.raises(aiohttp.ClientError):
        await api.send(text="c")
    assert fake.person("ana").texts == ["b"]
    assert fake.faults.left() == 0


# ---------------------------------------------------------------- webhooks


class Hook:
    """A product that answers callbacks with the statuses it was given, then with 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.always = 200
        self.posts: list[tuple[str, bytes]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.posts.append((request.headers["X-Viber-Content-Signature"], await request.read()))
        receipt = json.loads(self.posts[-1][1])["event"] == "delivered"
        return web.Response(status=self.statuses.pop(0) if self.statuses and not receipt else self.always)


@pytest.fixture
async def hook(fake: FakeViber) -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    runner = Runner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.callbacks.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield hook
    await fake.silence()
    for _ in range(20):
        await asyncio.sleep(0)
    await runner.cleanup()


async def test_a_webhook_is_called_before_it_is_taken(api: Client, fake: FakeViber, hook: Hook) -> None:
    fake.callbacks.url = ""
    fake.plain_webhooks = False
    assert (await api("set_webhook", url="http://127.0.0.1/hook"))["status"] == 1
    hook.statuses = [500]
    assert (await api("set_webhook", url="https://x.example/hook"))["status"] == 1
    assert fake.callbacks.url == ""
    assert (await api("set_webhook", url="https://x.example/hook", event_types=["nonsense"]))["status"] == 3
    answer = await api("set_webhook", url="https://x.example/hook", event_types=["seen"])
    assert (answer["status"], answer["event_types"]) == (0, ["seen"])
    assert {json.loads(body)["event"] for _, body in hook.posts} == {"webhook"}
    fake.person("ana").unsubscribes()
    await fake.taken(fake.person("ana").writes("x"))
    told = [json.loads(body)["event"] for _, body in hook.posts]
    assert told[2:] == ["message"]


async def test_a_callback_is_tried_again_and_given_up_after_an_hour(fake: FakeViber, hook: Hook) -> None:
    hook.statuses = [503] * 3
    written = await fake.taken(fake.person("ana").writes("a"))
    assert (written.answers, written.lost) == ([503, 503, 503, 200], False)
    assert [body for _, body in hook.posts].count(written.body) == 4
    hook.always = 503
    lost = await fake.taken(fake.person("ana").writes("b"))
    assert (lost.tries, lost.lost) == (9, True)


async def test_what_one_person_does_comes_in_order(fake: FakeViber, hook: Hook) -> None:
    acts = [fake.person("ana").writes(str(number)) for number in range(10)]
    for callback in acts:
        await fake.taken(callback)
    told = [json.loads(body) for _, body in hook.posts]
    assert [one["message"]["text"] for one in told if one["event"] == "message"] == [str(n) for n in range(10)]
    assert {one["message_token"] for one in told if one["event"] == "delivered"} <= {one.token for one in acts}


async def test_vibers_own_library_reads_and_verifies_all_that_is_sent(api: Client, fake: FakeViber, hook: Hook) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a library of 2021, unmaintained, for Python 2 as well
        from viberbot import Api, BotConfiguration
        from viberbot.api import viber_requests as requests
    peer = Api(BotConfiguration(name="DEMO", avatar="", auth_token=TOKEN))
    ana = fake.person("ana")
    await api("set_webhook", url="https://x.example/hook")
    acts = [ana.opens("ctx"), ana.writes("здраво"), ana.sends_picture(b"1", "caption"), ana.sends_file(b"1"),
            ana.sends_video(b"1"), ana.sends_sticker(), ana.shares_contact(), ana.shares_location(), ana.unsubscribes(),
            ana.subscribes()]  # fmt: skip
    await api.send(text="a")
    ana.sees()
    ana.fails_with = "no"
    await api.send(text="b")
    for callback in (*acts, *fake.callbacks.all):
        await fake.taken(callback)
    parsed = []
    for signature, body in hook.posts:
        assert peer.verify_signature(body, signature)
        assert not peer.verify_signature(body + b" ", signature)
        parsed.append(peer.parse_request(body))
    assert {type(one).__name__ for one in parsed} == {*requests.__all__, "ViberRequest"}
    opened = next(one for one in parsed if isinstance(one, requests.ViberConversationStartedRequest))
    assert (opened.context, opened.user.id, opened.user.api_version) == ("ctx", ana.id, 10)
    messages = [one.message for one in parsed if isinstance(one, requests.ViberMessageRequest)]
    assert [type(one).__name__ for one in messages] == [
        "TextMessage", "PictureMessage", "FileMessage", "VideoMessage", "StickerMessage", "ContactMessage",
        "LocationMessage",
    ]  # fmt: skip
    assert all(one.validate() for one in messages)
    assert messages[0].text == "здраво"


async def test_media_live_for_an_hour(api: Client, fake: FakeViber) -> None:
    time = [1_800_000_000.0]
    fake.now = lambda: time[0]
    url = fake.new_file("мој рад.jpg", b"x")
    async with api.session.get(URL(url, encoded=True)) as answer:
        assert await answer.read() == b"x"
    time[0] += 3601
    async with api.session.get(URL(url, encoded=True)) as answer:
        assert answer.status == 404


async def test_ids_look_as_vibers_do_and_are_each_bots_own(fake: FakeViber) -> None:
    ids = [fake.person(str(number)).id for number in range(50)]
    assert {len(one) for one in ids} == {24}
    assert {"+", "/", "="} <= set("".join(ids))
    assert FakeViber("another-token").person("0").id not in ids


async def test_waiting_for_a_message_ends_with_it_and_says_what_came_instead(api: Client, fake: FakeViber) -> None:
    ana = fake.person("ana")
    await api.send(text="before")
    ana.writes("a")
    with pytest.raises(TimeoutError, match="before"):
        await ana.wait_for("before", 0.05)
    async with asyncio.TaskGroup() as group:
        wait = group.create_task(ana.wait_for("after"))
        await api.send(text="after")
    assert wait.result().text == "after"
    assert ana.wait("after").text == "after"


async def test_it_runs_on_its_own_and_is_controlled_over_http() -> None:
    command = (sys.executable, "-m", "tests.fakes.viber", "--no-hourly")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{url}/control/ana/writes", json={"text": "a"}) as answer:
            assert (await answer.json())["taken"] is False
        async with session.post(f"{url}/control/ana/presses", json={"label": "b"}) as answer:
            assert answer.status == 400
        async with session.get(f"{url}/control/ana") as answer:
            seen = await answer.json()
            assert (len(seen["id"]), seen["shown"]) == (24, [])
        async with session.get(f"{url}/control") as answer:
            assert await answer.json() == {"calls": {}, "webhook": ""}
    process.terminate()
    assert await process.wait() == 0
