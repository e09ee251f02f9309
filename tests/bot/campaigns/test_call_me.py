"""Asking for a call: the hour in one's own words, and nothing is lost by who stops half way."""

from __future__ import annotations

import pytest

from bot.times.part_of_day import part_of_day
from tests.house import House


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("posle 5", "afternoon"),
        ("oko 17h", "afternoon"),
        ("popodne", "afternoon"),
        ("после школе", "afternoon"),
        ("след обяд", "afternoon"),
        ("sled rabota", "afternoon"),
        ("u 9", "morning"),
        ("сутра ујутру", "morning"),
        ("pre podne", "morning"),
        ("сутринта", "morning"),
        ("u podne", "midday"),
        ("на обяд", "midday"),
        ("at 1 pm", "midday"),
        ("бил кој дан", ""),
        ("svejedno mi je", "any"),
        ("по всяко време", "any"),
        ("posle 21", ""),
        ("DEMO", ""),
    ],
)
def test_a_part_of_the_day_is_read_as_people_say_it(words: str, part: str) -> None:
    assert part_of_day(words) == part


def _asks(house: House, hour: str) -> dict[str, str]:
    house.person("lea", "en", band="18+", town="bor")
    for words in ("call me", "+381 60 000 0000", "yes"):
        house.hear("lea", words)
    return {name: message.text for name, message in house.hear("lea", hour)}


def test_the_team_knows_of_a_call_though_what_it_is_about_is_never_said(house: House) -> None:
    shown = _asks(house, "after five")
    assert "Please tap a button" in shown["lea"], "that is no hour that can be read"
    shown = {name: message.text for name, message in house.hear("lea", "after 5")}
    assert shown["lea"].startswith("✅ Noted: somebody from our team will call. 🌇 From 15 to 20.")
    assert shown["ana"].startswith("Somebody wrote to our team"), "now: who stops here is called all the same"
    assert dict(house.hear("lea", "DEMO about school"))["lea"].text.startswith("Thank you. Our team reads it")
    house.tap("ana", "Open")
    assert "DEMO about school" in house.people["ana"].shown[-1].text
    assert "+381 60 0000000: 🌇 From 15 to 20" in house.people["ana"].shown[-1].text


def test_who_skips_what_it_is_about_is_still_called(house: House) -> None:
    _asks(house, "in the morning")
    assert next(message.text for _name, message in house.tap("lea", "Skip")) == "All right."
    assert house.hear("lea", "call me")[0][1].text.startswith("☎️ We will call +381 60 0000000. 🌅 From 8 to 12.")


def test_a_bulgarian_number_counts_in_serbia_for_who_speaks_bulgarian_and_is_shown_back(house: House) -> None:
    for name, tag in (("boyan", "bg"), ("mira", "sr-Latn")):
        house.person(name, tag, band="18+", town="bor")
        house.hear(name, "call me")
    assert "+359 88 812 3456" in house.hear("boyan", "0888 123 456")[0][1].text
    assert "+359" not in house.hear("mira", "0888 123 456")[0][1].text
    house.hear("boyan", "не")
    assert "+381 60 0000000" in house.hear("boyan", "060 000 0000")[0][1].text, "at home first"
