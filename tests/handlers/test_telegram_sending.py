"""Sending over real HTTP to the strict fake: what is shown, and what each failure is called."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import AnswerCallbackQuery, GetUpdates, SetMyCommands, TelegramMethod
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from conversations.speech import Document, Spoken, SpokenButton, SpokenCard, SpokenVenue
from handlers.channel import Relay, SendFailed
from handlers.telegram.channel import TelegramChannel
from handlers.telegram.line import PlainSession
from handlers.telegram.writing import changed_message, new_message
from tests.fakes.telegram import FakeTelegram, Fault
from tests.handlers.telegram_kit import channel_at

NASTY = "<b>Ана & Co</b> 1 < 2 &lt; 😀 *_`["


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.rate = None
        server.person(1).started = True
        yield server


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    async with channel_at(fake) as (telegram, _, _):
        yield telegram


async def failure(channel: TelegramChannel, message: Spoken | str, to: str = "1", **more: object) -> SendFailed:
    spoken = Spoken(message) if isinstance(message, str) else message
    with pytest.raises(SendFailed) as caught:
        await channel.send(to, spoken, **more)  # type: ignore[arg-type]  # one helper for all keywords
    return caught.value


async def test_markup_in_a_text_is_shown_as_it_was_typed(channel: TelegramChannel, fake: FakeTelegram) -> None:
    sent = await channel.send("1", Spoken(NASTY, buttons=(SpokenButton("<A> & B", "t:1"),)))
    shown = fake.person(1).last
    assert (shown.text, shown.entities, shown.labels) == (NASTY, [], ["<A> & B"])
    assert sent.shown_id == str(shown.message_id)
    assert fake.calls("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    "method",
    [
        new_message(
            1,
            Spoken(NASTY, buttons=(SpokenButton("<A> & B", "t:1"), SpokenButton("site", "", url="https://a.b/?c=d&e"))),
            None,
        ),
        new_message(1, Spoken("phone?", buttons=(SpokenButton("mine", "t:1", asks="phone"),)), None),
        new_message(1, Spoken("place", venue=SpokenVenue("A", "B", 44.07, 22.1)), None, clear=True),
        changed_message(1, 7, Spoken(NASTY)),
        AnswerCallbackQuery(callback_query_id="12", text="", show_alert=False),
        SetMyCommands(commands=[BotCommand(command="a", description="š & ж")], scope=BotCommandScopeAllPrivateChats()),
        GetUpdates(offset=None, limit=100, timeout=0, allowed_updates=["message", "callback_query"]),
    ],
    ids=lambda method: method.__api_method__,
)
async def test_a_call_has_the_fields_of_aiograms_own_form(method: TelegramMethod[Any]) -> None:
    bot = Bot("1:" + "A" * 35, session=PlainSession())
    ours = PlainSession().build_form_data(bot, method)
    theirs = AiohttpSession().build_form_data(bot, method)()
    assert sorted(parse_qsl(ours.decode(), strict_parsing=True)) == sorted(parse_qsl(theirs.decode()))
    assert ours.content_type == theirs.content_type


async def test_a_long_text_comes_in_parts_with_the_buttons_under_the_last(
    channel: TelegramChannel, fake: FakeTelegram
) -> None:
    text = "\n\n".join(["Ово је пасус са емоџијем 😀. " * 30] * 8)
    await channel.send("1", Spoken(text, buttons=(SpokenButton("Даље", "n"),)))
    shown = fake.person(1).shown
    assert len(shown) == 2
    assert [one.labels for one in shown] == [[], ["Даље"]]
    assert "".join("".join(one.text for one in shown).split()) == "".join(text.split())


async def test_a_reply_takes_the_place_of_the_message_tapped(channel: TelegramChannel, fake: FakeTelegram) -> None:
    first = await channel.send("1", Spoken("Page 1", buttons=(SpokenButton("Next", "2"),)))
    page = Spoken("Page 2", buttons=(SpokenButton("Back", "1"),), replaces=True)
    second = await channel.send("1", page, shown_id=first.shown_id)
    assert second == first
    assert [(one.text, one.labels) for one in fake.person(1).shown] == [("Page 2", ["Back"])]
    again = await channel.send("1", page, shown_id=first.shown_id)
    assert again == first
    assert len(fake.person(1).shown) == 1


@pytest.mark.parametrize("shown_id", ["999", "", "x", "１"])
async def test_what_cannot_be_edited_is_sent_anew(channel: TelegramChannel, fake: FakeTelegram, shown_id: str) -> None:
    sent = await channel.send("1", Spoken("Page 2", replaces=True), shown_id=shown_id)
    assert fake.person(1).texts == ["Page 2"]
    assert sent.shown_id == str(fake.person(1).last.message_id)


async def test_an_edit_that_may_have_worked_is_simply_tried_again(channel: TelegramChannel, fake: FakeTelegram) -> None:
    first = await channel.send("1", Spoken("Page 1"))
    fake.fail("editMessageText", Fault.cut_after())
    page = Spoken("Page 2", replaces=True)
    with pytest.raises(SendFailed) as caught:
        await channel.send("1", page, shown_id=first.shown_id)
    assert caught.value.kind == "retry"
    assert await channel.send("1", page, shown_id=first.shown_id) == first
    assert fake.person(1).texts == ["Page 2"]


async def test_a_booking_comes_as_text_pin_and_file(channel: TelegramChannel, fake: FakeTelegram) -> None:
    message = Spoken(
        "Booked.",
        buttons=(SpokenButton("Menu", "m"),),
        venue=SpokenVenue("Дом културе", "", 44.08, 22.1),
        document=Document('a"\r\nX: y.ics', "text/calendar", b"BEGIN"),
    )
    await channel.send("1", message)
    text, pin, file = fake.person(1).shown
    assert (text.text, text.labels, pin.labels, file.labels) == ("Booked.", [], [], ["Menu"])
    assert pin.venue == {
        "title": "Дом културе", "address": "Дом културе", "location": {"latitude": 44.08, "longitude": 22.1},
    }  # fmt: skip
    assert file.file == ("a___X_ y.ics", b"BEGIN")


@pytest.mark.parametrize(("kind", "shown"), [("photo", "photo"), ("voice", "voice"), ("file", "document")])
async def test_attachments_are_handed_on(channel: TelegramChannel, fake: FakeTelegram, kind: str, shown: str) -> None:
    relay = Relay(kind, "x.bin", "application/octet-stream", b"content")
    await channel.send("1", Spoken("From DEMO:", relay=7), relay=relay)
    assert [one.kind for one in fake.person(1).shown] == ["text", shown]
    assert fake.person(1).last.file == ("x.bin", b"content")


async def test_an_attachment_that_is_not_at_hand_is_refused_by_name(channel: TelegramChannel) -> None:
    failed = await failure(channel, Spoken("", relay=7))
    assert (failed.kind, failed.reason) == ("refused", "telegram: the attachment is not at hand")


async def test_a_question_for_the_number_has_a_sharing_button_that_goes_away(
    channel: TelegramChannel, fake: FakeTelegram
) -> None:
    ana = fake.person(1)
    await channel.send(
        "1",
        Spoken("Your number?", buttons=(SpokenButton("Share", asks="phone"), SpokenButton("Back", "b", quiet=True),
                                        SpokenButton("Why", url="https://example.org/why"))),
    )  # fmt: skip
    assert ana.last.text == "Your number?\n\nWhy: https://example.org/why"
    assert ana.last.keyboard[0][0] == {"text": "Share", "request_contact": True}
    assert ana.last.labels == ["Share", "Back"]
    await channel.send("1", Spoken("Thank you."))
    assert ana.last.keyboard_removed
    await channel.send("1", Spoken("Next."))
    assert not ana.last.keyboard_removed


async def test_a_page_that_telegram_takes_no_button_for_is_written_out(
    channel: TelegramChannel, fake: FakeTelegram
) -> None:
    pages = (SpokenButton("Here", url="http://localhost:8080/x"), SpokenButton("There", url="https://example.org"))
    await channel.send("1", Spoken("Read:", buttons=pages))
    assert fake.person(1).last.text == "Read:\n\nHere: http://localhost:8080/x"
    assert fake.person(1).last.labels == ["There"]


async def test_cards_and_an_empty_text_can_be_shown(channel: TelegramChannel, fake: FakeTelegram) -> None:
    await channel.send("1", Spoken("", cards=(SpokenCard("Course", (SpokenButton("Book", "b"),)),)))
    await channel.send("1", Spoken(" ", buttons=(SpokenButton("A", "a"),)))
    await channel.send("1", Spoken("half \ud83d", buttons=(SpokenButton("\ud83d", "a"),)))
    assert fake.person(1).texts == ["1. Course", "…", "half \ufffd"]
    assert (await failure(channel, "  ")).kind == "refused"
    assert (await failure(channel, Spoken("x", buttons=(SpokenButton("A", "я" * 33),)))).kind == "refused"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.error(500), "unsure"),
        (Fault.html(502), "unsure"),
        (Fault.error(502, ""), "unsure"),
        (Fault.empty(), "unsure"),
        (Fault.empty(503), "unsure"),
        (Fault.truncated_json(), "unsure"),
        (Fault.cut_before(), "unsure"),
        (Fault.cut_after(), "unsure"),
        (Fault.error(401, "Unauthorized"), "stopped"),
        (Fault.error(404, "Not Found"), "stopped"),
        (Fault.error(403, "Forbidden: user is deactivated"), "gone"),
        (Fault.error(403, "Forbidden: bot can't initiate conversation with a user"), "gone"),
        (Fault.error(400, "Bad Request: PEER_ID_INVALID"), "gone"),
        (Fault.error(400, "Bad Request: something of next year"), "refused"),
        (Fault.error(409, "Conflict: terminated"), "retry"),
        (Fault.error(413, "Request Entity Too Large"), "refused"),
        (Fault(status=500, body='{"ok": false, "error_code": 500}'), "unsure"),
        (Fault(status=200, body='{"ok": false}'), "unsure"),
        (Fault(status=200, body="[" * 100_000), "unsure"),
    ],
)
async def test_each_failure_has_its_kind(channel: TelegramChannel, fake: FakeTelegram, fault: Fault, kind: str) -> None:
    fake.fail("sendMessage", fault)
    assert (await failure(channel, "a")).kind == kind
    await channel.send("1", Spoken("afterwards"))
    assert fake.person(1).last.text == "afterwards"


async def test_a_rate_limit_is_waited_out_by_everyone(channel: TelegramChannel, fake: FakeTelegram) -> None:
    fake.fail("sendMessage", Fault.too_many(17))
    failed = await failure(channel, "a")
    assert (failed.kind, failed.after, failed.everyone) == ("wait", timedelta(seconds=17), True)


async def test_blocked_unknown_and_impossible_addresses(channel: TelegramChannel, fake: FakeTelegram) -> None:
    fake.person(2)
    fake.person(1).block()
    assert (await failure(channel, "a")).kind == "gone"
    assert (await failure(channel, "a", to="2")).kind == "gone"
    assert (await failure(channel, "a", to="404")).kind == "gone"
    assert (await failure(channel, "a", to="@somebody")).kind == "refused"


async def test_nothing_listening_means_that_surely_nothing_was_shown(
    channel: TelegramChannel, fake: FakeTelegram
) -> None:
    fake.stop()
    assert (await failure(channel, "a")).kind == "retry"


async def test_breaking_off_after_a_first_part_is_unsure(channel: TelegramChannel, fake: FakeTelegram) -> None:
    fake.fail("sendVenue", Fault.too_many(3))
    failed = await failure(channel, Spoken("a", venue=SpokenVenue("x", "y", 1.0, 2.0)))
    assert failed.kind == "unsure"
    assert fake.person(1).texts == ["a"]


async def test_no_failure_carries_the_token_or_the_words_of_a_person(
    channel: TelegramChannel, fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures = []
    for fault in (Fault.html(502), Fault.cut_after(), Fault.error(400, 'Bad Request: can\'t parse "MARKER"')):
        fake.fail("sendMessage", fault)
        failures.append(await failure(channel, "MARKER"))
    failures.append(await failure(channel, Spoken("MARKER", buttons=(SpokenButton("MARKER", "MARKER" * 20),))))
    pin = SpokenVenue("MARKER", "MARKER", float("nan"), "MARKER")  # type: ignore[arg-type]  # as wrong as can be
    failures.append(await failure(channel, Spoken("", venue=pin)))
    fake.stop()
    failures.append(await failure(channel, "MARKER"))
    for one in failures:
        told = "".join(traceback.format_exception(one, chain=True)).replace('failure(channel, "MARKER")', "")
        chain: BaseException | None = one
        while chain is not None:
            told += f"{chain!r}{chain}"
            chain = chain.__context__
        assert fake.token not in told
        assert "MARKER" not in "".join(line for line in told.splitlines() if "await" not in line)
    assert fake.token not in caplog.text + repr(channel)
    assert "MARKER" not in caplog.text


async def test_menus_and_descriptions_are_set_per_language(channel: TelegramChannel, fake: FakeTelegram) -> None:
    await channel.set_menu({"": {"find": "Find"}, "sr": {"find": "Пронађи"}})
    await channel.set_staff_menu("1", {"": {"new": "New listing"}})
    await channel.set_description({"sr": "Опис"})
    await channel.set_short_description({"": "Short"})
    menus = fake.memory.menus
    assert menus["all_private_chats", "sr"] == [{"command": "find", "description": "Пронађи"}]
    assert menus["chat:1", ""] == [{"command": "new", "description": "New listing"}]
    assert fake.memory.profile == {("description", "sr"): "Опис", ("short_description", ""): "Short"}
    await channel.set_staff_menu("1", {})
    assert ("chat:1", "") not in fake.memory.menus, "the common menu is shown again"
