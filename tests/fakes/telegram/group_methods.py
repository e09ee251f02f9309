"""What the methods about groups do: topics, members, signs under messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.groups import INSIDE, Group, Topic
from tests.fakes.telegram.markup import utf16
from tests.fakes.telegram.schema import Refused, bad

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

Files = dict[str, tuple[str, bytes]]
Method = Callable[[dict[str, Any], Files], Any]
SIGNS = ("👍", "👎", "❤", "🔥", "🎉", "👀", "🙏", "👌", "✍")
"""Some of the emoji that the platform takes as a reaction."""


def group_methods(fake: FakeTelegram) -> dict[str, Method]:
    """The methods by name."""
    methods = _GroupMethods(fake)
    return {
        "createForumTopic": lambda p, f: methods.create(p),
        "editForumTopic": lambda p, f: methods.edit(p),
        "closeForumTopic": lambda p, f: methods.close(p, closed=True),
        "reopenForumTopic": lambda p, f: methods.close(p, closed=False),
        "deleteForumTopic": lambda p, f: methods.delete(p),
        "getChat": lambda p, f: methods.chat(p),
        "getChatMember": lambda p, f: methods.member(p),
        "setMessageReaction": lambda p, f: methods.react(p),
    }


class _GroupMethods:
    def __init__(self, fake: FakeTelegram) -> None:
        self.fake = fake
        self.memory = fake.memory

    def _group(self, params: dict[str, Any]) -> Group:
        group = self.fake.groups.get(params["chat_id"])
        if group is None:
            raise bad("chat not found")
        group.check_reach()
        return group

    def _forum(self, params: dict[str, Any], right: str = "can_manage_topics") -> Group:
        group = self._group(params)
        if not group.forum:
            raise bad("the chat is not a forum")
        if right not in group.rights:
            raise bad("not enough rights to manage topics")
        return group

    def _topic(self, group: Group, params: dict[str, Any]) -> Topic:
        topic = group.topics.get(params["message_thread_id"])
        if topic is None:
            raise bad("TOPIC_ID_INVALID")
        return topic

    def create(self, params: dict[str, Any]) -> Any:
        group = self._forum(params)
        name = params["name"].strip()
        if not name:
            raise bad("topic name must be non-empty")
        if utf16(name) > 128:
            raise bad("topic name is too long")
        thread = self.memory.next_message_id(group.id)
        group.topics[thread] = Topic(thread, name)
        self.memory.touch()
        return {"message_thread_id": thread, "name": name, "icon_color": params.get("icon_color", 7322096)}

    def edit(self, params: dict[str, Any]) -> Any:
        group = self._forum(params)
        topic = self._topic(group, params)
        name = params.get("name", topic.name).strip()
        if utf16(name) > 128:
            raise bad("topic name is too long")
        if name == topic.name:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.renamed.append(topic.name)
        topic.name = name
        self.memory.touch()
        return True

    def close(self, params: dict[str, Any], *, closed: bool) -> Any:
        group = self._forum(params)
        topic = self._topic(group, params)
        if topic.closed == closed:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        self.memory.touch()
        return True

    def delete(self, params: dict[str, Any]) -> Any:
        group = self._forum(params, "can_delete_messages")
        self._topic(group, params)
        group.delete_topic(params["message_thread_id"])
        return True

    def chat(self, params: dict[str, Any]) -> Any:
        person = self.fake.people.get(params["chat_id"])
        chat = person.chat if person is not None else self._group(params).chat
        gifts = dict.fromkeys(
            (
                "unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels",
            ),
            False,
        )  # fmt: skip
        return chat | {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": gifts}

    def member(self, params: dict[str, Any]) -> Any:
        group = self._group(params)
        user = params["user_id"]
        if user == self.fake.bot["id"]:
            if not group.rights:
                return {"status": "member", "user": self.fake.bot}
            return {"status": "administrator", "user": self.fake.bot} | group.administrator()
        person = self.fake.people.get(user)
        if person is None:
            raise bad("PARTICIPANT_ID_INVALID")
        status = group.members.get(user, "left")
        if status == "creator":
            return {"status": status, "user": person.user, "is_anonymous": False}
        if status == "administrator":
            return {"status": status, "user": person.user} | group.administrator()
        return {"status": status if status in INSIDE else "left", "user": person.user}

    def react(self, params: dict[str, Any]) -> Any:
        group = self._group(params)
        number = params["message_id"]
        if number not in group.written and (group.id, number) not in self.memory.messages:
            raise bad("message to react not found")
        signs = [one.get("emoji", "") for one in params.get("reaction", [])]
        if len(signs) > 1:
            raise Refused(400, "Bad Request: REACTIONS_TOO_MANY")
        if any(sign not in SIGNS for sign in signs):
            raise Refused(400, "Bad Request: REACTION_INVALID")
        group.reactions[number] = signs
        self.memory.touch()
        return True
