"""Sending over real HTTP to the strict fake: what is shown, and what each failure is called."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from conversations.speech import Document, Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.channel import Relay, SendFailed, Sent
from handlers.fitting import fit
from handlers.viber.abilities import CAPABILITIES, units
from handlers.viber.channel import ViberChannel
from handlers.viber.errors import NAMES
from tests.fakes.viber import FakeViber, Fault, Person, status
from tests.handlers.viber_kit import Wired, viber_at

NASTY = "<b>Ана & Co</b> 1 < 2 &lt; 😀 *_`["
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


class Clock:
    """The time, which only the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 50, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakeViber]:
    with FakeViber(now=lambda: clock.now.timestamp()) as server:
        yield server


@pytest.fixture
async def wired(fake: FakeViber, clock: Clock) -> AsyncIterator[Wired]:
    async with viber_at(fake, now=clock) as wired:
        yield wired


@pytest.fixture
def channel(wired: Wired) -> ViberChannel:
    return wired.channel


@pytest.fixture
async def ana(wired: Wired) -> Person:
    """Somebody who has just written, with a client of today."""
    ana = wired.fake.person("ana")
    await wired.fake.taken(ana.writes("hello"))
    return ana


async def failure(channel: ViberChannel, message: Spoken | str, to: str, **more: Any) -> SendFailed:
    spoken = Spoken(message) if isinstance(message, str) else message
    with pytest.raises(SendFailed) as caught:
        await channel.send(to, spoken, **more)
    return caught.value


def buttons(*labels: str) -> tuple[SpokenButton, ...]:
    return tuple(SpokenButton(label, f"7.{number}") for number, label in enumerate(labels))


def grid(person: Person) -> list[tuple[str, int, int]]:
    """The keyboard as it is laid out: label, columns, rows."""
    return [(label, b["Columns"], b["Rows"]) for label, b in zip(person.labels, person.keyboard, strict=True)]


# ---------------------------------------------------------------- what is shown


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


async def test_a_booking_comes_as_text_pin_and_file(channel: ViberChannel, ana: Person) -> None:
    message = Spoken(
        "Booked.",
        buttons=buttons("Menu"),
        venue=SpokenVenue("Дом културе", "Главна 1", 44.08, 22.1),
        document=Document("посета 1.ics", "text/calendar", b"BEGIN"),
    )
    await channel.send(ana.id, message)
    text, pin, file = ana.shown
    assert text.text == "Booked.\n\nДом културе\nГлавна 1"
    assert pin.message["location"] == {"lat": 44.08, "lon": 22.1}
    assert (file.message["file_name"], file.message["size"], file.labels) == ("посета 1.ics", 5, ["Menu"])


async def test_where_the_text_names_the_place_the_pin_adds_no_words(channel: ViberChannel, ana: Person) -> None:
    await channel.send(
        ana.id, Spoken("Come to Bor, Home of Youth!", venue=SpokenVenue("Home of Youth", "Bor", 44.0, 22.0))
    )
    assert ana.texts == ["Come to Bor, Home of Youth!", ""]


