"""From `python -m bot run` to the first page served, and the memory then, beside importing aiogram alone."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds after which a start counts as failed."""
_PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


@dataclass(frozen=True, slots=True)
class Measured:
    """One way to start. Seconds on the wall and of CPU time until the page is there; memory in MB then, and after
    everything that is loaded beside the serving page has been."""

    what: str
    seconds: float
    cpu: float
    megabytes: float
    settled: float


def measure(runs: int = 5) -> list[Measured]:
    """The first start with an empty database, later ones, and importing aiogram: medians of so many runs."""
    first, later, imported = [], [], []
    for _run in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            first.append(_start(Path(folder)))
            later.append(_start(Path(folder)))
        imported.append(_import("aiogram"))
    return [
        _median("python -m bot run, every start but the first", later),
        _median("python -m bot run, the first start (tables and sample are made)", first),
        _median('python -c "import aiogram"', imported),
    ]


def _start(data: Path) -> tuple[float, float, float, float]:
    port = _free_port()
    own = {
        "PUTOKAZ_DATA": str(data),
        "PUTOKAZ_PORT": str(port),
        "PUTOKAZ_TELEGRAM_TOKEN": "",
        "PUTOKAZ_DATABASE_URL": "",
        "PYTHONDONTWRITEBYTECODE": "",  # as after `make install`: what was compiled once is kept
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            while not _served(port):
                if running.poll() is not None or time.perf_counter() - began > PATIENCE:
                    raise RuntimeError("the program did not serve its page")
                time.sleep(0.01)
            took, cpu, memory = time.perf_counter() - began, _cpu(running.pid), _memory(running.pid)
            settled = _settled(running.pid)
        finally:
            running.send_signal(signal.SIGINT)
    return took, cpu, memory, settled


def _settled(pid: int) -> float:
    """The memory once the process has nothing more to load: when it used hardly any CPU for a second."""
    until, used = time.perf_counter() + PATIENCE, _cpu(pid)
    while time.perf_counter() < until:
        time.sleep(1.0)
        before, used = used, _cpu(pid)
        if used - before < 0.1:
            return _memory(pid)
    raise RuntimeError("the program did not come to rest")


def _served(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _import(library: str) -> tuple[float, float, float, float]:
    began, spent = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "-c", f"import {library}; {_PEAK}"], check=True, capture_output=True, text=True, cwd=ROOT
    )
    took, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - spent.children_user - spent.children_system
    memory = int(done.stdout) * 1024 / 1_000_000
    return took, cpu, memory, memory


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _median(what: str, runs: list[tuple[float, float, float, float]]) -> Measured:
    seconds, cpu, megabytes, settled = (statistics.median(values) for values in zip(*runs, strict=True))
    return Measured(what, seconds, cpu, megabytes, settled)


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
        sys.stdout.write(f"{line}\n")
