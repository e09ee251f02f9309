"""What went wrong with a call of the desk's bot, as one of the few kinds that the house acts on.

| the platform or the network says | kind | why |
|---|---|---|
| 429 with retry_after | wait, everyone | the limit is counted for the whole token |
| 400 with migrate_to_chat_id | retry | the group has another number now; the house learns it |
| 403 (kicked, blocked, not a member) | gone | nothing can be posted there until somebody acts |
| 400 chat not found, message thread not found, topic closed or deleted | gone | that place is not there any more |
| other 400, 413 | refused | the same call fails again |
| 401, 404 | stopped | the token was revoked or is wrong: method names are ours and exist |
| 409 | retry | somebody else holds the token for a moment; nothing was done |
| no connection could be opened, or none was free | retry | the call cannot have arrived |
| 5xx, timeout, cut connection, unreadable answer | unsure | it may have been carried out |

No text of an exception is handed on, because addresses with the token in them stand in some: only the
platform's own description is, up to the first quotation (it quotes what was sent).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from handlers.channel import SendFailed

CALL_ERRORS = (TelegramError, OSError, TimeoutError, RuntimeError, TypeError, ValueError, LookupError)
"""All that a call was seen to raise: the library's errors; an answer it cannot read; a client closed under a call."""
THREAD = "message thread not found"
_GONE = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_NO_THREAD = (THREAD, "topic_deleted", "topic_id_invalid", "message thread is not found")
_UNCHANGED = ("message is not modified", "topic_not_modified")
_CANNOT_EDIT = ("message can't be edited", "message to edit not found", "no text in the message", "message_id_invalid")
_LATE = ("query is too old", "query id is invalid", "query_id_invalid")
Kind = Literal["retry", "unsure", "gone", "refused", "stopped"]


def failure(error: BaseException) -> SendFailed:
    """The failure that stands for an error of a call. Carries nothing secret and nothing personal."""
    if isinstance(error, RetryAfter):
        given = error.retry_after
        after = given if isinstance(given, timedelta) else timedelta(seconds=given)
        after = max(timedelta(seconds=1), after)
        reason = f"desk: too many requests, wait {int(after.total_seconds())} s"
        return SendFailed("wait", reason, after=after, everyone=True)
    kind, words = _kind(error)
    return SendFailed(kind, f"desk: {words}")


def _kind(error: BaseException) -> tuple[Kind, str]:
    words = description(error)
    if isinstance(error, ChatMigrated):
        return "retry", "the group was made a supergroup"
    if isinstance(error, Forbidden):
        return "gone", words
    if isinstance(error, InvalidToken):
        return "stopped", words
    if isinstance(error, Conflict):
        return "retry", words
    if isinstance(error, BadRequest):  # before NetworkError, of which it is one
        if says(error, _NO_THREAD):
            return "gone", THREAD
        return ("gone" if says(error, _GONE) else "refused"), words
    if isinstance(error, NetworkError):
        return _network(error)
    if isinstance(error, UnicodeError):
        return "refused", "text that cannot be encoded"
    return "unsure", type(error).__name__


def _network(error: NetworkError) -> tuple[Kind, str]:
    cause = error.__cause__
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return "retry", "no connection"
    if "too large" in error.message.lower():
        return "refused", "too large"
    if isinstance(error, TimedOut):
        return "unsure", "no answer in time"
    return "unsure", type(cause).__name__ if cause is not None else "the platform failed"


def description(error: BaseException) -> str:
    """The platform's words, without what it quotes from the call."""
    words = error.message if isinstance(error, Forbidden | BadRequest | InvalidToken | Conflict) else ""
    return re.split(r"[\"'«“]", words)[0].strip()[:200] or type(error).__name__


def unchanged(error: BaseException) -> bool:
    """True where a change was refused because all looks so already: that is success."""
    return isinstance(error, BadRequest) and says(error, _UNCHANGED)


def cannot_edit(error: BaseException) -> bool:
    """True where a message cannot be changed any more and a new one must be sent."""
    return isinstance(error, BadRequest) and says(error, _CANNOT_EDIT)


def too_late(error: BaseException) -> bool:
    """True where a press can no longer be answered: nobody waits for it."""
    return isinstance(error, BadRequest) and says(error, _LATE)


def says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    """True if the platform's words have one of the phrases in them."""
    return any(phrase in error.message.lower() for phrase in phrases)
