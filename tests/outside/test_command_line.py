"""The commands as somebody at a terminal meets them: each says in a sentence what is wrong, and ends as it should."""

from __future__ import annotations

import logging
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.telegram import FakeTelegram
from tests.outside.product import Product
from tests.outside.talking import do, finds_maths, sr, welcomed

WRONG_SETTINGS = (
    ("port", "many", "PUTOKAZ_PORT"),
    ("port", "70000", "PUTOKAZ_PORT"),
    ("telegram_token", "not-a-token", "PUTOKAZ_TELEGRAM_TOKEN"),
    ("telegram_api_url", "ftp://there", "PUTOKAZ_TELEGRAM_API_URL"),
    ("public_url", "putokaz.example.org", "PUTOKAZ_PUBLIC_URL"),
    ("database_url", "mysql://there", "PUTOKAZ_DATABASE_URL"),
    ("default_language", "klingon", "PUTOKAZ_DEFAULT_LANGUAGE"),
    ("time_zone", "Europe/Bor", "PUTOKAZ_TIME_ZONE"),
    ("quiet_from", "25", "PUTOKAZ_QUIET_FROM"),
    ("quiet_until", "23", "PUTOKAZ_QUIET_UNTIL"),
    ("sample", "perhaps", "PUTOKAZ_SAMPLE"),
)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def told(self) -> str:
        """What went to the terminal. No command ever shows the inside of the program."""
        told = self.stdout + self.stderr
        assert "Traceback" not in told
        return told


Command = Callable[..., Done]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Runs a command in this process: importing everything anew for each would take minutes in all."""
    from typer.testing import CliRunner

    from bot.__main__ import app

    root = logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, folder: Path = tmp_path, **settings: str) -> Done:
        for name, value in ({"data": str(folder / "data")} | settings).items():
            monkeypatch.setenv(f"PUTOKAZ_{name.upper()}", value)
        done = CliRunner().invoke(app, arguments, prog_name="python -m bot")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    yield run
    root.handlers[:], root.level = before


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One program without a token, for all tests of this file that need it to run."""
    product = Product(tmp_path_factory.mktemp("running"))
    product.start(from_nothing=True)
    yield product
    product.stop()


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize(("name", "value", "variable"), WRONG_SETTINGS)
def test_a_wrong_setting_is_one_sentence_that_names_it(
    name: str, value: str, variable: str, command: Command, tmp_path: Path
) -> None:
    done = command("run", **{name: value})
    sentences = done.told.strip().splitlines()
    assert done.code == 2
    assert done.stdout == ""
    assert len(sentences) == 1
    assert sentences[0].startswith(f"{variable} ")
    assert sentences[0].endswith(".")
    assert name != "telegram_token" or value not in sentences[0]
    assert not (tmp_path / "data").exists(), "nothing is made with settings that are wrong"


def test_several_wrong_settings_are_all_named(command: Command) -> None:
    done = command("run", port="many", time_zone="Europe/Bor")
    assert {line.split()[0] for line in done.told.splitlines()} == {"PUTOKAZ_PORT", "PUTOKAZ_TIME_ZONE"}


@pytest.mark.parametrize("name", ["", "run", "check", "talk", "invite-staff", "poster"])
def test_every_command_explains_itself(name: str, command: Command) -> None:
    done = command(*filter(None, [name]), "--help")
    assert done.code == 0
    assert f"python -m bot {name}".rstrip() in done.told
    assert len(done.told.splitlines()) > 5


# ---------------------------------------------------------------- check


def test_check_says_that_all_is_well_or_what_is_not(command: Command) -> None:
    wrong = "4711:another-token-of-the-same-shape-0000"
    with FakeTelegram() as fake:
        url, token = fake.url, fake.token
        well = command("check", telegram_token=token, telegram_api_url=url)
        refused = command("check", telegram_token=wrong, telegram_api_url=url)
    nobody = command("check", telegram_token=wrong, telegram_api_url=url)
    assert well.code == 0, well.told
    assert well.told.count("  ok ") == 7
    assert "@demo_bot, long polling" in well.told
    for done, reason in ((refused, "the token is refused"), (nobody, "Telegram is not reached")):
        assert done.code == 1
        assert f"WRONG  telegram: {reason}" in done.told
        assert done.told.count("WRONG") == 1
    for done in (well, refused, nobody):
        assert token not in done.told
        assert wrong not in done.told


