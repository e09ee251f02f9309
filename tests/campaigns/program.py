"""The running program and the platform it runs against, killed once at one chosen boundary and then started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.telegram import FakeTelegram
from tests.outside.product import ROOT, free_port
from tests.outside.talking import WITHIN

PATIENCE = 4 * WITHIN
"""Seconds for anything that the program must do, on a busy machine."""
INSIDE = ("write", "release", "commit", "committed")
"""Boundaries that the launcher counts: a statement that changes something, the end of a turn's savepoint, a commit
before and after it happened."""
OUTSIDE = ("asked", "taken", "fetched")
"""Boundaries that the platform counts: a call came and is not carried out; it was carried out and the answer does not
arrive; updates were handed out and do not arrive."""
CALLS = frozenset({"sendMessage", "sendVenue", "sendDocument", "editMessageText", "answerCallbackQuery"})
NOTHING = b'{"ok": true, "result": []}'


@dataclass(frozen=True, slots=True)
class Point:
    """A boundary: the n-th of a kind. `name` says what it was when the story ran undisturbed."""

    kind: str = ""
    number: int = 0
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.number} ({self.name})"


class Died(Exception):
    """The program ended otherwise than it was told to. The text is what it wrote last."""


class Launcher:
    """A process that has imported everything and starts lives of the program in no time (launcher.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.launcher"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def start(self, order: Mapping[str, Any]) -> int:
        """Begin a life. Returns its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._answer()["started"])

    def wait(self) -> int:
        """How the life that was begun last ended: 0, or minus the signal."""
        return int(self._answer()["ended"])

    def close(self) -> None:
        """No more lives."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _answer(self) -> dict[str, int]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Died("the launcher ended")
        told: dict[str, int] = json.loads(line)
        return told


class Platform(FakeTelegram):
    """The strict fake, which counts the calls that reach people and kills the program at the chosen one."""

    def __init__(self, point: Point) -> None:
        super().__init__()
        self.rate = None
        self.program: Program | None = None
        self.reached: list[Point] = []
        """Every boundary on this side, in order."""
        self._point, self._counts = point, Counter[str]()

    def __enter__(self) -> Platform:
        super().__enter__()
        return self

    async def _perform(self, method: str, raw: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> web.Response:
        name = f"{method} {raw.get('text', '')!s:.40}".strip()
        if method in CALLS and self._reach("asked", name):
            return web.Response(status=502)
        answer = await super()._perform(method, raw, files)
        if method in CALLS:
            self._reach("taken", name)
        elif method == "getUpdates" and answer.body != NOTHING:
            self._reach("fetched", method)
        return answer

    def _reach(self, kind: str, name: str) -> bool:
        """One more of a kind. True if the program was killed here."""
        self._counts[kind] += 1
        point = Point(kind, self._counts[kind], name)
        self.reached.append(point)
        if (point.kind, point.number) != (self._point.kind, self._point.number) or self.program is None:
            return False
        self.program.kill()
        return True


class Program:
    """`python -m bot run` over a folder. When it is killed at its point it is started again at once, as by systemd."""

    def __init__(
        self,
        launcher: Launcher,
        folder: Path,
        platform: Platform,
        start: datetime,
        *,
        point: Point | None = None,
        mutant: str = "",
        on_kill: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_kill` is called while it is dead."""
        self.folder, self._launcher, self._platform = folder, launcher, platform
        self._point, self._mutant, self._on_kill = point, mutant, on_kill
        self.port = free_port()
        self._ahead = (start - datetime.now(UTC)).total_seconds()
        self.kills = 0
        self._pid = 0
        self._told_to_stop = False
        self._failed = ""
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    # ------------------------------------------------------------ its lives

    def start(self) -> None:
        """Begin the first life, and keep it alive from then on."""
        self._pid = self._launcher.start(self._order(self._point or Point()))
        self._keeper.start()

    def kill(self) -> None:
        """As a power cut does."""
        os.kill(self._pid, signal.SIGKILL)

    def stop(self) -> None:
        """As Ctrl-C does. If it is killed while it closes, it is started again and told once more."""
        self._told_to_stop = True
        until = time.monotonic() + PATIENCE
        while not self._over.is_set():
            if time.monotonic() > until:
                self.kill()
                self._over.wait(PATIENCE)
                raise Died(f"it does not end: {self.log()}")
            lives = self.kills
            if self._up():
                os.kill(self._pid, signal.SIGINT)
                while self.kills == lives and not self._over.wait(0.02) and time.monotonic() < until:
                    continue
            self._over.wait(0.02)
        self._platform.program = None
        if self._failed:
            raise Died(self._failed)

    def _keep(self) -> None:
        try:
            while True:
                code = self._launcher.wait()
                if code == -signal.SIGKILL and self._point is not None and not self.kills:
                    self.kills += 1
                    self._on_kill()
                    self._pid = self._launcher.start(self._order(Point()))
                    continue
                if code or not self._told_to_stop:
                    self._failed = f"it ended with {code}: {self.log()}"
                return
        except (Died, OSError) as died:
            self._failed = str(died)
        finally:
            self._over.set()

    def _order(self, point: Point) -> dict[str, Any]:
        inside = point.kind in INSIDE
        return {
            "folder": str(self.folder),
            "environment": {
                "PUTOKAZ_DATA": str(self.folder / "data"),
                "PUTOKAZ_PORT": str(self.port),
                "PUTOKAZ_TELEGRAM_TOKEN": self._platform.token,
                "PUTOKAZ_TELEGRAM_API_URL": self._platform.url,
            },
            "ahead": self._ahead,
            "kind": point.kind if inside else "",
            "number": point.number if inside else 0,
            "name_them": self._point is None,
            "mutant": self._mutant,
            "within": 4 * PATIENCE,
        }

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
        """Return once nothing waits: no update at the platform, no message that is due, no reminder before its tick."""
        until = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 2:
            self.check()
            if time.monotonic() > until:
                raise Died(f"it does not come to rest: {self._health()} {self.log()}")
            told = self._health()
            rests = told is not None and told["channels"].get("telegram") == "ok" and not self._platform.updates.pending
            rests = rests and told is not None and told["last_tick"] is not None  # of this life
            due = sum(told["queues"].get(name, 0) for name in ("answers", "reminders", "broadcasts")) if told else 1
            quiet = quiet + 1 if rests and not due else 0
            time.sleep(0.05)

    def move_clock_to(self, to: datetime) -> None:
        """Move the stage's clock, again and again where the program was killed on the way."""
        until = time.monotonic() + PATIENCE
        while True:
            self.check()
            try:
                left = (to - self.now()).total_seconds()
                if left <= 0:
                    return
                self._ask("/stage/clock", f"advance={left}".encode())
            except (OSError, ValueError):  # it was killed, or is not up yet
                if time.monotonic() > until:
                    raise Died(f"the clock cannot be moved: {self.log()}") from None
                time.sleep(0.02)

    def now(self) -> datetime:
        """What time it is on its stage. Raises OSError while it is not up."""
        return datetime.fromisoformat(self._ask("/health")["clock"])

    def _up(self) -> bool:
        told = self._health()
        return told is not None and told["channels"].get("telegram") == "ok"

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
