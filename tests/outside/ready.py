"""A process that has imported everything and begins the program's commands as forks of itself, in no time.

Importing costs some seconds of CPU for each start, and the tests from outside start the program often. What begins here
is the program itself, in a process of its own with its own folder and environment; only its modules are there already.
Starts as people make them, from nothing, are those of test_command_line.py. Tests that run side by side share one.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy.orm import configure_mappers

SHARED = "TESTS_READY"
"""The environment variable that tells processes of one test run of the process they share."""
ROOT = Path(__file__).parent.parent.parent
IMPORTED = (
    "bot.__main__",
    "bot.assembly",
    "bot.works",
    "bot.running.checking",
    "bot.running.invite",
    "bot.keeping.retention",
    "handlers.desk.line",
    "handlers.telegram.line",
    "handlers.viber.line",
    "alembic.command",
)


class Fork:
    """A process that was begun here: what `subprocess.Popen` would offer of it."""

    def __init__(self, pid: int, ended: Path) -> None:
        self.pid, self._ended = pid, ended
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended: its code, or minus the signal; None while it lives."""
        if self.returncode is None and self._ended.exists():
            self.returncode = int(self._ended.read_text(encoding="ascii"))
        return self.returncode

    def wait(self, timeout: float = 60.0) -> int:
        """Raises subprocess.TimeoutExpired after so many seconds."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Shared:
    """The process with everything imported, as seen from whoever starts it: it lives as long as that one does."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ready")
        self.address = str(Path(self._folder.name) / "orders")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self.address)
            listening.listen(64)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.outside.ready", str(listening.fileno())],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                pass_fds=[listening.fileno()],
            )
        atexit.register(self.close)

    def close(self) -> None:
        """It ends with its standard input."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._folder.cleanup()


class Ready:
    """The process with everything imported, as seen from a test."""

    def __init__(self, address: str) -> None:
        self._address = address

    def begin(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        out: Path,
        error: Path,
        before: tuple[str, Mapping[str, Any]] | None = None,
    ) -> Fork:
        """Begin `python -m bot ARGUMENTS` in a folder. What it writes goes to the end of two files.

        `before`: a function ("module:name") that is called in the new process first, and what it is given.
        """
        ended = folder / f".ended-{time.monotonic_ns()}"
        order = {
            "arguments": list(arguments),
            "folder": str(folder),
            "environment": {name: value for name, value in environment.items() if name != SHARED},
            "out": str(out),
            "error": str(error),
            "ended": str(ended),
            "before": before,
        }
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._address)
            with line.makefile("rw", encoding="utf-8") as written:
                written.write(json.dumps(order) + "\n")
                written.flush()
                return Fork(int(written.readline()), ended)


@cache
def ready() -> Ready:
    """One for all tests of a run: it is begun where there is none yet."""
    if SHARED not in os.environ:
        os.environ[SHARED] = _shared().address
    return Ready(os.environ[SHARED])


@cache
def _shared() -> Shared:
    return Shared()


# ---------------------------------------------------------------- inside that process


def become(order: Mapping[str, Any]) -> int:
    """Be the program, as `python -m bot ...` in that folder with that environment would be it. Its exit code."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    out, error = (os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for name in ("out", "error"))
    for number, descriptor in enumerate((nothing, out, error)):
        os.dup2(descriptor, number)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    if order["before"]:
        name, given = order["before"]
        module, _, function = name.partition(":")
        getattr(importlib.import_module(module), function)(**given)
    try:
        importlib.import_module("bot.__main__").app(order["arguments"], prog_name="python -m bot")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def main() -> None:
    """A fork for each order, until the standard input ends."""
    gc.disable()  # hardly anything of what is imported is garbage
    for name in IMPORTED:
        importlib.import_module(name)
    importlib.import_module("bot.language.tongue").warm()
    configure_mappers()
    settings = vars(importlib.import_module("bot.settings"))
    settings["available_timezones"] = cache(settings["available_timezones"])  # it reads a folder of the system
    settings["available_timezones"]()
    gc.freeze()  # and what is not looked at is not copied when a fork looks for its own
    gc.enable()
    ends: dict[int, Path] = {}

    def reap(*_signal: object) -> None:
        for pid in list(ends):
            try:
                gone, status = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:  # another end came while this one was looked at, and took both
                continue
            if gone:
                file = ends.pop(pid)
                beside = file.with_suffix(".new")
                if file.parent.exists():
                    beside.write_text(str(os.waitstatus_to_exitcode(status)), encoding="ascii")
                    beside.rename(file)

    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listening = socket.socket(fileno=int(sys.argv[1]))
    while True:
        found, _none, _neither = select.select([listening, sys.stdin], [], [])
        if sys.stdin in found:
            return
        line, _address = listening.accept()
        with line, line.makefile("rw", encoding="utf-8") as written:
            order = json.loads(written.readline())
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
            child = os.fork()
            if not child:
                _live(order)
            ends[child] = Path(order["ended"])
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
            written.write(f"{child}\n")


def _live(order: Mapping[str, Any]) -> NoReturn:
    """What a fork does, and then it ends. It answers nobody: what it inherited of the conversation stays unused."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    code = 1
    try:
        code = become(order)
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