# ---------------------------------------------------------------- invite-staff, talk


def test_an_invited_colleague_finds_the_desk_through_a_pipe(tmp_path: Path, command: Command) -> None:
    code = command("invite-staff", "--organisation", "kokoro", "--role", "staff").stdout.splitlines()[-1]
    assert len(code) == 22
    talk = subprocess.run(
        [sys.executable, "-m", "bot", "talk"],
        cwd=tmp_path,
        env=Product(tmp_path).environment,
        input=f"/start {code}\nSrpski\n{sr('Yes')}\n/menu\n7\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert talk.returncode == 0, talk.stderr
    assert "Traceback" not in talk.stderr
    told = [talk.stdout.find(sr(words)) for words in ("🗂 For staff", "➕ Publish something new")]
    assert -1 not in told, talk.stdout
    assert told == sorted(told)


def test_an_unknown_organisation_or_role_is_a_sentence_with_what_there_is(command: Command) -> None:
    nowhere = command("invite-staff", "--organisation", "nowhere")
    nothing = command("invite-staff", "--role", "king")
    assert (nowhere.code, nothing.code) == (2, 2)
    assert (nowhere.stdout, nothing.stdout) == ("", "")
    assert "kokoro" in nowhere.told
    assert "king" in nothing.told


# ---------------------------------------------------------------- what stands in the way of a start


def test_a_second_process_on_the_same_file_is_refused_and_the_first_goes_on(running: Product, command: Command) -> None:
    for name in ("run", "talk"):
        done = command(name, folder=running.folder)
        assert done.code == 1
        assert "Another Putokaz" in done.told
        assert len(done.told.strip().splitlines()) == 1
    code = command("invite-staff", folder=running.folder).stdout.splitlines()[-1]
    assert len(code) == 22, "codes are made beside the running program"
    assert running.health() is not None


def test_a_taken_port_is_a_sentence_with_the_way_out(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = command("run", port=str(port))
    assert done.code == 1
    assert f"Port {port} is taken" in done.told
    assert "PUTOKAZ_PORT" in done.told


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(command: Command, tmp_path: Path) -> None:
    command("invite-staff")
    file = tmp_path / "data" / "putokaz.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = 'v9999'")
        database.commit()
    for name in ("run", "invite-staff"):
        done = command(name)
        assert done.code == 1
        assert "newer version" in done.told
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("v9999",)]


def test_a_file_that_is_no_database_is_refused_with_a_hint(command: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "putokaz.db").write_bytes(b"nothing that was ever a database" * 100)
    done = command("run")
    assert done.code == 1
    assert "backup" in done.told


def test_ctrl_c_stops_within_five_seconds(running: Product) -> None:
    assert running.process is not None
    with socket.create_connection(("127.0.0.1", running.port)):  # somebody's browser keeps a connection open
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        code = running.process.wait(timeout=20)
        took = time.monotonic() - began
    running.process = None
    assert code == 0
    assert took < 5.0
    assert "Traceback" not in running.log.read_text(encoding="utf-8")


# ---------------------------------------------------------------- PostgreSQL


@pytest.mark.postgres
def test_a_short_story_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    with FakeTelegram() as fake:
        with Product(tmp_path, telegram_token=fake.token, telegram_api_url=fake.url, database_url=plain) as product:
            product.wait_for_telegram()
            person = fake.person(101)
            welcomed(person)
            do(person, (finds_maths(person), "Yes, please"), ("[Yes, please]", "Mesto je rezervisano"))
            told = product.health()
            assert told is not None
            assert told["status"] == "ok", told
        assert "Traceback" not in product.log.read_text(encoding="utf-8")
