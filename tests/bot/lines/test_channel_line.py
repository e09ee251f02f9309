"""A channel under a lease: who holds it sends, who has a webhook receives, and links are known to everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bot.lines.channel_line import ChannelLine
from bot.telling import Rules
from handlers.channel import Request, Response, Route, SendFailed


class FakeChannel:
    """Starts, stops, and answers one path."""

    name = "fake"
    polling = False

    def __init__(self, failure: SendFailed | None) -> None:
        self.failure, self.running = failure, False

    async def start(self, _receive: object) -> None:
        if self.failure is not None:
            raise self.failure
        self.running = True

    async def stop(self) -> None:
        self.running = False

    def routes(self) -> Sequence[Route]:
        async def answer(_request: Request) -> Response:
            return Response(200, b"taken")

        return (Route("POST", "/fake", answer),)


class Pollable(FakeChannel):
    """One that can also fetch what comes in."""

    def poll(self) -> None:
        self.polling = self.running = True


@dataclass
class FakePlatform:
    hook: bool = True
    failure: SendFailed | None = None
    kind: type[FakeChannel] = FakeChannel
    uri: str = "here"
    name: str = "fake"
    label: str = "Fake"
    module: str = "json"
    made: list[FakeChannel] = field(default_factory=list)
    besides: list[Callable[[], bool]] = field(default_factory=list)

    def paths(self) -> Sequence[tuple[str, str]]:
        return (("POST", "/fake"),) if self.hook else ()

    def make(self, _spawn: object) -> Any:
        self.made.append(self.kind(self.failure))
        return self.made[-1]

    def link(self) -> str:
        return f"fake://{self.uri}?" if self.uri else ""

    async def beside(self, going: Callable[[], bool]) -> None:
        self.besides.append(going)


class FakeHouse:
    """As much of the house as a line knows."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.let: list[str] = []
        self.kept: list[tuple[str, str]] = []
        self.lanes: dict[str, Any] = {}
        self.tasks: list[asyncio.Task[Any]] = []
        self.outbox = SimpleNamespace(lanes=self.lanes, add=self._add, hold=self._hold, let_go=self.let.append)
        self.health = SimpleNamespace(starting={})
        self.dialogue = SimpleNamespace(rules=Rules(links=(("web", "https://x/chat?start="),)))
        self.switchboard = SimpleNamespace(receive=None)
        self.nursery = SimpleNamespace(start=self._start)
        self.works = self

    def _add(self, channel: Any) -> None:
        self.lanes[channel.name] = channel

    def keep_link(self, label: str, link: str) -> None:
        self.kept.append((label, link))

    async def _hold(self, name: str) -> None:
        self.held.append(name)

    def _start(self, work: Coroutine[Any, Any, Any], _name: str) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))

    async def rest(self) -> None:
        await asyncio.gather(*self.tasks)


REQUEST = Request("POST", "/fake", {}, b"")


def made(**platform: Any) -> tuple[FakeHouse, FakePlatform, ChannelLine]:
    house, of = FakeHouse(), FakePlatform(**platform)
    return house, of, ChannelLine(house, of)  # type: ignore[arg-type]


async def test_until_the_channel_is_there_whoever_calls_is_told_to_come_again() -> None:
    _house, _platform, line = made()
    (route,) = line.routes()
    assert (await route.answer(REQUEST)).status == 503
    await line.come()
    assert (await route.answer(REQUEST)).body == b"taken"
    await line.stop()
    assert (await route.answer(REQUEST)).status == 503


async def test_with_a_webhook_every_process_receives_and_the_holder_sends() -> None:
    house, platform, line = made()
    await line.come()
    assert platform.made[0].running
    assert house.held == []
    await line.gained()
    assert house.held == ["fake"], "a process that receives already takes over the sending"
    assert len(platform.made) == 1
    await house.rest()
    assert [going() for going in platform.besides] == [True]
    await line.lost()
    assert house.let == ["fake"]
    assert platform.made[0].running, "it goes on receiving"
    assert [going() for going in platform.besides] == [False]
    await line.gained()
    assert house.held == ["fake", "fake"]


async def test_without_a_webhook_only_the_holder_receives() -> None:
    house, platform, line = made(hook=False)
    assert line.routes() == ()
    await line.come()
    assert platform.made == []
    await line.gained()
    assert platform.made[0].running
    await line.lost()
    assert not platform.made[0].running
    await line.gained()
    assert [channel.running for channel in platform.made] == [False, True]
    assert house.held == ["fake", "fake"]


async def test_a_lease_that_comes_before_the_library_waits_for_it() -> None:
    house, platform, line = made()
    await line.gained()
    assert platform.made == []
    await line.come()
    assert house.held == ["fake"]


async def test_a_lease_that_is_lost_before_the_channel_is_there_is_no_trouble() -> None:
    house, _platform, line = made()
    await line.gained()
    await line.lost()
    assert house.let == []


async def test_a_bad_token_is_said_by_health_and_does_not_stop_the_house() -> None:
    house, platform, line = made(failure=SendFailed("stopped", "invalid token"))
    await line.gained()
    await line.come()
    await house.rest()
    assert house.health.starting == {"fake": "stopped: invalid token"}
    assert platform.besides == []
    assert house.dialogue.rules.links == (("web", "https://x/chat?start="),)


async def test_where_no_webhook_is_taken_the_holder_polls_and_nobody_else_does() -> None:
    refusal = SendFailed("refused", "an https address must be given")
    house, platform, line = made(failure=refusal, kind=Pollable)
    await line.come()
    assert not platform.made[0].running, "another process holds the lease"
    await line.gained()
    assert [channel.polling for channel in platform.made] == [False, True]
    assert (house.health.starting, house.held) == ({}, ["fake"])
    await line.lost()
    assert not platform.made[1].running
    await house.rest()
    token = made(failure=SendFailed("stopped", "invalid token"), kind=Pollable)
    await token[2].gained()
    await token[2].come()
    assert not token[1].made[0].polling
    unable = made(failure=refusal)
    await unable[2].come()
    assert unable[0].health.starting == {"fake": "stopped: an https address must be given"}


async def test_links_of_several_channels_stand_beside_each_other() -> None:
    house, _platform, line = made()
    other = ChannelLine(house, FakePlatform(name="other", label="Other", uri="there"))  # type: ignore[arg-type]
    await line.come()
    await other.come()
    await line.stop()
    await line.come()
    assert dict(house.dialogue.rules.links) == {
        "web": "https://x/chat?start=",
        "Fake": "fake://here?",
        "Other": "fake://there?",
    }
    assert len(house.dialogue.rules.links) == 3
    assert house.kept == [("Fake", "fake://here?"), ("Other", "fake://there?")], "once each, for the next start"


async def test_a_link_that_is_known_later_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    house, platform, line = made(uri="")
    looks = 0

    async def known_then(_seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            platform.uri = "at last"

    monkeypatch.setattr("bot.lines.channel_line.asyncio.sleep", known_then)
    await line.come()
    assert "Fake" not in dict(house.dialogue.rules.links)
    await house.rest()
    assert dict(house.dialogue.rules.links)["Fake"] == "fake://at last?"
