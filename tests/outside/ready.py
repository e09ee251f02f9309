"""A process that has imported everything and begins the program's commands as forks of itself, in no time.

Importing costs some seconds of CPU for each start, and the tests from outside start the program often. What begins here
is the program itself, in a process of its own with its own folder and environment; only its modules are there already.
Starts as people make them, from nothing, are those of test_command_line.py.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

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


class Ready:
    """The process with everything imported, as seen from a test."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.outside.ready"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        atexit.register(self.close)

    def begin(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], out: Path, error: Path
    ) -> Fork:
        """Begin `python -m bot ARGUMENTS` in a folder. What it writes goes to the end of two files."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        ended = folder / f".ended-{time.monotonic_ns()}"
        order = {
            "arguments": list(arguments),
            "folder": str(folder),
            "environment": dict(environment),
            "out": str(out),
            "error": str(error),
            "ended": str(ended),
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return Fork(int(self._process.stdout.readline()), ended)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()


@cache
def ready() -> Ready:
    """One for all tests of this process."""
    return Ready()


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
    try:
        importlib.import_module("bot.__main__").app(order["arguments"], prog_name="python -m bot")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def main() -> None:
    """A fork for each line of the standard input, until there are no more lines."""
    for name in IMPORTED:
        importlib.import_module(name)
    importlib.import_module("bot.language.tongue").warm()
    ends: dict[int, Path] = {}

    def reap(*_signal: object) -> None:
        for pid in list(ends):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                file = ends.pop(pid)
                beside = file.with_suffix(".new")
                if file.parent.exists():
                    beside.write_text(str(os.waitstatus_to_exitcode(status)), encoding="ascii")
                    beside.rename(file)

    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        child = os.fork()
        if not child:
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
        ends[child] = Path(order["ended"])
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
