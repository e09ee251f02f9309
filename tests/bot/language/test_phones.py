from __future__ import annotations

import pytest

from bot.language.phones import read_phone

RS, BG = "+381601234567", "+35943012345"
"""The library's own example numbers."""


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("060 123 4567", "RS", RS),
        ("060/123-45-67", "RS", RS),
        ("(060) 123.45.67", "RS", RS),
        ("+381 60 123 4567", "", RS),
        ("+381 60 123 4567", "BG", RS),
        ("00381 60 123 4567", "BG", RS),
        (" 0601234567 ", "RS", RS),
        ("060\u00a0123\u00a04567", "RS", RS),
        ("043 012 345", "BG", BG),
        ("+359 43 012 345", "RS", BG),
    ],
)
def test_one_number_is_read_however_it_is_spaced(typed: str, country: str, number: str) -> None:
    phone = read_phone(typed, country)
    assert phone is not None
    assert phone.number == number
    assert phone.country == ("RS" if number == RS else "BG")


@pytest.mark.parametrize(
    "typed",
    [
        "060 1234567 i 061 1234567",
        "0601234567i0611234567",
        "060 1234567 и 061 1234567",
        "060 1234567, 061 1234567",
        "060 1234567 / 061 1234567",
        "060 1234567 0611234567",
        "0601234567\n0611234567",
        "060 123 4567 8",
        "060 123 45678901",
        "010 234567 0612",
        "010 234 567 010 2",
        "٠٦٠١٢٣٤٥٦٧",
        "०६०१२३४५६७",
        "O6O1234567",
        "0б01234567",
        "060 123 4567 lok. 12",
        "+381 60 123 4567 + 1",
        "++381601234567",
        "(060 123 4567",
        "601234567",
        "116111",
        "112",
        "060",
        "",
        "moj broj",
        "@mila",
        "060 123 4567\u202e",
    ],
)
def test_anything_that_may_be_read_in_two_ways_is_asked_again(typed: str) -> None:
    assert read_phone(typed, "RS") is None


def test_without_a_country_only_a_full_number_counts() -> None:
    assert read_phone("060 123 4567", "") is None
    assert read_phone("+381 60 123 4567", "") is not None


def test_a_number_of_kosovo_typed_in_bulgaria_is_shown_as_the_bulgarian_one_it_becomes() -> None:
    phone = read_phone("044 123 456", "BG")
    assert phone is not None
    assert phone.shown.startswith("+359 44")
    assert phone.country == "BG"
