"""Receiving over real HTTP: the signature comes first, and a 200 only after the house has taken it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from conversations.speech import Document, Spoken, SpokenButton, SpokenVenue
from handlers.channel import Request, SendFailed
from handlers.viber.channel import ViberChannel, pause
from handlers.viber.media import Media, PublicResolver, is_public
from handlers.viber.receiving import Webhook
from tests.fakes.viber import FakeViber, Fault, status
from tests.handlers.telegram_kit import Background
from tests.handlers.viber_kit import PUBLIC, InlineHouse, Wired, until, viber_at

SECRET = "secret-token-of-the-tests"
BODY = b'{"event": "message", "message_token": 1}'


@pytest.fixture
def fake() -> Iterator[FakeViber]:
    with FakeViber() as server:
        yield server


@pytest.fixture
async def wired(fake: FakeViber) -> AsyncIterator[Wired]:
    async with viber_at(fake) as wired:
        yield wired


# ---------------------------------------------------------------- the signature


def signed(body: bytes, token: str = SECRET) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


class Taken:
    """Counts what got through."""

    def __init__(self) -> None:
        self.callbacks: list[dict[str, Any]] = []
        self.error: Exception | None = None

    async def take(self, callback: dict[str, Any]) -> dict[str, Any] | None:
        if self.error is not None:
            raise self.error
        self.callbacks.append(callback)
        return None


async def post(hook: Webhook, body: bytes, signature: str | None, name: str = "X-Viber-Content-Signature") -> int:
    headers = {} if signature is None else {name: signature}
    return (await hook.answer(Request("POST", "/viber/webhook", headers, body))).status


async def test_only_the_exact_signature_of_the_raw_bytes_is_let_in(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    taken = Taken()
    hook = Webhook(SECRET, taken.take)
    right = signed(BODY)
    again = json.dumps(json.loads(BODY), separators=(",", ":")).encode()
    flipped = bytes([right.encode()[0] ^ 1]).decode() + right[1:]
    wrong = [None, "", right.upper(), right[:-1], right + "0", f" {right}", flipped, signed(BODY, "other"), "ž" * 64,
             signed(again), signed(b""), f"sha256={right}"]  # fmt: skip
    for signature in wrong:
        assert await post(hook, BODY, signature) == 403
    assert await post(hook, BODY[:-1] + b" }", right) == 403
    assert await post(hook, again, right) == 403
    assert taken.callbacks == []
    assert hook.forged == len(wrong) + 2
    assert len(set(caplog.messages)) == 1
    assert right not in caplog.text
    assert await post(hook, BODY, right) == 200
    assert await post(hook, BODY, right, "x-viber-content-SIGNATURE") == 200
    assert len(taken.callbacks) == 2


async def test_nothing_is_parsed_before_the_signature_was_found_right() -> None:
    hook = Webhook(SECRET, Taken().take)
    assert await post(hook, b"[" * 100_000, "x") == 403
    assert hook.unreadable == 0


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"event": NaN}', b'{"a": ' + b"9" * 5000 + b"}"]
)
async def test_what_is_no_callback_is_told_so_at_once(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    taken = Taken()
    hook = Webhook(SECRET, taken.take)
    before = time.thread_time()
    assert await post(hook, body, signed(body)) == 400
    assert time.thread_time() - before < 0.05
    assert (hook.unreadable, taken.callbacks) == (1, [])
    assert "Traceback" not in caplog.text


async def test_a_body_of_more_than_a_megabyte_is_refused_unread() -> None:
    hook = Webhook(SECRET, Taken().take)
    body = b'{"event": "' + b"x" * 1_048_576 + b'"}'
    assert await post(hook, body, signed(body)) == 413


async def test_what_the_house_cannot_take_is_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    taken = Taken()
    taken.error = RuntimeError("SECRET WORDS")
    hook = Webhook(SECRET, taken.take)
    assert await post(hook, BODY, signed(BODY)) == 503
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text


# ---------------------------------------------------------------- callbacks, over real HTTP


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
    assert {a.message_id for a in wired.house.heard} == {str(written.token)}
    assert str(written.token) not in {a.message_id for a in wired.house.events("delivered")}


async def test_what_was_not_taken_comes_again_until_it_is(wired: Wired, fake: FakeViber) -> None:
    wired.house.fail_next = 3
    written = await fake.taken(fake.person("ana").writes("do not lose me"))
    assert written.answers[0] == 503  # as for the next two callbacks, one of which is a receipt
    assert written.answers[-1] == 200
    assert [a.heard.text for a in wired.house.heard] == ["do not lose me"]


# ---------------------------------------------------------------- the welcome

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


# ---------------------------------------------------------------- what people send


async def test_a_picture_is_fetched_with_its_address_as_it_was_signed(wired: Wired, fake: FakeViber) -> None:
    await fake.taken(fake.person("ana").sends_picture(b"\xff\xd8 picture", "мој рад"))
    (arrival,) = wired.house.heard
    sent = arrival.heard.attachment
    assert sent is not None
    assert (sent.kind, sent.size, arrival.heard.text) == ("photo", 10, "мој рад")
    assert arrival.fetch is not None
    assert await arrival.fetch() == b"\xff\xd8 picture"
    assert await wired.channel.fetch(sent.ref) == b"\xff\xd8 picture"


async def test_every_kind_of_thing_that_people_send_arrives(wired: Wired, fake: FakeViber) -> None:
    ana = fake.person("ana")
    acts = (ana.sends_file(b"%PDF", "CV.pdf"), ana.sends_video(b"mp4"), ana.sends_sticker(), ana.shares_contact(),
            ana.shares_location())  # fmt: skip
    for callback in acts:
        await fake.taken(callback)
    kinds = [a.heard.attachment.kind for a in wired.house.heard if a.heard.attachment]
    assert kinds == ["file", "file", "other", "contact", "location"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault(status=404, body=""), "refused"), (Fault(status=500, body=""), "retry"), (Fault.cut_before(), "retry")],
)
async def test_a_download_that_fails_has_its_kind(wired: Wired, fake: FakeViber, fault: Fault, kind: str) -> None:
    fake.fail("media", fault, times=2)  # a broken download is tried once more by the library itself
    with pytest.raises(SendFailed) as failed:
        await wired.channel.fetch(fake.new_file("a.jpg", b"x"))
    assert failed.value.kind == kind
    assert "Signature" not in failed.value.reason


async def test_a_file_of_more_than_20_mb_is_left_alone(wired: Wired, fake: FakeViber) -> None:
    with pytest.raises(SendFailed) as failed:
        await wired.channel.fetch(fake.new_file("a.jpg", bytes(20 * 1024 * 1024 + 1)))
    assert failed.value.reason == "viber: the file is too large"


FORBIDDEN = [
    "http://dl-media.viber.com/1.jpg", "https://viber.com.evil.example/1.jpg", "https://evilviber.com/1.jpg",
    "https://dl-media.viber.com@evil.example/1.jpg", "https://dl-media.viber.com:8443/1.jpg", "https://10.0.0.1/1.jpg",
    "https://user:x@dl-media.viber.com/1.jpg", "https://[::1]/1.jpg", "https://127.0.0.1/1.jpg", "ftp://viber.com/1",
    "file:///etc/passwd", "https://169.254.169.254/latest/meta-data", "https://localhost/1.jpg", "https:///1.jpg",
    "https://evil.example\\@dl-media.viber.com/1.jpg", "https://evil.example\t.viber.com/1", "", "x", "//viber.com/1",
    "https://2130706433/1.jpg", "https://evil.example/#.viber.com",
]  # fmt: skip


@pytest.mark.parametrize("url", FORBIDDEN)
async def test_nothing_is_fetched_from_anywhere_but_viber(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    media = Media("https://chatapi.viber.com")
    monkeypatch.setattr(Media, "_opened", lambda _: pytest.fail("a connection was made"))
    with pytest.raises(SendFailed) as failed:
        await media.download(url)
    assert failed.value.kind in ("refused", "retry")
    assert url == "" or url not in failed.value.reason
    await media.close()


@pytest.mark.parametrize(
    "there",
    ["http://127.0.0.1:1/secret", "https://127.0.0.1/secret", "http://example.org/x", "https://localhost/x",
     "file:///etc/passwd", "https://[fd00::1]/x", ""],
)  # fmt: skip
async def test_a_redirect_leads_nowhere_inside(there: str) -> None:
    async def away(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": there})

    app = web.Application()
    app.router.add_get("/a", away)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    here = f"http://127.0.0.1:{runner.addresses[0][1]}"
    media = Media(here)
    with pytest.raises(SendFailed) as failed:
        await media.download(f"{here}/a")
    assert failed.value.kind == "refused"
    await media.close()
    await runner.cleanup()


class Names(AbstractResolver):
    """A name service of the tests'."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        return


