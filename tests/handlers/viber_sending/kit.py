"""What the tests of sending share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from conversations.speech import Spoken, SpokenButton
from handlers.channel import SendFailed
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Person

NASTY = "<b>Ана & Co</b> 1 < 2 &lt; 😀 *_`["
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


class Clock:
    """The time, which only the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 50, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def failure(channel: ViberChannel, message: Spoken | str, to: str, **more: Any) -> SendFailed:
    spoken = Spoken(message) if isinstance(message, str) else message
    with pytest.raises(SendFailed) as caught:
        await channel.send(to, spoken, **more)
    return caught.value


def buttons(*labels: str) -> tuple[SpokenButton, ...]:
    return tuple(SpokenButton(label, f"7.{number}") for number, label in enumerate(labels))


def grid(person: Person) -> list[tuple[str, int, int]]:
    """The keyboard as it is laid out: label, columns, rows."""
    return [(label, b["Columns"], b["Rows"]) for label, b in zip(person.labels, person.keyboard, strict=True)]


async def people(fake: FakeViber, count: int) -> list[Person]:
    made = [fake.person(f"p{number}") for number in range(count)]
    for person in made:
        person.subscribed = True
    return made
