"""The running program, killed at chosen boundaries of a story and started again, as a service manager would do it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.campaigns.platform import PATIENCE, Platform
from tests.campaigns.steps import Looks
from tests.outside.product import ROOT, free_port
from tests.outside.ready import Fork, ready

HOP, MOMENT = timedelta(minutes=30), timedelta(minutes=1)
NOT_AT_ONCE = 2.0
"""Seconds after which a look of the desk is asked for once more: it may have died in the midst of it."""


class Died(Exception):
    """The program ended otherwise than it was told to. The text is what it wrote last."""


class Program:
    """`python -m bot run` over a folder. When it is killed where it is to be, it is started again at once."""

    def __init__(
        self,
        folder: Path,
        platform: Platform,
        start: datetime,
        *,
        mutant: str = "",
        on_kill: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_kill` is called while it is dead."""
        self.folder, self._platform, self._steps = folder, platform, platform.steps
        self._mutant, self._on_kill = mutant, on_kill
        self.port = free_port()
        self._ahead = (start - datetime.now(UTC)).total_seconds()
        self._lives = 0
        self._life: Fork | None = None
        self._told_to_stop = False
        self._failed = ""
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._looks = Looks(folder) if platform.looks else None
        platform.watch.program = self

    # ------------------------------------------------------------ its lives

    def start(self) -> None:
        """Begin the first life, keep it alive from then on, and return when it has come to rest."""
        self._begin()
        self._keeper.start()
        self.wait_for_rest()

    def kill(self) -> None:
        """As a power cut does."""
        if self._life is not None:
            self._life.kill()

    def stop(self) -> None:
        """As Ctrl-C does. If it is killed while it closes, it is started again and told once more."""
        self._steps.next()
        self._told_to_stop = True
        until = time.monotonic() + PATIENCE
        while not self._over.is_set():
            if time.monotonic() > until:
                self.kill()
                self._over.wait(PATIENCE)
                raise Died(f"it does not end: {self.log()}")
            lives = self._lives
            if self._up() and self._life is not None:
                self._life.send_signal(signal.SIGINT)
                while self._lives == lives and not self._over.wait(0.02) and time.monotonic() < until:
                    continue
            self._over.wait(0.02)
        self._platform.watch.program = None
        if self._failed:
            raise Died(self._failed)

    def _keep(self) -> None:
        try:
            while True:
                assert self._life is not None
                code = self._life.wait(5 * PATIENCE)
                if code == -signal.SIGKILL and self._steps.died():
                    self._on_kill()
                    self._begin()
                    continue
                if code or not self._told_to_stop:
                    self._failed = f"it ended with {code}: {self.log()}"
                return
        except (Died, OSError, subprocess.SubprocessError) as died:
            self._failed = str(died)
        finally:
            self._over.set()

    def _begin(self) -> None:
        known = {name: value for name, value in os.environ.items() if not name.startswith("PUTOKAZ_")}
        environment = {
            **known,
            "PYTHONPATH": str(ROOT),
            "PUTOKAZ_DATA": str(self.folder / "data"),
            "PUTOKAZ_PORT": str(self.port),
            **{f"PUTOKAZ_{name}": value for name, value in self._platform.settings(self.port).items()},
        }
        dying = {
            "folder": str(self.folder),
            "ahead": self._ahead,
            "within": int(4 * PATIENCE),
            "mutant": self._mutant,
            "name_them": not self._steps.planned,
        }
        log = self.folder / "log"
        before = ("tests.campaigns.dying:prepare", dying)
        self._life = ready().begin(["run"], self.folder, environment, log, log, before)
        self._lives += 1

    def log(self) -> str:
        """What it wrote last."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8")[-3000:] if path.exists() else ""

    # ------------------------------------------------------------ from outside

    def check(self) -> None:
        """Raises Died where it ended by itself."""
        if self._over.is_set() and self._failed:
            raise Died(self._failed)

    def wait_for_rest(self) -> None:
        """Return once nothing waits: no update at a platform, no message that is due, no reminder before its tick, and
        nothing that the desk would find at its next look.
        """
        until = time.monotonic() + PATIENCE
        while True:
            self.check()
            if time.monotonic() > until:
                raise Died(f"it does not come to rest: {self._health()} {self.log()}")
            if self._idle() and self._looked() and self._idle():
                return
            time.sleep(0.05)

    def _idle(self) -> bool:
        """Whether nothing waits at this moment."""
        if not self._platform.rest:
            return False
        told = self._health()
        if told is None or told["last_tick"] is None:  # in this life
            time.sleep(0.2 if told else 0.0)
            return False
        due = sum(told["queues"].get(name, 1) for name in ("answers", "reminders", "broadcasts"))
        return self._platform.there(told) and not due

    def _looked(self) -> bool:
        """A moment later; where there is a desk, after it has looked once more. False if that takes long."""
        if self._looks is None:
            time.sleep(0.05)
            return True
        self._looks.ask()
        until = time.monotonic() + NOT_AT_ONCE
        while not self._looks.over and time.monotonic() < until:
            time.sleep(0.01)
        return self._looks.over

    def move_clock_to(self, to: datetime) -> None:
        """Move the stage's clock, hop by hop: each hop is a step, and all comes to rest after it.

        And a moment more at last: what was cut off in the midst of its round has another one.
        """
        while (now := self.now()) < to:
            self._steps.next()
            then = min(now + HOP, to)
            self._advance_to(then)
            if then == to:
                self._advance_to(then + MOMENT)
            self.wait_for_rest()

    def _advance_to(self, then: datetime) -> None:
        """Again and again where it is killed on the way."""
        until = time.monotonic() + PATIENCE
        while (left := (then - self.now()).total_seconds()) > 0:
            if time.monotonic() > until:
                raise Died(f"the clock cannot be moved: {self.log()}")
            with suppress(OSError, ValueError):  # it was killed
                self._ask("/stage/clock", f"advance={left}".encode())

    def now(self) -> datetime:
        """What time it is on its stage, once it is up."""
        until = time.monotonic() + PATIENCE
        while (told := self._health()) is None:
            self.check()
            if time.monotonic() > until:
                raise Died(f"it does not come up: {self.log()}")
            time.sleep(0.02)
        return datetime.fromisoformat(told["clock"])

    def _up(self) -> bool:
        return self._platform.there(self._health())

    def _health(self) -> dict[str, Any] | None:
        try:
            return self._ask("/health")
        except (OSError, ValueError):
            return None

    def _ask(self, path: str, body: bytes | None = None) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                told: dict[str, Any] = json.loads(answer.read())
        except urllib.error.HTTPError as error:
            told = json.loads(error.read())
        return told
