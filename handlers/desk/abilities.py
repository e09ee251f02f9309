"""What the desk can show, and how fast: Telegram's limits for groups, which count all topics of a group together."""

from __future__ import annotations

from handlers.channel import Capabilities, ChatPace, Pace
from handlers.fitting import utf16

CAPABILITIES = Capabilities(
    text_length=4096,
    label_length=64,
    buttons=100,
    buttons_in_row=3,
    edits=True,
    venues=True,
    documents=True,
    relays=True,
    length=utf16,
)
"""As the public bot on Telegram, but nothing is shared from a phone: that works in private chats only."""

GROUP_MOST, GROUP_SECONDS = 19, 61.0
"""20 messages a minute in a group (Bots FAQ), whenever the minute begins; a little less, since the platform's clock and
ours are two.
"""


def where(external_id: str) -> str:
    """Where a message for an address goes: a member's address at a place begins with the member, `77@-100/5`."""
    return external_id.rpartition("@")[2]


def chat_of(external_id: str) -> ChatPace:
    """What the platform counts together: all topics of a group, whoever is answered there."""
    chat = where(external_id).partition("/")[0]
    if chat.startswith("-"):
        return ChatPace(chat, 1.0, GROUP_MOST, GROUP_SECONDS)
    return ChatPace(chat, 1.0, 3)


PACE = Pace(per_second=30, per_chat_second=1, chat_burst=3, of=chat_of)
