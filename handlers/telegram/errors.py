"""What went wrong with a call to the Bot API, as one of the few kinds that the house acts on.

| the platform or the network says | kind | why |
|---|---|---|
| 429 with retry_after | wait, everyone | the limit is counted for the whole token |
| 403 (blocked, deactivated, never started, kicked) | gone | writing on would be in vain |
| 400 chat not found, user not found | gone | the address does not exist any more |
| other 400, 413 | refused | the same call fails again |
| 401, 404 | stopped | the token was revoked or is wrong: method names are ours and exist |
| 409 | retry | somebody else holds the token for a moment; nothing was done |
| no connection could be opened | retry | the call cannot have arrived |
| 5xx, timeout, cut connection, unreadable answer | unsure | it may have been carried out |

No text of an exception is handed on, because addresses with the token in them stand in some: only the
platform's own description is, up to the first quotation (it quotes what was sent).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from handlers.channel import SendFailed

CALL_ERRORS = (AiogramError, OSError, TimeoutError, RuntimeError, TypeError, ValueError)
"""All that a call through aiogram was seen to raise: its own errors; a body that cannot be encoded
(ValueError), an error without a description (TypeError), a session closed under a call (RuntimeError)."""
_NOBODY = ("chat not found", "user not found", "peer_id_invalid", "user_deactivated", "chat_id is empty")
_UNCHANGED = "message is not modified"
_CANNOT_EDIT = ("message can't be edited", "message to edit not found", "no text in the message", "message_id_invalid")
_LATE = ("query is too old", "query id is invalid", "query_id_invalid")


def failure(error: BaseException) -> SendFailed:
    """The failure that stands for an error of a call. Carries nothing secret and nothing personal."""
    if isinstance(error, TelegramRetryAfter):
        after = timedelta(seconds=max(1, error.retry_after))
        return SendFailed(
            "wait", f"telegram: too many requests, wait {error.retry_after} s", after=after, everyone=True
        )
    if isinstance(error, TelegramEntityTooLarge):
        return SendFailed("refused", "telegram: too large")
    if isinstance(error, TelegramNetworkError):
        return _network(error)
    kind, words = _answered(error)
    return SendFailed(kind, f"telegram: {words}")


def _answered(error: BaseException) -> tuple[Literal["retry", "unsure", "gone", "refused", "stopped"], str]:
    words = description(error)
    if isinstance(error, TelegramForbiddenError):
        return "gone", words
    if isinstance(error, TelegramUnauthorizedError | TelegramNotFound):
        return "stopped", words
    if isinstance(error, TelegramConflictError):
        return "retry", words
    if isinstance(error, TelegramMigrateToChat):
        return "gone", "the group was made a supergroup"
    if isinstance(error, TelegramBadRequest):
        return ("gone" if any(phrase in words.lower() for phrase in _NOBODY) else "refused"), words
    if isinstance(error, ClientDecodeError):
        return "unsure", "unreadable answer"
    if isinstance(error, UnicodeError):
        return "refused", "text that cannot be encoded"
    return "unsure", type(error).__name__


def _network(error: TelegramNetworkError) -> SendFailed:
    cause = error.__cause__
    if isinstance(cause, ClientConnectorError | ConnectionTimeoutError):
        return SendFailed("retry", "telegram: no connection")
    return SendFailed("unsure", f"telegram: {type(cause).__name__ if cause else 'connection broke'}")


def description(error: BaseException) -> str:
    """The platform's words, without what it quotes from the call."""
    words = getattr(error, "message", "")
    return re.split(r"[\"'«“]", words if isinstance(words, str) else "")[0].strip()[:200] or type(error).__name__


def unchanged(error: BaseException) -> bool:
    """True where an edit was refused because the message already looks so: that is success."""
    return isinstance(error, TelegramBadRequest) and _UNCHANGED in str(error.message)


def cannot_edit(error: BaseException) -> bool:
    """True where a message cannot be changed any more and a new one must be sent."""
    return isinstance(error, TelegramBadRequest) and _says(error, _CANNOT_EDIT)


def too_late(error: BaseException) -> bool:
    """True where a press can no longer be answered: nobody waits for it."""
    return isinstance(error, TelegramBadRequest) and _says(error, _LATE)


def _says(error: TelegramBadRequest, phrases: tuple[str, ...]) -> bool:
    return any(phrase in str(error.message).lower() for phrase in phrases)


def own_words(error: ValueError) -> str:
    """The reason of a ValueError of `writing`. Those of a library quote what they got, so they are not handed on."""
    return str(error) if type(error) is ValueError else type(error).__name__
