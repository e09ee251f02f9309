"""The fake's groups are as strict as the platform: rights, topics, members, the limit of a group."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from tests.fakes.telegram import FakeTelegram, Group
from tests.fakes.telegram.groups import RIGHTS

GROUP = -1001
Client = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def fake() -> Iterator[FakeTelegram]:
    with FakeTelegram() as server:
        server.rate = None
        yield server


@pytest.fixture
def group(fake: FakeTelegram) -> Group:
    return fake.group(GROUP).make_forum(fake.person(5))


@pytest.fixture
def api(fake: FakeTelegram) -> Client:
    async def call(method: str, **params: Any) -> dict[str, Any]:
        url = f"{fake.url}/bot{fake.token}/{method}"
        async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
            told: dict[str, Any] = await answer.json()
            return told

    return call


def refused(answer: dict[str, Any]) -> str:
    assert not answer["ok"]
    return str(answer["description"])


async def test_topics_need_a_forum_a_right_and_a_name_that_fits(api: Client, fake: FakeTelegram, group: Group) -> None:
    plain = fake.group(-5)
    plain.add_bot(fake.person(5))
    assert "not a forum" in refused(await api("createForumTopic", chat_id=-5, name="a"))
    assert "too long" in refused(await api("createForumTopic", chat_id=GROUP, name="ж" * 129))
    made = (await api("createForumTopic", chat_id=GROUP, name="Mila"))["result"]
    thread = made["message_thread_id"]
    assert "TOPIC_NOT_MODIFIED" in refused(
        await api("editForumTopic", chat_id=GROUP, message_thread_id=thread, name="Mila")
    )
    assert "TOPIC_ID_INVALID" in refused(await api("closeForumTopic", chat_id=GROUP, message_thread_id=999))
    group.make_forum(rights=RIGHTS)
    assert "not enough rights" in refused(await api("createForumTopic", chat_id=GROUP, name="a"))


async def test_a_message_to_a_topic_that_is_not_there_or_closed(api: Client, group: Group) -> None:
    thread = (await api("createForumTopic", chat_id=GROUP, name="Mila"))["result"]["message_thread_id"]
    sent = await api("sendMessage", chat_id=GROUP, message_thread_id=thread, text="a")
    assert (sent["result"]["message_thread_id"], sent["result"]["is_topic_message"]) == (thread, True)
    assert refused(await api("sendMessage", chat_id=GROUP, message_thread_id=77, text="a")) == (
        "Bad Request: message thread not found"
    )
    await api("closeForumTopic", chat_id=GROUP, message_thread_id=thread)
    assert (await api("sendMessage", chat_id=GROUP, message_thread_id=thread, text="a"))["ok"]
    group.rights.discard("can_manage_topics")
    assert "TOPIC_CLOSED" in refused(await api("sendMessage", chat_id=GROUP, message_thread_id=thread, text="a"))


async def test_a_group_takes_twenty_messages_and_edits_in_a_minute_whatever_the_topic() -> None:
    now = itertools.count(0, 0.01)
    time = [0.0]
    fake = FakeTelegram(clock=lambda: time[0] + next(now) * 0)
    assert fake.rate is not None
    for _send in range(20):
        fake.rate.spend(GROUP)
        time[0] += 1
    with pytest.raises(Exception, match="retry after 40"):
        fake.rate.spend(GROUP)
    fake.rate.spend(-7)
    time[0] = 60.5
    fake.rate.spend(GROUP)


async def test_members_and_strangers(api: Client, fake: FakeTelegram, group: Group) -> None:
    async def status(user: int) -> str:
        answer = await api("getChatMember", chat_id=GROUP, user_id=user)
        return str(answer["result"]["status"]) if answer["ok"] else str(answer["description"])

    fake.person(6)
    group.members[7] = "administrator"
    fake.person(7)
    assert [await status(user) for user in (5, 6, 7)] == ["member", "left", "administrator"]
    assert "PARTICIPANT_ID_INVALID" in await status(404)
    group.kick_bot(fake.person(5))
    assert "kicked" in await status(5)


async def test_a_group_with_a_new_number_says_so(api: Client, fake: FakeTelegram, group: Group) -> None:
    group.upgrade(fake.person(5), -2002)
    answer = await api("sendMessage", chat_id=GROUP, text="a")
    assert answer["parameters"] == {"migrate_to_chat_id": -2002}
    assert (await api("sendMessage", chat_id=-2002, text="a"))["ok"]
    kinds = [update["message"] for update in (await api("getUpdates"))["result"]]
    assert [("migrate_to_chat_id" in one, "migrate_from_chat_id" in one) for one in kinds] == [
        (True, False),
        (False, True),
    ]


async def test_without_rights_the_bot_hears_commands_and_answers_only(
    api: Client, fake: FakeTelegram, group: Group
) -> None:
    group.make_forum(rights=())
    group.write(fake.person(5), "hello all")
    group.write(fake.person(5), "/today")
    updates = (await api("getUpdates"))["result"]
    assert [update["message"]["text"] for update in updates] == ["/today"]


async def test_only_signs_that_there_are_under_messages_that_there_are(
    api: Client, fake: FakeTelegram, group: Group
) -> None:
    group.write(fake.person(5), "hello")
    number = next(iter(group.written))
    good = [{"type": "emoji", "emoji": "👍"}]
    assert (await api("setMessageReaction", chat_id=GROUP, message_id=number, reaction=good))["ok"]
    odd = [{"type": "emoji", "emoji": "🧿"}]
    assert "REACTION_INVALID" in refused(
        await api("setMessageReaction", chat_id=GROUP, message_id=number, reaction=odd)
    )
    assert "not found" in refused(await api("setMessageReaction", chat_id=GROUP, message_id=99, reaction=good))


async def test_a_second_bot_has_its_own_people_on_the_same_address(fake: FakeTelegram) -> None:
    other = fake.second("77:ANOTHER-token-0000000000000000000000")
    other.person(1).started = True
    async with aiohttp.ClientSession() as session:
        url = f"{fake.url}/bot{other.token}/sendMessage"
        async with session.post(url, json={"chat_id": 1, "text": "a"}) as answer:
            assert answer.status == 200
    assert other.person(1).texts == ["a"]
    assert fake.people == {}