async def test_each_part_that_fitting_makes_is_one_call(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    card = SpokenCard("Course", buttons("Book"))
    message = Spoken("Words", buttons=buttons("Menu"), cards=(card,), venue=SpokenVenue("x", "y", 1.0, 2.0))
    parts = fit(message, CAPABILITIES)
    assert [bool(p.text) for p in parts] == [True, False, False]
    for number, part in enumerate(parts, 1):
        assert fit(part, CAPABILITIES) == (part,)
        await channel.send(ana.id, part)
        assert len(fake.calls("send_message")) == number


@pytest.mark.parametrize(
    ("relay", "kind"),
    [
        (Relay("photo", "x.png", "image/png", PNG), "picture"),
        (Relay("photo", "", "image/jpeg", b"\xff\xd8"), "picture"),
        (Relay("photo", "x.png", "image/png", PNG + bytes(2_000_000)), "file"),
        (Relay("voice", "", "audio/ogg", b"OggS"), "file"),
        (Relay("file", "CV", "application/pdf", b"%PDF"), "file"),
    ],
)
async def test_attachments_are_handed_on_from_an_address_that_can_be_fetched(
    wired: Wired, ana: Person, relay: Relay, kind: str
) -> None:
    await wired.channel.send(ana.id, Spoken("From DEMO:", relay=7), relay=relay)
    assert [shown.kind for shown in ana.shown] == ["text", kind]
    answer = await fetch(wired, ana.last.message["media"])
    assert (answer[0], answer[1]) == (200, relay.content)
    assert answer[2]["Content-Disposition"] == "attachment"


async def fetch(wired: Wired, url: str, method: str = "GET") -> tuple[int, bytes, Any]:
    """Fetches an address of the product's as the platform would, by its public name."""
    assert url.startswith("https://signpost.example.org/viber/file/")
    here = url.replace("https://signpost.example.org", wired.url)
    async with aiohttp.ClientSession() as session, session.request(method, here) as answer:
        return answer.status, await answer.read(), answer.headers


async def test_a_file_can_be_fetched_for_a_day_by_those_who_know_its_address(
    wired: Wired, ana: Person, clock: Clock
) -> None:
    page = Document("a.html", "text/html", b"<script>alert(1)</script>")
    await wired.channel.send(ana.id, Spoken("", document=page))
    url = ana.last.message["media"]
    assert len(url.split("/")[-2]) >= 32
    status_, _, headers = await fetch(wired, url)
    assert (status_, headers["Content-Type"]) == (200, "application/octet-stream")
    assert (await fetch(wired, url, "HEAD"))[0] == 200
    wrong = url.replace(url.split("/")[-2], "x" * 32)
    assert (await fetch(wired, wrong))[0] == 404
    clock.now += timedelta(hours=25)
    assert (await fetch(wired, url))[0] == 404


@pytest.mark.parametrize("name", ["a.exe", "a.APK", "b.jar.bat"])
async def test_a_file_that_viber_does_not_carry_is_refused_by_name(
    channel: ViberChannel, ana: Person, name: str
) -> None:
    failed = await failure(channel, Spoken("", document=Document(name, "", b"MZ")), ana.id)
    assert (failed.kind, failed.reason) == ("refused", "viber: a file of this kind is not carried")


async def test_an_attachment_that_is_not_at_hand_is_refused_by_name(channel: ViberChannel, ana: Person) -> None:
    failed = await failure(channel, Spoken("", relay=7), ana.id)
    assert (failed.kind, failed.reason) == ("refused", "viber: the attachment is not at hand")


async def test_sharing_from_the_phone_needs_a_client_that_can(channel: ViberChannel, ana: Person) -> None:
    ask = Spoken("Your number?", buttons=(SpokenButton("Share", asks="phone"), SpokenButton("Back", "b", quiet=True)))
    await channel.send(ana.id, ask)
    assert (ana.keyboard[0]["ActionType"], ana.last.message["min_api_version"]) == ("share-phone", 3)
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


# ---------------------------------------------------------------- cards

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


# ---------------------------------------------------------------- what goes wrong

KINDS = {
    1: "refused", 2: "stopped", 3: "refused", 4: "refused", 5: "gone", 6: "gone", 7: "stopped", 8: "stopped",
    9: "stopped", 10: "stopped", 11: "gone", 12: "wait", 13: "refused", 14: "refused", 15: "stopped", 16: "refused",
    17: "refused", 18: "refused", 19: "refused", 20: "refused", 21: "refused", 22: "refused", 23: "unpaid",
    24: "unpaid", 25: "retry", 99: "retry",
}  # fmt: skip


@pytest.mark.parametrize("code", KINDS)
async def test_each_status_has_its_kind(channel: ViberChannel, fake: FakeViber, ana: Person, code: int) -> None:
    fake.fail("send_message", status(code))
    failed = await failure(channel, "a", ana.id)
    assert (failed.kind, failed.everyone) == (KINDS[code], False)
    assert str(code) in failed.reason
    assert ana.shown == []
    await channel.send(ana.id, Spoken("afterwards"))
    assert ana.last.text == "afterwards"


def test_every_status_that_viber_has_a_name_for_is_decided() -> None:
    assert set(NAMES) == set(range(1, 25)) == {code for code in KINDS if code < 25}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(status=500, body=""), "unsure"),
        (Fault.html(502), "unsure"),
        (Fault.html(504, takes_effect=True), "unsure"),
        (Fault(status=503, body="busy"), "retry"),
        (Fault(status=429, body=""), "retry"),
        (Fault(status=404, body="<html>"), "retry"),
        (Fault(status=401, body=""), "stopped"),
        (Fault(status=413, body=""), "refused"),
        (Fault.empty(), "unsure"),
        (Fault.html(200), "unsure"),
        (Fault.truncated_json(), "unsure"),
        (Fault.cut_before(), "unsure"),
        (Fault.cut_after(), "unsure"),
        (Fault(status=500, body='{"status": 0}'), "unsure"),
        (Fault(status=401, body='{"status": "5"}'), "gone"),
        (Fault(status=200, body='{"status": true}'), "unsure"),
        (Fault(status=200, body='{"status_message": "ok"}'), "unsure"),
        (Fault(status=200, body="[]"), "unsure"),
        (Fault(status=200, body="[" * 100_000), "unsure"),
        (Fault(status=200, body='{"status": ' + "1" * 5000 + "}"), "unsure"),
        (Fault(status=200, body='{"status": 0, "x": "' + "x" * 10_000_000 + '"}'), "unsure"),
        (Fault(status=302, body=""), "unsure"),
    ],
)  # fmt: skip
async def test_each_broken_answer_has_its_kind(
    channel: ViberChannel, fake: FakeViber, ana: Person, fault: Fault, kind: str
) -> None:
    fake.fail("send_message", fault)
    assert (await failure(channel, "a", ana.id)).kind == kind
    await channel.send(ana.id, Spoken("afterwards"))
    assert ana.last.text == "afterwards"


