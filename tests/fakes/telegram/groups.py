"""Groups of the fake: members, the bot's rights in them, topics; and what a test lets people do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.people import Person
from tests.fakes.telegram.schema import Refused, bad
from tests.fakes.telegram.state import Shown, media
from tests.fakes.watching import Screen

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip
"""Rights that the platform always tells of an administrator; `can_manage_topics` only in forums."""
INSIDE = ("creator", "administrator", "member")


@dataclass(slots=True)
class Topic:
    """A topic of a forum; `thread` is the number of the message that tells of its making."""

    thread: int
    name: str
    closed: bool = False
    renamed: list[str] = field(default_factory=list)


class Group(Screen[Shown]):
    """A group that people add the bot to. Plain at first; `make_forum` switches topics on."""

    def __init__(self, fake: FakeTelegram, group_id: int) -> None:
        super().__init__(fake.memory)
        self.fake = fake
        self.chat: dict[str, Any] = {"id": group_id, "type": "supergroup", "title": "DEMO group"}
        self.has_bot = False
        self.was_kicked = False
        self.rights: set[str] = set()
        """The bot's rights as an administrator; none: a plain member."""
        self.members: dict[int, str] = {}
        """The status of people: creator, administrator, member; others are out."""
        self.topics: dict[int, Topic] = {}
        self.moved_to = 0
        self.written: dict[int, int] = {}
        """Messages of people, each with its topic."""
        self.reactions: dict[int, list[str]] = {}

    @property
    def id(self) -> int:
        """The number of the group."""
        return int(self.chat["id"])

    @property
    def forum(self) -> bool:
        """Whether topics are switched on."""
        return bool(self.chat.get("is_forum"))

    # ------------------------------------------------------------ what the platform refuses

    def check_reach(self, thread: int | None = None) -> None:
        """Raises Refused where the bot cannot write in the group, or in one of its topics."""
        if self.moved_to:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.moved_to,
            )
        if not self.has_bot:
            raise Refused(
                403,
                "Forbidden: bot was kicked from the supergroup chat"
                if self.was_kicked
                else "Forbidden: bot is not a member of the supergroup chat",
            )
        if thread is None:
            return
        topic = self.topics.get(thread)
        if topic is None:
            raise bad("message thread not found")
        if topic.closed and "can_manage_topics" not in self.rights:
            raise bad("TOPIC_CLOSED")

    # ------------------------------------------------------------ settings

    def make_forum(self, *people: Person, rights: tuple[str, ...] = (*RIGHTS, "can_manage_topics")) -> Group:
        """Topics are on, the bot is an administrator with these rights, the given people are members."""
        self.chat["is_forum"] = True
        self.has_bot, self.rights = True, set(rights)
        for person in people:
            self.members[person.id] = "member"
        return self

    def add_bot(self, by: Person) -> int:
        """The bot is made a member."""
        self.has_bot, self.was_kicked = True, False
        return self._bot_became(by, "left", "member")

    def promote_bot(self, by: Person, rights: tuple[str, ...] = (*RIGHTS, "can_manage_topics")) -> int:
        """The bot is made an administrator with these rights."""
        self.has_bot, self.was_kicked, self.rights = True, False, set(rights)
        return self._bot_became(by, "member", "administrator")

    def kick_bot(self, by: Person) -> int:
        """The bot is put out."""
        self.has_bot, self.was_kicked = False, True
        return self._bot_became(by, "administrator", "kicked")

    def upgrade(self, by: Person, new_id: int) -> Group:
        """The group gets another number, as when topics are switched on in a small group."""
        after = self.fake.group(new_id)
        after.chat |= {"is_forum": self.forum, "type": "supergroup"}
        after.has_bot, after.rights, after.members = self.has_bot, set(self.rights), dict(self.members)
        after.topics = self.topics
        self.moved_to = new_id
        self._send(by, {"migrate_to_chat_id": new_id})
        after._send(by, {"migrate_from_chat_id": self.id})
        return after

    def _bot_became(self, by: Person, old: str, new: str) -> int:
        def member(status: str) -> dict[str, Any]:
            found: dict[str, Any] = {"user": self.fake.bot, "status": status}
            if status == "kicked":
                found["until_date"] = 0
            if status == "administrator":
                found |= self.administrator()
            return found

        body = {"chat": self.chat, "from": by.user, "date": int(self.fake.memory.now())}
        return self.fake.updates.add(
            my_chat_member=body | {"old_chat_member": member(old), "new_chat_member": member(new)}
        )

    def administrator(self) -> dict[str, Any]:
        """The fields of an administrator as the bot is one."""
        found: dict[str, Any] = {right: right in self.rights for right in RIGHTS}
        if self.forum:
            found["can_manage_topics"] = "can_manage_topics" in self.rights
        return found | {"can_be_edited": False, "is_anonymous": False}

    # ------------------------------------------------------------ what people do

    def write(self, by: Person, text: str, thread: int = 0, *, answers: Shown | None = None) -> int:
        """Somebody writes in the group, or in a topic of it."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/") and len(text) > 1:
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return self._send(by, content, thread, answers)

    def send_photo(self, by: Person, content: bytes, thread: int = 0, caption: str = "") -> int:
        """Somebody sends a photo."""
        return self._send_file(by, "photo", "photo.jpg", content, thread, caption)

    def send_voice(self, by: Person, content: bytes, thread: int = 0) -> int:
        """Somebody sends a voice note."""
        return self._send_file(by, "voice", "voice.ogg", content, thread, "")

    def send_sticker(self, by: Person, thread: int = 0) -> int:
        """Somebody sends a sticker."""
        sticker = {
            "file_id": "s1", "file_unique_id": "us1", "type": "regular", "width": 1, "height": 1,
            "is_animated": False, "is_video": False,
        }  # fmt: skip
        return self._send(by, {"sticker": sticker}, thread)

    def write_anonymously(self, text: str, thread: int = 0) -> int:
        """An administrator who hides behind the group writes."""
        anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        return self._message(anonymous, {"text": text, "sender_chat": self.chat}, thread, None)

    def close_topic(self, by: Person, thread: int) -> int:
        """Somebody closes a topic in the app."""
        self.topics[thread].closed = True
        return self._send(by, {"forum_topic_closed": {}}, thread)

    def delete_topic(self, thread: int) -> None:
        """Somebody deletes a topic in the app: the bot is not told."""
        del self.topics[thread]
        self.shown = [shown for shown in self.shown if shown.thread != thread]
        self.fake.memory.touch()

    def press(self, by: Person, what: str, message: Shown | None = None) -> int:
        """Somebody presses a button by its label or data: on the newest message that has it, or on the one given."""
        for shown in [message] if message else list(reversed(self.shown)):
            for row in shown.buttons:
                for button in row:
                    if what in (button["text"], button.get("callback_data")) and "callback_data" in button:
                        return self.press_data(by, button["callback_data"], shown)
        raise LookupError(f"no button {what!r} is shown")

    def press_data(self, by: Person, data: str, shown: Shown) -> int:
        """A callback query with any data (a forged one too) under a message."""
        query = {
            "id": self.fake.new_callback(by.id),
            "from": by.user,
            "chat_instance": str(self.id),
            "data": data,
            "message": shown.as_message(self.fake.bot, self.chat),
        }
        with self.fake.memory.lock:
            self.mark = self.fake.memory.changes
            return self.fake.updates.add(callback_query=query)

    def _send_file(self, by: Person, kind: str, name: str, content: bytes, thread: int, caption: str) -> int:
        file_id = self.fake.new_file(name, content)
        extra = {"caption": caption} if caption else {}
        return self._send(by, media(kind, file_id, name, content) | extra, thread)

    def _send(self, by: Person, content: dict[str, Any], thread: int = 0, answers: Shown | None = None) -> int:
        return self._message(by.user, content, thread, answers)

    def _message(self, user: dict[str, Any], content: dict[str, Any], thread: int, answers: Shown | None) -> int:
        memory = self.fake.memory
        with memory.lock:
            self.mark = memory.changes
            number = memory.next_message_id(self.id)
            self.written[number] = thread
            message = {"message_id": number, "from": user, "chat": self.chat, "date": int(memory.now()), **content}
            if thread:
                head = {"message_id": thread, "from": self.fake.bot, "chat": self.chat, "date": 1}
                topic = self.topics.get(thread)
                created = {"name": topic.name if topic else "DEMO", "icon_color": 7322096}
                message |= {
                    "message_thread_id": thread,
                    "is_topic_message": True,
                    "reply_to_message": head | {"forum_topic_created": created},
                }
            if answers is not None:
                message["reply_to_message"] = answers.as_message(self.fake.bot, self.chat)
            if not self._reaches_bot(content, answers):
                memory.touch()
                return 0
            return self.fake.updates.add(message=message)

    def _reaches_bot(self, content: dict[str, Any], answers: Shown | None) -> bool:
        """Privacy mode: a bot that is no administrator gets commands, answers to it, and notices only."""
        if not self.forum or self.rights or answers is not None:
            return True
        return str(content.get("text", "/")).startswith("/")

    # ------------------------------------------------------------ what all see

    def texts_in(self, thread: int | None = None) -> list[str]:
        """The texts of the bot's messages as they look now; of one topic (0: outside of topics) or of all."""
        return [shown.text for shown in self.shown if thread is None or shown.thread == thread]

    def topic(self, name: str) -> Topic:
        """The topic with that in its name."""
        return next(topic for topic in reversed(list(self.topics.values())) if name in topic.name)
