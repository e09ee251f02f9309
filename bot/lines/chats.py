"""The chats of a person as people know them: by the name of the app."""

from __future__ import annotations

_NAMES = {"webchat": "Web"}
"""Channels whose name is not what people call them; the others are called like the app itself."""


def name_of(channel: str) -> str:
    """What people call a channel."""
    return _NAMES.get(channel, channel.capitalize())
