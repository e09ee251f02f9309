"""The product in a process of its own that is killed at one chosen boundary: the entry point of the kill campaign."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from bot import logs
from bot.dialogue import Dialogue
from bot.leases import Leases
from bot.nursery import Nursery
from bot.outbox import Outbox
from bot.reminders import Ticker
from bot.schedule import TICKS, Schedule
from bot.store import SqliteStore
from bot.switchboard import Switchboard
from bot.telling import Rules
from conversations.deeds.help import Concern
from conversations.engine import Engine
from conversations.every import CONVERSATIONS, STANDING
from conversations.speech import Heard, Spoken
from handlers.channel import Arrival, Capabilities, Pace, Receive, Relay, Route, Sender, Sent
from models.message import Outgoing
from models.sending import resend

CHANNEL = "console"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody writes, somebody taps (`label`), or the clock is moved to `to`."""

    who: str = ""
    text: str = ""
    label: str = ""
    to: datetime | None = None


class Files:
    """What outlives the process: what the platform was asked to show, what it delivered, what was acknowledged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'putokaz.db'}"

    def add(self, name: str, entry: dict[str, Any]) -> int:
        """Append a line; a process that is killed does not lose what was written. Returns the line's number."""
        path = self.folder / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, json.dumps(entry).encode() + b"\n")
        os.close(descriptor)
        return len(self.read(name))

    def read(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


class Boundaries:
    """Counts the boundaries that the process comes to and kills it at the chosen one, without any farewell."""

    def __init__(self, files: Files, kill_at: int, *, name_them: bool) -> None:
        self.count = 0
        self._files, self._kill_at, self._name_them = files, kill_at, name_them

    def reach(self, name: str) -> None:
        self.count += 1
        if self._name_them:
            self._files.add("boundaries", {"name": name})
        if self.count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class CountingStore(SqliteStore):
    """The store, with a boundary before each statement and commit, and after each commit."""

    def __init__(self, url: str, boundaries: Boundaries) -> None:
        super().__init__(url)
        self._boundaries = boundaries

        @event.listens_for(self.engine, "connect")
        def connected(connection: Any, _record: Any) -> None:
            """What the system was given to write survives the death of the process: no need to wait for the disk."""
            connection.execute("PRAGMA synchronous=OFF")

        @event.listens_for(self.engine, "before_cursor_execute")
        def executing(_c: Any, _cursor: Any, statement: str, _given: Any, _context: Any, _many: bool) -> None:
            boundaries.reach("sql " + statement.split(maxsplit=1)[0].lower())

        @event.listens_for(self.engine, "commit")
        def committing(_connection: Any) -> None:
            boundaries.reach("commit")

    async def write(self, work: Callable[[Any], Any]) -> Any:
        result = await super().write(work)
        self._boundaries.reach("committed")
        return result


@dataclass
class Platform:
    """A channel whose platform is a file: what it was asked to show stays shown, whatever becomes of the process."""

    files: Files
    boundaries: Boundaries
    now: Callable[[], datetime]
    name: str = CHANNEL
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            text_length=4000, label_length=64, buttons=100, buttons_in_row=2, cards=100, venues=True, documents=True
        )
    )
    pace: Pace = field(default_factory=lambda: Pace(10_000.0, 10_000.0, 1000))

    def routes(self) -> Sequence[Route]:
        return ()

    async def start(self, receive: Receive) -> None:
        return

    async def stop(self) -> None:
        return

    async def send(self, external_id: str, message: Spoken, *, shown_id: str = "", relay: Relay | None = None) -> Sent:
        self.boundaries.reach("send")
        buttons = [*(b for card in message.cards for b in card.buttons), *message.buttons]
        number = self.files.add(
            "shown",
            {
                "to": external_id,
                "text": message.text,
                "at": self.now().isoformat(),
                "buttons": {button.label: button.tap for button in buttons},
            },
        )
        self.boundaries.reach("sent")
        return Sent(f"h{number}")


