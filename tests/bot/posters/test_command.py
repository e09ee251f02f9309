"""`python -m bot poster` as somebody at a terminal meets it: files, and in sentences what is missing or refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.clock import WallClock
from bot.lines.ways import ways_in
from bot.posters.command import ways_of
from bot.settings import load
from models.code import issue
from tests.fakes.telegram import FakeTelegram
from tests.fakes.viber import FakeViber

Command = Callable[..., tuple[int, str]]
PUBLIC = "https://putokaz.example.org"


@pytest.fixture
def poster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    from bot.__main__ import app

    root = logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUTOKAZ_DATA", str(tmp_path / "data"))

    def run(*arguments: str, **settings: str) -> tuple[int, str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"PUTOKAZ_{name.upper()}", value)
        done = CliRunner().invoke(app, ["poster", *arguments], prog_name="python -m bot")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        told = done.stdout + done.stderr
        assert "Traceback" not in told
        return done.exit_code, told

    yield run
    root.handlers[:], root.level = before


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.p*"))


def test_with_nothing_that_a_code_could_lead_to_it_refuses_and_says_what_to_do(poster: Command, tmp_path: Path) -> None:
    code, told = poster("bor")
    assert code == 2
    assert "PUTOKAZ_PUBLIC_URL or PUTOKAZ_TELEGRAM_TOKEN" in told
    assert "--trial" in told
    assert files(tmp_path) == []


def test_a_trial_is_drawn_and_says_what_is_missing(poster: Command, tmp_path: Path) -> None:
    code, told = poster("bor-matematika", "--trial", "--language", "sr-Cyrl", "--out", "here/there")
    assert code == 0, told
    made = tmp_path / "here" / "there"
    assert files(made) == [f"bor-matematika-sr-Cyrl-{end}" for end in ("cards.pdf", "poster.pdf", "poster.png")]
    assert all((made / name).stat().st_size > 10_000 for name in files(made))
    assert (made / "bor-matematika-sr-Cyrl-poster.png").read_bytes().startswith(b"\x89PNG")
    assert "http://localhost:8080/go/bor-matematika" in told
    for missing in ("PUTOKAZ_PUBLIC_URL", "PUTOKAZ_TELEGRAM_TOKEN", "PUTOKAZ_VIBER_TOKEN"):
        assert missing in told


def test_a_bot_without_a_public_address_is_way_enough(poster: Command, tmp_path: Path) -> None:
    with FakeTelegram() as fake:
        code, told = poster("pirot", "--language", "bg", telegram_token=fake.token, telegram_api_url=fake.url)
        assert code == 0, told
        assert "The large code leads to https://t.me/demo_bot?start=pirot" in told
        assert "Missing: the landing page" in told
        assert "Missing: Telegram" not in told
        assert fake.token not in told
        assert [call.method for call in fake.history] == ["getMe"], "it asks for the name and touches nothing"
    assert len(files(tmp_path)) == 3


def test_a_bot_that_is_not_reached_is_said_and_the_rest_is_drawn(poster: Command, tmp_path: Path) -> None:
    code, told = poster(
        "bor", public_url=PUBLIC, telegram_token="4711:nobody-is-there-0000", telegram_api_url="http://127.0.0.1:9"
    )
    assert code == 0, told
    assert f"The large code leads to {PUBLIC}/go/bor" in told
    assert "Missing: Telegram, which is not reached now" in told
    assert "nobody-is-there" not in told
    assert len(files(tmp_path)) == 3


def test_a_one_time_code_is_never_printed(poster: Command, tmp_path: Path) -> None:
    assert poster("nowhere", public_url=PUBLIC)[0] == 2
    database = create_engine(f"sqlite:///{tmp_path / 'data' / 'putokaz.db'}")
    with Session(database) as session:
        guardian = issue(session, WallClock().now(), "guardian", None, timedelta(days=7))
        session.commit()
    database.dispose()
    code, told = poster(guardian, public_url=PUBLIC)
    assert code == 2
    assert "There is no listing or town" in told
    assert files(tmp_path) == []


def test_what_is_not_there_is_answered_with_what_there_is(poster: Command, tmp_path: Path) -> None:
    code, told = poster("nowhere", public_url=PUBLIC)
    assert code == 2
    assert "bor" in told
    assert "bor-matematika" in told
    assert poster("bor", "--language", "klingon", public_url=PUBLIC)[0] == 2
    assert poster("bor", public_url=f"{PUBLIC}/{'long/' * 120}")[0] == 2, "no code holds that address"
    assert files(tmp_path) == []


def test_every_app_that_is_set_up_is_a_way_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with FakeTelegram() as telegram, FakeViber() as viber:
        settings = load(
            public_url=PUBLIC,
            telegram_token=telegram.token,
            telegram_api_url=telegram.url,
            viber_token=viber.token,
            viber_api_url=viber.url,
        )
        rules, missing = asyncio.run(ways_of(settings))
    assert missing == []
    ways = ways_in(rules, "bor")
    assert [way.name for way in ways.others] == ["Telegram", "Viber", "web"]
    assert ways.others[1].url.startswith("viber://pa?chatURI=")
    assert ways.others[1].url.endswith("&context=bor")
