"""Tests side by side: `pytest --workers 3` collects once, then forks so many processes that share the work.

Importing and collecting everything takes a third of a minute: here it is done once, for all of them. Whoever is idle
takes the next unit: a file, or a piece of one whose tests share nothing. What each reports is told to this process, so
that failures, durations and reports of any kind are pytest's own. No test is lost silently: those of a process that
died are reported as failed.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import groupby
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

import pytest

PIECE = 4
"""Tests of one file that are handed out at once, where they share nothing."""
SHARED = ("class", "module", "package")
Unit = list[int]
"""Places in the list of collected tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--workers", type=int, default=1, help="run the tests in so many processes")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Take over from pytest where there is something to share."""
    number = min(session.config.getoption("workers"), len(session.items))
    alone = session.testsfailed or session.config.option.collectonly or session.config.option.usepdb
    if number < 2 or alone or not hasattr(os, "fork"):
        return None
    Shared(session, number).run()
    return True


def units(items: list[pytest.Item]) -> Iterator[Unit]:
    """Files whose tests share what a fixture made stay whole, others are cut."""
    for _file, grouped in groupby(range(len(items)), key=lambda place: items[place].path):
        places = list(grouped)
        step = len(places) if any(_shares(items[place]) for place in places) else PIECE
        for begin in range(0, len(places), step):
            yield places[begin : begin + step]


def _shares(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return True
    known: Mapping[str, Any] = item._fixtureinfo.name2fixturedefs
    return any(one.scope in SHARED for found in known.values() for one in found)


class Shared:
    """The run as this process sees it: who works, what is left, what has been told."""

    def __init__(self, session: pytest.Session, number: int) -> None:
        self._session = session
        self._left = deque(units(session.items))
        self._open: dict[Connection, dict[str, pytest.Item]] = {}
        """What each was given and has not finished."""
        self._pids: dict[Connection, int] = {}
        for _worker in range(number):
            self._begin()

    def _begin(self) -> None:
        here, there = Pipe()
        pid = os.fork()
        if not pid:
            here.close()
            for other in self._pids:
                other.close()
            _work(self._session, there)
        there.close()
        self._pids[here], self._open[here] = pid, {}

    def run(self) -> None:
        """Until everybody is through. Raises what pytest raises where it is to stop at a failure."""
        try:
            while self._pids:
                for line in wait(list(self._pids)):
                    assert isinstance(line, Connection)
                    self._hear(line)
        finally:
            for pid in self._pids.values():
                os.kill(pid, signal.SIGTERM)
                os.waitpid(pid, 0)
        assert self._stops or not self._left, "tests were left over"
        if self._session.shouldfail:
            raise self._session.Failed(self._session.shouldfail)
        if self._session.shouldstop:
            raise self._session.Interrupted(self._session.shouldstop)

    @property
    def _stops(self) -> bool:
        return bool(self._session.shouldfail or self._session.shouldstop)

    def _hear(self, line: Connection) -> None:
        try:
            kind, what = line.recv()
        except EOFError:
            self._ended(line)
            return
        if kind == "more":
            self._give(line)
        elif kind == "report":
            self._told(line, what)
        else:
            self._lost(line, what)

    def _give(self, line: Connection) -> None:
        unit = self._left.popleft() if self._left and not self._stops else None
        for place in unit or ():
            item = self._session.items[place]
            self._open[line][item.nodeid] = item
        line.send(unit)

    def _told(self, line: Connection, data: dict[str, Any]) -> None:
        config = self._session.config
        report = config.hook.pytest_report_from_serializable(config=config, data=data)
        config.hook.pytest_runtest_logreport(report=report)
        if report.when == "teardown":
            del self._open[line][report.nodeid]
            config.hook.pytest_runtest_logfinish(nodeid=report.nodeid, location=report.location)

    def _ended(self, line: Connection) -> None:
        _pid, status = os.waitpid(self._pids.pop(line), 0)
        died_in_a_test = bool(self._open[line])
        if status or died_in_a_test:
            self._lost(line, f"the process that ran it ended with {os.waitstatus_to_exitcode(status)}")
        if died_in_a_test and self._left and not self._stops:
            self._begin()

    def _lost(self, line: Connection, why: str) -> None:
        """Tests that were begun or given and will not end, and what went wrong beside tests, are failures."""
        lost = list(self._open[line].values())
        places = [(item.nodeid, item.location) for item in lost] or [("tests", ("tests", None, "tests"))]
        for nodeid, location in places:
            report = pytest.TestReport(nodeid, location, {}, "failed", why, "call")
            self._session.config.hook.pytest_runtest_logreport(report=report)
        self._open[line].clear()


# ---------------------------------------------------------------- inside such a process


class _Telling:
    """What pytest would report here goes to whoever shows it."""

    def __init__(self, config: pytest.Config, line: Connection) -> None:
        self._config, self._line = config, line

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        self._line.send(("report", data))


def _work(session: pytest.Session, line: Connection) -> None:
    """All that this process is there for; it does not return."""
    code = 1
    try:
        _settle_in(session.config, line)
        _run_all(session, line)
        session.config._ensure_unconfigure()
        atexit._run_exitfuncs()
        code = 0
    except KeyboardInterrupt:
        code = 2
    except BaseException:  # noqa: BLE001  # it is told, and fails the run
        with contextlib.suppress(OSError):
            line.send(("broke", traceback.format_exc()))
    finally:
        os._exit(code)


def _settle_in(config: pytest.Config, line: Connection) -> None:
    """Its own captured output; nothing is shown from here, and nothing is undone that the first process made."""
    plugins = config.pluginmanager
    capture = plugins.getplugin("capturemanager")
    assert capture is not None
    capture.stop_global_capturing()
    capture.start_global_capturing()
    for name in ("terminalreporter", "junitxml", "cacheprovider", "lfplugin"):
        plugin = plugins.getplugin(name)
        if plugin is not None:
            plugins.unregister(plugin)
    plugins.register(_Telling(config, line))
    atexit._clear()
    gc.freeze()


def _run_all(session: pytest.Session, line: Connection) -> None:
    def more() -> Unit | None:
        line.send(("more", None))
        unit: Unit | None = line.recv()
        return unit

    unit = more()
    while unit is not None:
        following: Unit | None = None
        for number, place in enumerate(unit):
            after: int | None
            if number + 1 < len(unit):
                after = unit[number + 1]
            else:  # asked for early: fixtures of the whole run live on only if another test is known to come
                following = more()
                after = following[0] if following else None
            item = session.items[place]
            next_one = None if after is None else session.items[after]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_one)
        unit = following
