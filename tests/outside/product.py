"""Runs `python -m bot run` as a separate process and does what an operator can: health, clock, invitations, signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.outside.ready import Fork, ready

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
"""Seconds for a start on a busy machine of two cores; importing aiogram alone takes some."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Product:
    """One running program over a data folder; it can be killed and started again over the same folder."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log.txt"
        known = {name: value for name, value in os.environ.items() if not name.startswith("PUTOKAZ_")}
        self.environment = {
            **known,
            "PYTHONPATH": str(ROOT),
            "PUTOKAZ_DATA": str(folder / "data"),
            "PUTOKAZ_PORT": str(self.port),
            "PUTOKAZ_LOG_JSON": "true",
            **{f"PUTOKAZ_{name.upper()}": value for name, value in settings.items()},
        }
        self.process: subprocess.Popen[bytes] | Fork | None = None

    def __enter__(self) -> Product:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def start(self, *, from_nothing: bool = False) -> None:
        """Serve, and wait for the page. `from_nothing`: by an interpreter of its own, as people start it."""
        if from_nothing:
            with self.log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "bot", "run"], cwd=self.folder, env=self.environment, stdout=log, stderr=log
                )
        else:
            self.process = ready().begin(["run"], self.folder, self.environment, self.log, self.log)
        self.wait_until(lambda: self.health() is not None)

    def stop(self) -> int:
        """As Ctrl-C does; how it ended."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=20)
        self.process = None
        return code

    def kill(self) -> None:
        """As a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def wait_until(self, happened: Any, within: float = PATIENCE) -> None:
        """Ask until it has happened; the process must live that long."""
        until = time.monotonic() + within
        while not happened():
            assert self.process is None or self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < until, f"not within {within} s\n{self.log.read_text(encoding='utf-8')[-4000:]}"
            time.sleep(0.05)

    def wait_for_telegram(self) -> None:
        self.wait_until(lambda: (self.health() or {}).get("channels", {}).get("telegram") == "ok")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def health(self) -> dict[str, Any] | None:
        try:
            _status, body = self.get("/health")
        except OSError:
            return None
        told: dict[str, Any] = json.loads(body)
        return told

    def advance(self, seconds: float) -> dict[str, Any]:
        """Move the stage's clock."""
        request = urllib.request.Request(self.url + "/stage/clock", data=f"advance={seconds}".encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            told: dict[str, Any] = json.loads(answer.read())
            return told

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the program, over the same folder."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            out, error = Path(folder) / "out", Path(folder) / "error"
            code = ready().begin(arguments, self.folder, self.environment, out, error).wait(PATIENCE)
            told = [file.read_text(encoding="utf-8") for file in (out, error)]
        return subprocess.CompletedProcess(arguments, code, *told)

    def invite_staff(self, *arguments: str) -> str:
        """The code, which stands alone on the last line."""
        done = self.run("invite-staff", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip().splitlines()[-1]
