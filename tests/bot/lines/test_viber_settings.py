"""Viber's settings: what is missing is said in one sentence, and tokens are seen by nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.assembly import greeting
from bot.lines.viber_line import Viber
from bot.running.furnishing import rules_of
from bot.running.logs import without_secrets
from bot.settings import BadSettings, Settings, load

TOKEN = "4711fa4e0f2a4b5c-6d7e8f9001122334-5566778899aabbcc"


def settings(tmp_path: Path, **more: Any) -> Settings:
    given = {"data": tmp_path, "viber_token": TOKEN, "public_url": "https://putokaz.example.org", **more}
    return load(**given)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"public_url": ""}, "PUTOKAZ_VIBER_TOKEN needs PUTOKAZ_PUBLIC_URL"),
        ({"public_url": "http://putokaz.example.org"}, "PUTOKAZ_VIBER_TOKEN needs PUTOKAZ_PUBLIC_URL"),
        ({"viber_token": "no token"}, "PUTOKAZ_VIBER_TOKEN does not look like a token"),
        ({"viber_name": "N" * 29}, "PUTOKAZ_VIBER_NAME must have 1 to 28 characters"),
        ({"viber_api_url": "ftp://there"}, "PUTOKAZ_VIBER_API_URL must be a web address"),
        ({"viber_prices": "RS=cheap"}, "PUTOKAZ_VIBER_PRICES must be countries with prices"),
        ({"viber_prices": "Serbia=0.02"}, "PUTOKAZ_VIBER_PRICES must be countries with prices"),
        ({"viber_prices": "RS=-1"}, "PUTOKAZ_VIBER_PRICES must be countries with prices"),
        ({"viber_prices_checked": "yesterday"}, "PUTOKAZ_VIBER_PRICES_CHECKED is wrong"),
        ({"viber_budget": "-1"}, "PUTOKAZ_VIBER_BUDGET is wrong"),
        ({"viber_budget": "NaN"}, "PUTOKAZ_VIBER_BUDGET is wrong"),
    ],
)
def test_what_is_wrong_is_named_in_one_sentence(tmp_path: Path, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(BadSettings) as caught:
        settings(tmp_path, **wrong)
    assert str(caught.value).startswith(told)
    assert len(str(caught.value).splitlines()) == 1
    assert TOKEN not in str(caught.value)


def test_prices_become_the_tariff_of_the_rules(tmp_path: Path) -> None:
    given = settings(
        tmp_path,
        viber_prices="RS=0.0199, BG=0.0210,*=0.04",
        viber_prices_checked="2026-11-01",
        viber_budget="20",
    )
    (tariff,) = rules_of(given).tariffs
    assert (tariff.channel, tariff.name, tariff.budget) == ("viber", "Viber", 20_000_000)
    assert (tariff.price("RS"), tariff.price("BG"), tariff.price("DE")) == (19_900, 21_000, 40_000)
    assert (tariff.knows("BG"), tariff.knows("DE"), tariff.knows("")) == (True, False, False)
    assert tariff.checked == date(2026, 11, 1)


def test_nothing_is_spent_unless_a_budget_is_set(tmp_path: Path) -> None:
    (tariff,) = rules_of(settings(tmp_path)).tariffs
    assert tariff.budget == 0
    assert tariff.price("RS") == 50_000
    assert settings(tmp_path).viber_budget == Decimal(0)


def test_without_a_token_nothing_costs(tmp_path: Path) -> None:
    assert rules_of(settings(tmp_path, viber_token="")).tariffs == ()


def test_the_first_screen_says_whether_viber_is_on(tmp_path: Path) -> None:
    on = greeting(settings(tmp_path, viber_budget="20"), on_stage=False)
    off = greeting(settings(tmp_path, viber_token=""), on_stage=False)
    assert "  Viber       on (webhook), at most 20 EUR a month for paid messages" in on
    assert "  Viber       off." in off
    assert "docs/costs.md" in off
    assert TOKEN not in on
    assert max(len(line) for line in (*on.splitlines(), *off.splitlines())) <= 120


@pytest.mark.parametrize("token", [TOKEN, "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"])
def test_a_token_is_blotted_out_of_the_logs(token: str) -> None:
    assert without_secrets(f"X-Viber-Auth-Token: {token}, sent") == "X-Viber-Auth-Token: ***, sent"
    assert without_secrets("3f2504e0-4f89-11d3-9a0c-0305e82c3301") == "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


def test_its_deep_links_are_known_once_its_uri_is(tmp_path: Path) -> None:
    house: Any = SimpleNamespace(settings=settings(tmp_path), store=None, clock=SimpleNamespace(now=None))
    viber = Viber(house)
    assert viber.link() == ""
    channel: Any = viber.make(lambda _name, _work: None)
    assert viber.link() == ""
    channel.uri = "puto kaz"
    assert viber.link() == "viber://pa?chatURI=puto%20kaz&context="


def test_every_path_of_the_channel_is_passed_on(tmp_path: Path) -> None:
    house: Any = SimpleNamespace(settings=settings(tmp_path), store=None, clock=SimpleNamespace(now=None))
    viber = Viber(house)
    channel = viber.make(lambda _name, _work: None)
    assert sorted(viber.paths()) == sorted((route.method, route.path) for route in channel.routes())
