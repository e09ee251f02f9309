"""The desk's channel running against the fake platform, and a house that writes down what arrives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from conversations.speech import Spoken
from handlers.channel import Arrival
from handlers.desk.arriving import DeskArrival
from handlers.desk.channel import DeskChannel
from tests.fakes.telegram import FakeTelegram
from tests.handlers.telegram_kit import Background, House

GROUP = -1001


class Answering(House):
    """A house that answers at once what `answers` says."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: Callable[[Arrival], str] = lambda _: ""

    async def receive(self, arrival: Arrival) -> Spoken | None:  # type: ignore[override]  # a desk is answered
        await super().receive(arrival)
        words = self.answers(arrival)
        return Spoken(words) if words else None

    @property
    def last(self) -> DeskArrival:
        arrival = self.arrivals[-1]
        assert isinstance(arrival, DeskArrival)
        return arrival


class HandTime:
    """Seconds that are moved by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@asynccontextmanager
async def desk_at(
    fake: FakeTelegram, *, receive: bool = True, token: str = "", time: HandTime | None = None
) -> AsyncIterator[tuple[DeskChannel, Answering, Background]]:
    """The desk's channel on the fake, polling if `receive`."""
    background, house = Background(), Answering()
    channel = DeskChannel(
        token or fake.token,
        spawn=background.spawn,
        now=lambda: datetime.now(UTC),
        groups=lambda: (GROUP,),
        api_url=fake.url,
        pause=lambda failures: 0.01,
        time=time or HandTime(),
    )
    if receive:
        await channel.start(house.receive)
    try:
        yield channel, house, background
    finally:
        await channel.stop()
        await background.end()