async def test_a_name_that_means_an_inner_address_is_not_connected_to() -> None:
    resolver = PublicResolver(Names("10.0.0.7", "93.184.216.34", "127.0.0.1"))
    assert [one["host"] for one in await resolver.resolve("dl-media.viber.com", 443)] == ["93.184.216.34"]
    with pytest.raises(OSError, match="no public address"):
        await PublicResolver(Names("192.168.1.1", "::1")).resolve("dl-media.viber.com", 443)


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.1.2.3", False), ("172.16.0.1", False),
     ("192.168.0.1", False), ("127.0.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
     ("0.0.0.0", False), ("::1", False), ("fd00::1", False), ("fe80::1%eth0", False), ("224.0.0.1", False),
     ("::ffff:127.0.0.1", False), ("2002:7f00:1::", False), ("nonsense", False)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


# ---------------------------------------------------------------- start and stop


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


async def test_a_callback_without_a_house_is_to_come_again(fake: FakeViber) -> None:
    async with viber_at(fake, receive=False) as wired, aiohttp.ClientSession() as session:
        fake.callbacks.url = f"{PUBLIC}/viber/webhook"
        body = json.dumps(fake.event("message", sender=fake.person("a").user, message={"type": "text", "text": "x"}))
        headers = {"X-Viber-Content-Signature": fake.callbacks.sign(body.encode())}
        async with session.post(f"{wired.url}/viber/webhook", data=body, headers=headers) as answer:
            assert answer.status == 503
        assert isinstance(wired.house, InlineHouse)
        assert wired.house.arrivals == []
