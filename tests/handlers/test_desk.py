"""The desk's channel over real HTTP against the strict fake: what arrives, what is shown, what fails."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sending.pacer import Pacer
from conversations.speech import Document, Spoken, SpokenButton
from handlers.channel import Relay, SendFailed
from handlers.desk.abilities import PACE
from handlers.desk.arriving import SIGN
from handlers.desk.channel import DeskChannel
from tests.fakes.telegram import FakeTelegram, Fault, Group, odd_bodies
from tests.handlers.desk_kit import GROUP, Answering, HandTime, desk_at
from tests.handlers.telegram_receiving.kit import until


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.rate = None
        yield server


@pytest.fixture
def group(fake: FakeTelegram) -> Group:
    return fake.group(GROUP).make_forum(fake.person(5))


async def failure(channel: DeskChannel, message: str = "a", to: str = str(GROUP), **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send(to, Spoken(message, **more))
    return caught.value


def sent(house: Answering) -> str:
    """The kind of what was sent last."""
    attachment = house.last.heard.attachment
    return attachment.kind if attachment is not None else ""


# ---------------------------------------------------------------- receiving


async def test_words_in_the_group_and_in_a_topic_say_where_they_were_said(fake: FakeTelegram, group: Group) -> None:
    ana = fake.person(5)
    async with desk_at(fake) as (channel, house, _):
        thread = await channel.change_topic("open", GROUP, 0, "Mila")
        group.write(ana, "/today")
        await house.wait(1)
        assert (house.last.place, house.last.chat, house.last.thread) == (str(GROUP), GROUP, 0)
        group.write(ana, "Zdravo", thread)
        await house.wait(2)
        assert (house.last.place, house.last.thread) == (f"{GROUP}/{thread}", thread)
        assert (house.last.sender.external_id, house.last.member, house.last.answers) == ("5", True, False)
        shown = await channel.send(str(GROUP), Spoken("Which?"))
        group.write(ana, "this", answers=next(s for s in group.shown if str(s.message_id) == shown.shown_id))
        await house.wait(3)
        assert house.last.answers


async def test_commands_for_another_bot_are_not_ours(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (_, house, _):
        group.write(fake.person(5), "/today@another_bot")
        group.write(fake.person(5), "/today@demo_bot  now ")
        await house.wait(1)
    assert house.texts == ["/today now"]


async def test_a_press_is_answered_in_a_window_with_what_the_house_says(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (channel, house, _):
        house.answers = lambda _: "Ana has done this already."
        await channel.send(str(GROUP), Spoken("Card", buttons=(SpokenButton("Accept", "d.k.1.accepted"),)))
        group.press(fake.person(5), "Accept")
        await until(fake, lambda: fake.calls("answerCallbackQuery"))
        call = fake.calls("answerCallbackQuery")[0]
        assert (call.params["text"], call.params["show_alert"]) == ("Ana has done this already.", True)
        assert (house.last.heard.tap, house.last.shown_id) == ("d.k.1.accepted", str(group.shown[0].message_id))
        house.answers = lambda _: ""
        group.press(fake.person(5), "Accept")
        await until(fake, lambda: not fake.unanswered)


async def test_a_sign_is_put_under_what_was_handed_on_and_a_refusal_is_said(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (channel, house, _):
        thread = await channel.change_topic("open", GROUP, 0, "Mila")
        house.answers = lambda _: SIGN
        group.write(fake.person(5), "Zdravo", thread)
        await until(fake, lambda: group.reactions)
        assert list(group.reactions.values()) == [[SIGN]]
        house.answers = lambda _: "This was not sent."
        group.write(fake.person(6), "Zdravo", thread)
        await until(fake, lambda: group.texts_in(thread) == ["This was not sent."])


async def test_who_is_in_the_group_is_asked_of_the_platform_and_believed_for_a_minute(
    fake: FakeTelegram, group: Group
) -> None:
    time = HandTime()
    fake.person(5).started = fake.person(6).started = True
    async with desk_at(fake, time=time) as (_, house, _):
        for _turn in range(3):
            fake.person(5).write("/today")
        await house.wait(3)
        assert [arrival.member for arrival in house.arrivals] == [True] * 3  # type: ignore[attr-defined]
        assert len(fake.calls("getChatMember")) == 1
        del group.members[5]
        time.at += 61
        fake.person(5).write("/today")
        await house.wait(4)
        assert not house.last.member
        fake.person(6).write("/today")
        await house.wait(5)
        assert not house.last.member


async def test_while_membership_cannot_be_asked_the_update_waits(fake: FakeTelegram, group: Group) -> None:
    fake.person(5).started = True
    fake.fail("getChatMember", Fault.error(500), 2)
    async with desk_at(fake) as (_, house, _):
        fake.person(5).write("/today")
        await house.wait(1)
    assert house.last.member
    assert len(house.arrivals) == 1


async def test_who_hides_behind_the_group_is_nobody(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (_, house, _):
        group.write_anonymously("Zdravo")
        await house.wait(1)
    assert not house.last.member
    assert fake.calls("getChatMember") == []


async def test_closing_a_topic_in_the_app_arrives_as_the_command(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (channel, house, _):
        thread = await channel.change_topic("open", GROUP, 0, "Mila")
        group.close_topic(fake.person(5), thread)
        await house.wait(1)
    assert (house.last.heard.text, house.last.thread) == ("/close", thread)


async def test_photos_and_voice_notes_can_be_fetched_and_stickers_cannot(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (_, house, _):
        group.send_photo(fake.person(5), b"PNG" * 100, caption="Vidi")
        await house.wait(1)
        first = house.last
        assert first.heard.text == "Vidi"
        assert first.fetch is not None
        assert await first.fetch() == b"PNG" * 100
        group.send_voice(fake.person(5), b"OggS")
        await house.wait(2)
        assert sent(house) == "voice"
        group.send_sticker(fake.person(5))
        await house.wait(3)
        assert sent(house) == "other"


async def test_the_bot_out_of_the_group_and_back_and_a_group_with_a_new_number(
    fake: FakeTelegram, group: Group
) -> None:
    async with desk_at(fake) as (_, house, _):
        group.kick_bot(fake.person(5))
        await house.wait(1)
        assert (house.last.change, house.last.chat) == ("out", GROUP)
        group.promote_bot(fake.person(5))
        await house.wait(2)
        assert house.last.change == "in"
        group.upgrade(fake.person(5), -2002)
        await house.wait(4)
    assert {(one.change, one.chat, one.moved_to) for one in house.arrivals[2:]} == {("moved", GROUP, -2002)}  # type: ignore[attr-defined]


async def test_every_odd_update_is_survived(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake) as (channel, house, _):
        for body in odd_bodies():
            fake.send_raw(**body)
        fake.send_raw(message={"message_id": 1, "date": "yesterday", "chat": 7})
        fake.send_raw(callback_query={"id": "x", "from": {}, "data": 7})
        fake.send_raw(message={"message_id": 9, "date": 1})
        fake.send_raw(my_chat_member={"chat": None, "from": None, "date": 1})
        fake.send_raw(callback_query={"id": "y", "from": None, "data": "d", "message": {"message_id": 1, "date": 0}})
        group.write(fake.person(5), "/today")
        await until(fake, lambda: "/today" in house.texts)
        assert channel.state == "receiving"


# ---------------------------------------------------------------- sending


async def test_a_message_goes_to_its_topic_with_buttons_and_without_markup(fake: FakeTelegram, group: Group) -> None:
    nasty = "<b>Ана & Co</b> *_`["
    async with desk_at(fake, receive=False) as (channel, _, _):
        thread = await channel.change_topic("open", GROUP, 0, "Mila")
        sent = await channel.send(
            f"{GROUP}/{thread}", Spoken(nasty, buttons=(SpokenButton("I take it", "d.t.1.take"),))
        )
        await channel.send(f"5@{GROUP}/{thread}", Spoken("for Ana"))
    first, second = group.shown
    assert (first.text, first.entities, first.labels, first.thread) == (nasty, [], ["I take it"], thread)
    assert (sent.shown_id, second.thread) == (str(first.message_id), thread)


async def test_a_post_is_changed_in_place_and_the_same_again_is_no_failure(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        first = await channel.send(str(GROUP), Spoken("0 of 8", buttons=(SpokenButton("Stop", "s"),)))
        for _turn in range(2):
            again = await channel.send(str(GROUP), Spoken("8 of 8", replaces=True), shown_id=first.shown_id)
            assert again == first
        fake.fail("editMessageText", Fault.cut_after())
        with pytest.raises(SendFailed) as caught:
            await channel.send(str(GROUP), Spoken("done", replaces=True), shown_id=first.shown_id)
        assert caught.value.kind == "retry"
    assert [(one.text, one.labels) for one in group.shown] == [("done", [])]


async def test_files_lists_and_pictures(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        await channel.send(str(GROUP), Spoken("Here:", document=Document("people.xlsx", "x/y", b"PK")))
        await channel.send(str(GROUP), Spoken("Here:", document=Document("plot.png", "image/png", b"\x89PNG")))
        voice = Relay("voice", "", "audio/ogg", b"OggS")
        await channel.send(str(GROUP), Spoken("👤", relay=1), relay=voice)
    assert [one.kind for one in group.shown] == ["text", "document", "text", "photo", "text", "voice"]
    assert group.shown[1].file == ("people.xlsx", b"PK")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.error(500), "unsure"),
        (Fault.html(502), "unsure"),
        (Fault.empty(), "unsure"),
        (Fault.truncated_json(), "unsure"),
        (Fault.cut_before(), "unsure"),
        (Fault.cut_after(), "unsure"),
        (Fault.error(401, "Unauthorized"), "stopped"),
        (Fault.error(404, "Not Found"), "stopped"),
        (Fault.error(403, "Forbidden: bot was kicked from the supergroup chat"), "gone"),
        (Fault.error(400, "Bad Request: message thread not found"), "gone"),
        (Fault.error(400, "Bad Request: TOPIC_DELETED"), "gone"),
        (Fault.error(400, "Bad Request: chat not found"), "gone"),
        (Fault.error(400, "Bad Request: something of next year"), "refused"),
        (Fault.error(409, "Conflict: terminated"), "retry"),
        (Fault.error(413, "Request Entity Too Large"), "refused"),
    ],
)
async def test_each_failure_has_its_kind(fake: FakeTelegram, group: Group, fault: Fault, kind: str) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        fake.fail("sendMessage", fault)
        assert (await failure(channel)).kind == kind
        await channel.send(str(GROUP), Spoken("afterwards"))
    assert group.texts_in()[-1] == "afterwards"


async def test_a_rate_limit_is_waited_out_exactly(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        fake.fail("sendMessage", Fault.too_many(37))
        failed = await failure(channel)
    assert (failed.kind, failed.after, failed.everyone) == ("wait", timedelta(seconds=37), True)


async def test_nothing_listening_means_that_surely_nothing_was_shown(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        fake.stop()
        assert (await failure(channel)).kind == "retry"


async def test_a_message_to_a_group_with_a_new_number_tells_the_house_and_is_tried_again(
    fake: FakeTelegram, group: Group
) -> None:
    group.moved_to = -2002
    async with desk_at(fake) as (channel, house, _):
        assert (await failure(channel, to=f"{GROUP}/7")).kind == "retry"
        assert (house.last.change, house.last.chat, house.last.moved_to) == ("moved", GROUP, -2002)


@pytest.mark.parametrize("to", ["", "@somebody", "5@", "-1/x", "7/8/9"])
async def test_impossible_places_are_refused(fake: FakeTelegram, group: Group, to: str) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        assert (await failure(channel, to=to)).kind == "refused"


async def test_no_failure_and_no_log_carries_the_token_or_anybodys_words(
    fake: FakeTelegram, group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failures = []
    async with desk_at(fake, receive=False) as (channel, _, _):
        for fault in (Fault.html(502), Fault.cut_after(), Fault.error(400, 'Bad Request: can\'t parse "MARKER"')):
            fake.fail("sendMessage", fault)
            failures.append(await failure(channel, "MARKER"))
        failures.append(await failure(channel, "MARKER", buttons=(SpokenButton("MARKER", "MARKER" * 20),)))
        fake.stop()
        failures.append(await failure(channel, "MARKER"))
    for one in failures:
        told = "".join(traceback.format_exception(one, chain=True))
        chain: BaseException | None = one
        while chain is not None:
            told += f"{chain!r}{chain}"
            chain = chain.__context__
        assert fake.token not in told
        assert "MARKER" not in "".join(line for line in told.splitlines() if "await" not in line)
    assert fake.token not in caplog.text + repr(channel)
    assert "MARKER" not in caplog.text


def test_the_pace_of_a_group_holds_for_all_its_topics_together() -> None:
    time = HandTime()
    pacer = Pacer(PACE, time)
    for address in range(1, 9):
        pacer.know(address, f"5@{GROUP}/{address}" if address % 2 else f"{GROUP}/{address}")
    pacer.know(99, "77")
    sent: list[float] = []
    while time.at < 400:
        address = 1 + len(sent) % 8
        if pacer.chat(address) == 0.0 and pacer.everyone(0) == 0.0:
            pacer.spend(address)
            sent.append(time.at)
        else:
            time.at += 0.1
        assert len([at for at in sent if at > time.at - 60]) <= 20
    assert len(sent) > 70
    assert pacer.chat(99) == 0.0, "a private chat has a pace of its own"


# ---------------------------------------------------------------- the group


async def test_topics_are_made_renamed_closed_opened_and_deleted(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        thread = await channel.change_topic("open", GROUP, 0, "Mila · srpski · Telegram")
        await channel.change_topic("rename", GROUP, thread, "Mila")
        await channel.change_topic("rename", GROUP, thread, "Mila")
        await channel.change_topic("close", GROUP, thread, "")
        await channel.change_topic("close", GROUP, thread, "")
        assert (group.topics[thread].name, group.topics[thread].closed) == ("Mila", True)
        await channel.send(f"{GROUP}/{thread}", Spoken("who manages topics writes in closed ones"))
        await channel.change_topic("reopen", GROUP, thread, "")
        assert not group.topics[thread].closed
        await channel.change_topic("delete", GROUP, thread, "")
        assert group.topics == {}
        with pytest.raises(SendFailed) as caught:
            await channel.change_topic("rename", GROUP, thread, "Ana")
        assert (caught.value.kind, "thread" in caught.value.reason) == ("gone", True)


async def test_what_is_wrong_with_a_group_has_a_name(fake: FakeTelegram) -> None:
    group = fake.group(GROUP)
    async with desk_at(fake, receive=False) as (channel, _, _):
        assert await channel.trouble_in(-77) == "not a member"
        assert await channel.trouble_in(GROUP) == "not a member"
        group.add_bot(fake.person(5))
        assert await channel.trouble_in(GROUP) == "no forum"
        group.chat["is_forum"] = True
        assert await channel.trouble_in(GROUP) == "no rights"
        group.make_forum(rights=("can_manage_chat",))
        assert await channel.trouble_in(GROUP) == "no rights"
        group.make_forum()
        assert await channel.trouble_in(GROUP) == ""
        group.kick_bot(fake.person(5))
        assert await channel.trouble_in(GROUP) == "not a member"
        fake.fail("getChat", Fault.error(500))
        with pytest.raises(SendFailed):
            await channel.trouble_in(GROUP)


async def test_a_wrong_token_is_told_at_the_start(fake: FakeTelegram) -> None:
    async with desk_at(fake, receive=False, token="1:WRONG") as (channel, house, _):
        with pytest.raises(SendFailed) as caught:
            await channel.start(house.receive)
    assert caught.value.kind == "stopped"


async def test_menus_are_set_for_the_group(fake: FakeTelegram, group: Group) -> None:
    async with desk_at(fake, receive=False) as (channel, _, _):
        await channel.set_menu(GROUP, {"": {"today": "Today"}, "bg": {"today": "Днес"}})
    assert fake.memory.menus[f"chat:{GROUP}", "bg"] == [{"command": "today", "description": "Днес"}]