async def test_a_slow_answer_is_unsure_and_nothing_listening_surely_was_not_shown(
    channel: ViberChannel, fake: FakeViber, ana: Person
) -> None:
    assert channel._line._session is not None
    await channel._line._session.close()
    channel._line._session, channel._line._seconds = None, 0.3
    fake.fail("send_message", Fault.slow(1.0))
    assert (await failure(channel, "a", ana.id)).kind == "unsure"
    fake.stop()
    failed = await failure(channel, "a", ana.id)
    assert (failed.kind, failed.reason) == ("retry", "viber: no connection")


async def test_a_token_is_kept_to_its_last_digit(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    for token in (2**63 - 1, 9_007_199_254_740_993, '"4912661846655238145"'):
        fake.fail("send_message", Fault(status=200, body=f'{{"status": 0, "message_token": {token}}}'))
        sent = await channel.send(ana.id, Spoken("a"))
        assert sent.shown_id == str(token).strip('"')


async def test_gone_unknown_and_impossible_addresses(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    await fake.taken(ana.unsubscribes())
    assert (await failure(channel, "a", ana.id)).kind == "gone"
    assert (await failure(channel, "a", "AAAAAAAAAAAAAAAAAAAAAA==")).kind == "gone"
    assert (await failure(channel, "a", "@somebody")).kind == "refused"
    assert (await failure(channel, "a", "")).kind == "refused"


async def test_breaking_off_after_a_first_part_is_unsure(channel: ViberChannel, fake: FakeViber, ana: Person) -> None:
    fake.fail("send_message", Fault.slow(0.0))
    fake.fail("send_message", status(12))
    failed = await failure(channel, Spoken("a", venue=SpokenVenue("x", "y", 1.0, 2.0)), ana.id)
    assert failed.kind == "unsure"
    assert ana.texts == ["a\n\nx\ny"]


# ---------------------------------------------------------------- a hundred an hour


async def test_a_hundred_messages_in_an_hour_without_a_reply_are_the_most(
    channel: ViberChannel, fake: FakeViber, ana: Person, clock: Clock
) -> None:
    for number in range(100):
        await channel.send(ana.id, Spoken(str(number)))
    failed = await failure(channel, "too many", ana.id)
    assert (failed.kind, failed.everyone) == ("wait", False)
    assert failed.after is not None
    assert timedelta(minutes=10) <= failed.after < timedelta(minutes=11)
    assert len(fake.calls("send_message", ok=False)) == 100
    await wrote(ana)
    await channel.send(ana.id, Spoken("a reply begins the count anew"))
    for _ in range(99):
        await channel.send(ana.id, Spoken("x"))
    assert (await failure(channel, "too many", ana.id)).kind == "wait"
    clock.now += failed.after
    await channel.send(ana.id, Spoken("the next hour"))
    assert ana.last.text == "the next hour"


async def test_too_many_means_the_rate_at_first_and_then_the_hour(
    channel: ViberChannel, fake: FakeViber, ana: Person
) -> None:
    fake.fail("send_message", status(12), times=2)
    assert (await failure(channel, "a", ana.id)).after == timedelta(seconds=10)
    failed = await failure(channel, "a", ana.id)
    assert failed.after is not None
    assert failed.after > timedelta(minutes=9)
    assert (await failure(channel, "a", ana.id)).after == failed.after
    assert fake.faults.left() == 0
    await wrote(ana)
    await channel.send(ana.id, Spoken("b"))
    assert ana.texts == ["b"]


# ---------------------------------------------------------------- to many


async def people(fake: FakeViber, count: int) -> list[Person]:
    made = [fake.person(f"p{number}") for number in range(count)]
    for person in made:
        person.subscribed = True
    return made


async def test_one_call_reaches_three_hundred(channel: ViberChannel, fake: FakeViber) -> None:
    everybody = await people(fake, 300)
    outcome = await channel.send_many([p.id for p in everybody], Spoken("Здраво", buttons=buttons("Yes")))
    assert len(fake.calls("broadcast_message")) == 1
    assert {p.last.text for p in everybody} == {"Здраво"}
    shown = {one.shown_id for one in outcome.values() if isinstance(one, Sent)}
    assert len(outcome) == 300
    assert shown == {str(everybody[0].last.token)}
    failed = await failure_of_many(channel, [*(p.id for p in everybody), "one-too-many="])
    assert failed.kind == "refused"


async def failure_of_many(channel: ViberChannel, ids: list[str], text: str = "x") -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send_many(ids, Spoken(text))
    return caught.value


async def test_who_was_not_reached_is_told_one_by_one(channel: ViberChannel, fake: FakeViber) -> None:
    a, b, c, d = await people(fake, 4)
    b.subscribed, c.refuse_with, d.refuse_with = False, 24, 12
    ids = [a.id, b.id, c.id, d.id, "@nobody", a.id]
    outcome = await channel.send_many(ids, Spoken("x"))
    kinds = {who: one.kind if isinstance(one, SendFailed) else "sent" for who, one in outcome.items()}
    assert kinds == {a.id: "sent", b.id: "gone", c.id: "unpaid", d.id: "wait", "@nobody": "refused"}
    assert a.texts == ["x"]


async def test_a_long_broadcast_goes_in_groups_that_fit_30_kb(channel: ViberChannel, fake: FakeViber) -> None:
    everybody = await people(fake, 300)
    outcome = await channel.send_many([p.id for p in everybody], Spoken("漢字" * 3400))
    assert all(isinstance(one, Sent) for one in outcome.values())
    assert len(fake.calls("broadcast_message")) > 1
    assert {"".join(p.texts) for p in everybody} == {"漢字" * 3400}


async def test_placeholders_in_a_broadcast_are_words_like_any(channel: ViberChannel, fake: FakeViber) -> None:
    (a,) = await people(fake, 1)
    await channel.send_many([a.id], Spoken("Dear replace_me_with_user_name!"))
    assert a.last.text.replace("\u2060", "") == "Dear replace_me_with_user_name!"


async def test_a_call_that_failed_as_a_whole_is_one_failure(channel: ViberChannel, fake: FakeViber) -> None:
    a, b = await people(fake, 2)
    for fault, kind in ((status(7), "stopped"), (Fault.cut_after(), "unsure"), (Fault.html(502), "unsure")):
        fake.fail("broadcast_message", fault)
        assert (await failure_of_many(channel, [a.id, b.id])).kind == kind


async def test_an_account_that_may_not_broadcast_sends_one_by_one_from_then_on(
    channel: ViberChannel, fake: FakeViber
) -> None:
    (a,) = await people(fake, 1)
    fake.may_broadcast = False
    assert channel.capabilities.many == 300
    assert (await failure_of_many(channel, [a.id])).kind == "retry"
    assert channel.capabilities.many == 0
    await channel.send(a.id, Spoken("x"))
    assert a.texts == ["x"]


async def test_a_broadcast_that_breaks_off_after_a_first_part_is_unsure(channel: ViberChannel, fake: FakeViber) -> None:
    a, b = await people(fake, 2)
    fake.fail("broadcast_message", Fault.slow(0.0))
    fake.fail("broadcast_message", status(12))
    outcome = await channel.send_many([a.id, b.id], Spoken("x", venue=SpokenVenue("v", "w", 1.0, 2.0)))
    assert {one.kind for one in outcome.values() if isinstance(one, SendFailed)} == {"unsure"}
    assert len(outcome) == 2


async def test_a_broadcast_counts_for_the_hour_of_each(channel: ViberChannel, fake: FakeViber) -> None:
    a, b = await people(fake, 2)
    for _ in range(100):
        await channel.send(a.id, Spoken("x"))
    outcome = await channel.send_many([a.id, b.id], Spoken("y"))
    assert isinstance(outcome[b.id], Sent)
    assert isinstance(outcome[a.id], SendFailed)
    assert b.texts == ["y"]


# ---------------------------------------------------------------- secrets


async def test_no_failure_carries_the_token_or_the_words_of_a_person(
    channel: ViberChannel, fake: FakeViber, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures = []
    for fault in (Fault.html(502), Fault.cut_after(), status(3, 'bad "MARKER"'), status(99, "MARKER")):
        fake.fail("send_message", fault)
        failures.append(await failure(channel, "MARKER", ana.id))
    failures.append(await failure(channel, Spoken("MARKER", buttons=(SpokenButton("MARKER", "MARKER" * 20),)), ana.id))
    pin = SpokenVenue("MARKER", "MARKER", float("nan"), "MARKER")  # type: ignore[arg-type]  # as wrong as can be
    failures.append(await failure(channel, Spoken("", venue=pin), ana.id))
    fake.stop()
    failures.append(await failure(channel, "MARKER", ana.id))
    for one in failures:
        told = "".join(traceback.format_exception(one, chain=True))
        chain: BaseException | None = one
        while chain is not None:
            told += f"{chain!r}{chain}"
            chain = chain.__context__
        assert fake.token not in told
        assert ana.id not in told
        assert "MARKER" not in "".join(line for line in told.splitlines() if "await" not in line)
    assert fake.token not in caplog.text + repr(channel) + repr(channel._line)
    assert "MARKER" not in caplog.text
