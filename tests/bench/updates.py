"""Updates as Telegram sends them, for benchmarks."""

from __future__ import annotations

from itertools import count
from typing import Any

_IDS = count(1)
AT = 1_772_442_000


def text(person: int, words: str) -> dict[str, Any]:
    """Somebody writes."""
    number = next(_IDS)
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": AT,
            "chat": {"id": person, "type": "private", "first_name": "DEMO"},
            "from": {"id": person, "is_bot": False, "first_name": "DEMO", "language_code": "en"},
            "text": words,
            **({"entities": [{"type": "bot_command", "offset": 0, "length": 6}]} if words == "/start" else {}),
        },
    }


def tap(person: int, data: str) -> dict[str, Any]:
    """Somebody taps a button."""
    number = next(_IDS)
    who = {"id": person, "is_bot": False, "first_name": "DEMO", "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": "DEMO"}
    return {
        "update_id": number,
        "callback_query": {
            "id": str(number),
            "from": who,
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": number, "date": AT, "chat": chat, "text": "a question"},
        },
    }
