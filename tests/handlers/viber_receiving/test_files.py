"""What people send is fetched from the platform's own addresses, and from nowhere else."""

from __future__ import annotations

import socket

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.web.runner import Runner
from handlers.channel import SendFailed
from handlers.viber.media import Media, PublicResolver, is_public
from tests.fakes.viber import FakeViber, Fault
from tests.handlers.viber_kit import Wired


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
    runner = Runner(app, access_log=None)
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
