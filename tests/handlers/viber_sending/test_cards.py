"""Cards: a carousel where the phone can show it, numbered text where it cannot."""

from __future__ import annotations

import pytest

from conversations.speech import Spoken, SpokenButton, SpokenCard
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Person
from tests.handlers.viber_sending.kit import buttons
from tests.handlers.viber_sending.test_texts_and_buttons import wrote

CARDS = tuple(
    SpokenCard(f"{name}\nпетак у 17 < 18 ч", (SpokenButton("Пријави ме", f"7.{name}"),)) for name in ("M", "F")
)


async def test_cards_are_a_carousel_where_the_phone_can_show_it(channel: ViberChannel, ana: Person) -> None:
    await channel.send(ana.id, Spoken("Two:", cards=CARDS, buttons=buttons("More")))
    words, cards = ana.shown
    assert (words.text, cards.kind, cards.message["min_api_version"]) == ("Two:", "rich_media", 7)
    assert cards.labels == ["Пријави ме", "Пријави ме", "More"]
    assert "M\nпетак у 17 < 18 ч" in cards.text
    assert "1. M\nпетак у 17 < 18 ч" in cards.message["alt_text"]


async def test_a_title_that_is_the_button_too_stands_on_its_card_once(channel: ViberChannel, ana: Person) -> None:
    """As results of a search come: the title, when and where; and a button with the title."""
    titles = ("Математика", "Доквалификација: курс заваривања за одрасле", "Клуб")
    more = ("\n📍 Бор\n🗓 петак, 17 ч", "\n📍 Нови Пазар", "")
    cards = tuple(
        SpokenCard(title + rest, (SpokenButton(title, f"7.{len(title)}"),))
        for title, rest in zip(titles, more, strict=True)
    )
    await channel.send(ana.id, Spoken("Three:", cards=cards, buttons=buttons("More")))
    shown = ana.last
    assert shown.kind == "rich_media"
    assert shown.text == "\n".join(title + rest for title, rest in zip(titles, more, strict=True))
    assert shown.labels == [*titles, "More"]
    rows = [button["Rows"] for button in shown.message["rich_media"]["Buttons"]]
    assert rows == [1, 6, 2, 5, 7], "each card is filled, and a long title is not cut off"


@pytest.mark.parametrize("version", [1, 6])
async def test_cards_are_numbered_text_on_an_old_phone(channel: ViberChannel, fake: FakeViber, version: int) -> None:
    old = fake.person("stara")
    old.api_version = version
    await wrote(old)
    await channel.send(old.id, Spoken("Two:", cards=CARDS, buttons=buttons("More")))
    assert [shown.kind for shown in old.shown] == ["text"]
    assert old.labels == ["1. Пријави ме", "2. Пријави ме", "More"]


async def test_an_unknown_phone_gets_the_plain_form(channel: ViberChannel, fake: FakeViber) -> None:
    fake.person("nova").subscribed = True
    await channel.send(fake.person("nova").id, Spoken("Two:", cards=CARDS))
    assert [shown.kind for shown in fake.person("nova").shown] == ["text"]


async def test_where_another_device_is_too_old_the_plain_form_follows_at_once(
    channel: ViberChannel, ana: Person
) -> None:
    ana.api_version = 6  # a tablet that has not written yet
    sent = await channel.send(ana.id, Spoken("Two:", cards=CARDS))
    assert [shown.kind for shown in ana.shown] == ["text", "text"]
    assert sent.shown_id == str(ana.last.token)
    ana.api_version = 2
    await wrote(ana)
    ana.api_version = 1
    fresh = ana.fake.person("druga")
    fresh.subscribed, fresh.api_version = True, 2
    await channel.send(fresh.id, Spoken("Number?", buttons=(SpokenButton("Share", asks="phone"),)))
    assert (fresh.last.text, fresh.labels) == ("Number?", [])


@pytest.mark.parametrize(
    "card",
    [
        SpokenCard("x" * 251, buttons("A")),
        SpokenCard("<" * 90, buttons("A")),
        SpokenCard("x", buttons("A", "B", "C", "D")),
        SpokenCard("", buttons("A")),
    ],
)
async def test_a_card_that_would_be_cut_off_is_numbered_text(
    channel: ViberChannel, ana: Person, card: SpokenCard
) -> None:
    await channel.send(ana.id, Spoken("", cards=(card,)))
    assert ana.last.kind == "text"
    assert ana.last.text == f"1. {card.text}".strip()