class Clock:
    """Stands where the story put it last."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Run:
    """One life of the process: takes up the story where the last life was killed."""

    def __init__(self, folder: Path, steps: Sequence[Step], start: datetime, kill_at: int, *, name_them: bool) -> None:
        self.files, self.steps = Files(folder), steps
        self.done = {entry["step"] for entry in self.files.read("acknowledged")}
        moved = [step.to for number, step in enumerate(steps) if number in self.done and step.to]
        self.clock = Clock(moved[-1] if moved else start)
        self.boundaries = Boundaries(self.files, kill_at, name_them=name_them)
        self.nursery = Nursery()
        self.store = CountingStore(self.files.database, self.boundaries)
        platform = Platform(self.files, self.boundaries, self.clock.now)
        rules = Rules()
        self.outbox = Outbox(self.store, {CHANNEL: platform}, self.clock, self.nursery)
        dialogue = Dialogue(Engine(CONVERSATIONS, concern=Concern), STANDING, rules)
        self.board = Switchboard(self.store, dialogue, self.outbox, self.clock)
        ticker = Ticker(self.store, self.outbox, self.clock, rules)
        leases = Leases(
            self.store, (CHANNEL, TICKS), asyncio.get_running_loop(), gained=self._gained, lost=self._lost, alone=True
        )
        self.schedule = Schedule(self.store, self.outbox, self.clock, rules, ticker, leases)

    async def _gained(self, name: str) -> None:
        if name == CHANNEL:
            await self.outbox.hold(name)

    async def _lost(self, name: str) -> None:
        if name == CHANNEL:
            self.outbox.let_go(name)

    async def play(self) -> None:
        """From the first step that was not acknowledged to the end; the last ones acknowledged come once more."""
        await self.schedule.run_all()
        for number in sorted(self.done)[-2:]:
            if not self.steps[number].to:
                await self._arrive(number)
        for number, step in enumerate(self.steps):
            if number in self.done:
                continue
            if step.to is not None:
                await self._move(step.to)
            else:
                await self._arrive(number)
            await self.outbox.idle()
            self.boundaries.reach("acknowledge")
            self.files.add("acknowledged", {"step": number})
            self.boundaries.reach("acknowledged")
        for _round in range(2):
            await self.schedule.run_all()
        await self.outbox.stop()
        await self.nursery.close()
        self.store.close()
        self.files.add("ended", {"boundaries": self.boundaries.count, "clock": self.clock.at.isoformat()})

    async def _move(self, to: datetime) -> None:
        while self.clock.at < to:
            self.clock.at = min(to, self.clock.at + timedelta(hours=6))
            await self.schedule.run_all()

    async def _arrive(self, number: int) -> None:
        step = self.steps[number]
        delivered = {entry["step"]: entry["tap"] for entry in self.files.read("delivered")}
        if number not in delivered:
            delivered[number] = await self._tap(step) if step.label else ""
            self.files.add("delivered", {"step": number, "tap": delivered[number]})
        await self.board.receive(
            Arrival(
                CHANNEL,
                f"s{number}",
                Sender(step.who, "sr-Latn"),
                self.clock.now(),
                heard=Heard(text=step.text, tap=delivered[number]),
            )
        )

    async def _tap(self, step: Step) -> str:
        """What the button carries. A message in doubt that never came is sent again by staff, as they would."""
        for _attempt in range(3):
            for shown in reversed(self.files.read("shown")):
                if shown["to"] == step.who and step.label in shown["buttons"]:
                    return str(shown["buttons"][step.label])
            await self.store.write(self._resend_doubts)
            await self.schedule.run_all()
        raise AssertionError(f"{step.who} was never shown {step.label}")

    def _resend_doubts(self, session: Any) -> None:
        doubts = select(Outgoing.id).where(Outgoing.state == "unsure", Outgoing.kind == "offer")
        for outgoing_id in session.scalars(doubts).all():
            resend(session, self.clock.now(), outgoing_id)


def live(
    folder: Path,
    steps: Sequence[Step],
    start: datetime,
    kill_at: int = 0,
    *,
    name_them: bool = False,
    mutate: Callable[[], None] | None = None,
    within: float = 60.0,
) -> int:
    """Fork, play, and return how it ended: 0 for well, -9 for killed. The parent must have no other threads."""
    child = os.fork()
    if child:
        _pid, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    code = 1
    try:
        signal.alarm(int(within))
        with (folder / "log").open("a") as log_file:
            logs.set_up(level="WARNING", to=log_file)
            if mutate is not None:
                mutate()

            async def play() -> None:
                await Run(folder, steps, start, kill_at, name_them=name_them).play()

            asyncio.run(play())
            code = 0
    except BaseException as error:  # noqa: BLE001  # the parent reads what it was
        (folder / "failed").write_text(logs.told_of(error) + f"\n{error}")
    finally:
        os._exit(code)
