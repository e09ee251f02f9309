"""Pins, files and attachments: handed on from an address that can be fetched, or refused by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from conversations.speech import Document, Spoken, SpokenCard, SpokenVenue
from handlers.channel import Relay
from handlers.fitting import fit
from handlers.viber.abilities import CAPABILITIES
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Person
from tests.handlers.viber_kit import Wired
from tests.handlers.viber_sending.kit import PNG, Clock, buttons, failure


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
