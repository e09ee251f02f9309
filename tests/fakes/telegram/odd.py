"""One sample of every kind of update and of every kind of message content, built from the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.telegram.schema import TYPES, split_type, variants

_WORDS = {
    "Chat.type": "private",
    "ChatFullInfo.type": "private",
    "Poll.type": "regular",
    "Sticker.type": "regular",
    "MessageEntity.type": "bold",
    "ChatMemberOwner.status": "creator",
    "ChatMemberBanned.status": "kicked",
    "EncryptedPassportElement.type": "phone_number",
    "RefundedPayment.currency": "XTR",
}
_ABSTRACT = sorted((name for name, fields in TYPES.items() if not fields), key=len, reverse=True)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _word(owner: str, name: str) -> str:
    if f"{owner}.{name}" in _WORDS:
        return _WORDS[f"{owner}.{name}"]
    if name in ("type", "status", "source"):
        for abstract in _ABSTRACT:
            if owner.startswith(abstract) and owner != abstract:
                return _snake(owner.removeprefix(abstract))
    return "1"


def sample(kind: str, owner: str = "", name: str = "", depth: int = 0) -> Any:
    """A value of a declared type with its required fields filled."""
    if kind.startswith("Array of "):
        return [sample(kind.removeprefix("Array of "), owner, name, depth + 1)] if depth < 6 else []
    if kind == "Integer":
        return 1_790_000_000 if name.endswith("date") else 77
    plain: dict[str, Any] = {"Float": 1.5, "Boolean": False, "True": True, "Integer or String": 77}
    if kind in plain:
        return plain[kind]
    if kind == "RichText":
        return "1"  # its variants contain each other without end; a plain string is one of them
    if kind == "RichBlock":
        return {"type": "paragraph", "text": "1"}
    if kind == "String":
        return _word(owner, name)
    if " or " in kind:
        return sample(kind.split(" or ")[0], owner, name, depth)
    if not TYPES[kind]:
        return sample(variants(kind)[0], owner, name, depth) if variants(kind) else {}
    return {
        field: sample(split_type(declared)[0], kind, field, depth + 1)
        for field, declared in TYPES[kind].items()
        if declared.endswith("!")
    }


def odd_bodies() -> Iterator[dict[str, Any]]:
    """The body of one update per field of Update, then one message per field of Message."""
    for field, declared in TYPES["Update"].items():
        if field != "update_id":
            yield {field: sample(split_type(declared)[0])}
    person = {"id": 77, "is_bot": False, "first_name": "DEMO 77"}
    for field, declared in TYPES["Message"].items():
        message = sample("Message") | {"from": person, "chat": {"id": 77, "type": "private"}}
        if field not in message:
            yield {"message": message | {field: sample(split_type(declared)[0], "Message", field)}}
