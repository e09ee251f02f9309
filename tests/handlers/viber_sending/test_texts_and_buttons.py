"""Texts and buttons: as they were typed, in rows that can be read, in parts where they are long."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.speech import Spoken, SpokenButton
from handlers.fitting import fit
from handlers.viber.abilities import CAPABILITIES, units
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import Person
from tests.handlers.viber_sending.kit import NASTY, buttons, failure, grid


async def test_markup_in_a_text_is_shown_as_it_was_typed(channel: ViberChannel, ana: Person) -> None:
    sent = await channel.send(ana.id, Spoken(NASTY, buttons=(SpokenButton("<A> & B", "t:1"),)))
    assert (ana.last.text, ana.last.labels) == (NASTY, ["<A> & B"])
    assert sent.shown_id == str(ana.last.token)
    assert len(sent.shown_id) == 19
    assert ana.last.message["sender"] == {"name": "DEMO Signpost"}


async def test_a_press_keeps_our_payload_out_of_the_chat(channel: ViberChannel, ana: Person) -> None:
    await channel.send(ana.id, Spoken("A?", buttons=(SpokenButton("Yes", "y"), SpokenButton("W", url="https://x.org"))))
    assert [button["Silent"] for button in ana.keyboard] == [True, True]


async def test_labels_share_rows_as_long_as_they_can_be_read(channel: ViberChannel, ana: Person) -> None:
    await channel.send(ana.id, Spoken("?", buttons=buttons("1", "2", "3", "4", "5", "6")))
    assert {columns for _, columns, _ in grid(ana)} == {1}
    await wrote(ana)
    await channel.send(ana.id, Spoken("?", buttons=buttons("8:00", "9:15", "9:45", "0:30", "1:45", "2:15")))
    assert {columns for _, columns, _ in grid(ana)} == {2}
    await channel.send(ana.id, Spoken("?", buttons=buttons("Da", "Ne", "Možda")))
    assert {columns for _, columns, _ in grid(ana)[:3]} == {2}
    ana.keyboard = []
    await wrote(ana)
    ways = (SpokenButton("Назад", "w.back", quiet=True), SpokenButton("Човек", "w.person", quiet=True))
    long = "Математика за осми разред, припрема за малу матуру"
    await channel.send(ana.id, Spoken("?", buttons=(*buttons("Математика", "Физика", long), *ways)))
    assert grid(ana) == [("Математика", 3, 1), ("Физика", 3, 1), (long, 6, 2), ("Назад", 3, 1), ("Човек", 3, 1)]


async def wrote(person: Person) -> None:
    await person.fake.taken(person.writes("x"))


async def test_more_rows_than_are_seen_become_numbers(channel: ViberChannel, ana: Person) -> None:
    labels = [f"Kurs broj {number} u centru grada u sredu" for number in range(14)]
    back = SpokenButton("Nazad", "w.back", quiet=True)
    await channel.send(ana.id, Spoken("Which?", buttons=(*buttons(*labels), back)))
    assert ana.labels == [*(str(number) for number in range(1, 15)), "Nazad"]
    assert ana.last.text == "\n".join(("Which?", "", *(f"{n}. {label}" for n, label in enumerate(labels, 1))))
    assert ana.keyboard[13]["ActionBody"].endswith("7.13")


async def test_what_is_higher_than_the_screen_even_so_is_a_list(channel: ViberChannel, ana: Person) -> None:
    pages = tuple(SpokenButton(f"A page with a long name, {n}", url=f"https://example.org/{n}") for n in range(14))
    await channel.send(ana.id, Spoken("Read:", buttons=pages))
    assert ana.labels == []
    assert "A page with a long name, 13: https://example.org/13" in ana.last.text


async def test_buttons_of_the_messages_just_before_stay_until_the_person_does_something(
    channel: ViberChannel, ana: Person
) -> None:
    await channel.send(ana.id, Spoken("Booked.", buttons=(SpokenButton("Cancel it", "s.1"),)))
    await channel.send(ana.id, Spoken("By the way."))
    await channel.send(ana.id, Spoken("What next?", buttons=buttons("Find", "Menu")))
    assert ana.labels == ["Find", "Menu", "Cancel it"]
    await wrote(ana)
    await channel.send(ana.id, Spoken("Which?", buttons=buttons("Maths")))
    assert ana.labels == ["Maths"]


async def test_buttons_pressed_before_the_platform_has_answered_do_not_come_back(
    channel: ViberChannel, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The phone may show a message, and the person answer it, before the call that sent it returns."""
    call = channel._line.call

    async def late(method: str, body: bytes = b"{}") -> dict[str, Any]:
        answer = await call(method, body)
        await wrote(ana)
        return answer

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(channel._line, "call", late)
        await channel.send(ana.id, Spoken("How old?", buttons=buttons("14", "15")))
    await channel.send(ana.id, Spoken("Where?", buttons=buttons("Bor")))
    assert ana.labels == ["Bor"]


