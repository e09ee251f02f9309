"""The console keeps the channel contract through a pipe, and counts what it offers as it prints it."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from conversations.speech import Spoken, SpokenButton, SpokenCard
from handlers.channel import Arrival
from handlers.console.channel import Console
from handlers.console.reading import read
from handlers.console.writing import numbers, shown
from tests.handlers.contract import ChannelContract, Listener, say

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def nothing_waits(_external_id: str) -> bool:
    return False


class Typed:
    """What somebody types: the lines so far, and then nothing more."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        while self.lines:
            yield self.lines.pop(0)


class ConsoleWire:
    """Somebody at a terminal, and what is printed there."""

    nobody = "console-somebody else"

    def __init__(self) -> None:
        self._typed, self._out = Typed(), io.StringIO()
        names = count(1)
        self.channel = Console(
            self._typed, self._out, now=lambda: NOW, fresh=lambda: f"line {next(names)}", waiting=nothing_waits
        )
        self.house = Listener()
        self.external_id = self.channel.external_id

    async def opens(self, link: str = "") -> None:
        await self.writes(f"/start {link}")

    async def writes(self, text: str) -> None:
        self._typed.lines.append(text + "\n")
        await self.channel.talk(greet=False)

    async def taps(self, label: str) -> None:
        line = next(line for line in self._out.getvalue().splitlines()[::-1] if line.endswith(f". {label}"))
        await self.writes(line.partition(".")[0])

    async def leaves(self) -> bool:
        return False

    async def sends_file(self, name: str, content: bytes) -> bool:
        return False

    async def again(self) -> None:
        return None

    async def sees(self) -> str:
        return self._out.getvalue()


class TestConsole(ChannelContract):
    @pytest.fixture
    async def wire(self) -> ConsoleWire:
        wire = ConsoleWire()
        await wire.channel.start(wire.house.receive)
        return wire


async def test_lines_come_through_a_real_pipe_one_after_another_until_it_ends() -> None:
    reading, writing = os.pipe()
    os.write(writing, "прво\n\n2\nlast one without an end".encode())
    os.close(writing)
    house, out = Listener(), io.StringIO()
    with os.fdopen(reading, encoding="utf-8") as source:
        console = Console(
            source, out, now=lambda: NOW, fresh=iter("abcdefg").__next__, waiting=nothing_waits, language="sr"
        )
        await console.start(house.receive)
        await asyncio.wait_for(console.talk(), 30)
    assert [(a.event, a.heard.text) for a in house.arrivals] == [
        ("opened", ""),
        ("heard", "прво"),
        ("heard", "2"),
        ("heard", "last one without an end"),
    ]
    assert {a.sender.language for a in house.arrivals} == {"sr"}


async def test_a_line_waits_for_the_answer_to_the_one_before() -> None:
    waiting = [True, True, False]
    out, order = io.StringIO(), []

    async def still(_external_id: str) -> bool:
        order.append("asks")
        return waiting.pop(0) if waiting else False

    typed = Typed()
    typed.lines = ["one", "two"]
    console = Console(typed, out, now=lambda: NOW, fresh=iter("abcdefg").__next__, waiting=still)

    async def receive(arrival: Arrival) -> None:
        order.append(arrival.heard.text)

    await console.start(receive)
    await console.talk(greet=False)
    assert order == ["one", "asks", "asks", "asks", "two", "asks"]


def test_numbers_stand_for_what_is_printed_beside_them() -> None:
    message = Spoken(
        "Which?",
        "en",
        (
            SpokenButton("More", "m"),
            SpokenButton("Page", url="https://example.org"),
            SpokenButton("Back", "w.back", quiet=True),
        ),
        (SpokenCard("Card", (SpokenButton("Take", "t"),)),),
    )
    printed = shown(message)
    on_offer = numbers(message)
    for number, label in (("1", "Take"), ("2", "More"), ("0", "Back")):
        assert f"{number}. {label}" in printed
    assert on_offer == {"1": "t", "2": "m", "0": "w.back"}


def test_a_label_wins_over_a_position() -> None:
    grades = say("Which grade?", "2", "1")
    typed = read("1", numbers(grades), grades.buttons)
    assert typed is not None
    assert typed.heard.tap == "7.t2"


def test_what_is_shown_cannot_move_the_cursor() -> None:
    assert shown(say("a\x1b[2Jb\u202ec\rd")) == "a[2Jbcd"