async def test_a_message_without_buttons_brings_no_keyboard(channel: ViberChannel, ana: Person) -> None:
    await channel.send(ana.id, Spoken("A?", buttons=buttons("Yes")))
    await channel.send(ana.id, Spoken("Thank you."))
    assert "keyboard" not in ana.last.message


async def test_a_long_text_comes_in_parts_with_the_buttons_under_the_last(channel: ViberChannel, ana: Person) -> None:
    text = "\n\n".join(["Ово је пасус са емоџијем 😀. " * 30] * 12)
    await channel.send(ana.id, Spoken(text, buttons=buttons("Даље")))
    assert [shown.labels for shown in ana.shown] == [[], ["Даље"]]
    assert "".join("".join(ana.texts).split()) == "".join(text.split())


@pytest.mark.parametrize("letter", ["a", "я", "😀", '"', "\n a", "\x01", "漢"])
async def test_no_text_bursts_the_limit_of_30_kb(channel: ViberChannel, ana: Person, letter: str) -> None:
    full = Spoken((letter * 7000)[:7000], buttons=buttons(*(f"{n}{'я' * 11}" for n in range(24))))
    for part in fit(full, CAPABILITIES):
        assert units(part.text) <= 7000
        await channel.send(ana.id, part)
    assert ana.labels


async def test_what_is_too_large_after_all_is_refused_by_name(channel: ViberChannel, ana: Person) -> None:
    pages = tuple(SpokenButton(f"{n}", url=f"https://example.org/{n}/{'x' * 1900}") for n in range(20))
    failed = await failure(channel, Spoken("Read:", buttons=pages), ana.id)
    assert (failed.kind, failed.reason) == ("refused", "viber: the message is larger than 30 kB")


async def test_sharing_from_the_phone_needs_a_client_that_can(channel: ViberChannel, ana: Person) -> None:
    ask = Spoken("Your number?", buttons=(SpokenButton("Share", asks="phone"), SpokenButton("Back", "b", quiet=True)))
    await channel.send(ana.id, ask)
    assert (ana.keyboard[0]["ActionType"], ana.last.message["min_api_version"]) == ("share-phone", 6)
    old = ana.fake.person("stara")
    old.api_version = 2
    await wrote(old)
    await channel.send(old.id, ask)
    assert (old.labels, old.last.message["min_api_version"]) == (["Back"], 1)


async def test_a_page_that_no_button_opens_is_written_out(channel: ViberChannel, ana: Person) -> None:
    pages = (SpokenButton("Call", url="tel:19833"), SpokenButton("There", url="https://example.org/a?b=1&c"))
    await channel.send(ana.id, Spoken("Help:", buttons=pages))
    assert (ana.last.text, ana.labels) == ("Help:\n\nCall: tel:19833", ["There"])
    assert ana.keyboard[0]["ActionBody"] == "https://example.org/a?b=1&c"


async def test_an_empty_text_and_half_characters_can_be_shown(channel: ViberChannel, ana: Person) -> None:
    await channel.send(ana.id, Spoken(" ", buttons=buttons("A")))
    await channel.send(ana.id, Spoken("half \ud83d", buttons=(SpokenButton("\ud83d", "a"),)))
    assert ana.texts == ["…", "half \ufffd"]
    assert (await failure(channel, "  ", ana.id)).reason == "viber: there is nothing to show"
    assert (await failure(channel, Spoken("x", buttons=(SpokenButton("A", "я" * 33),)), ana.id)).kind == "refused"
