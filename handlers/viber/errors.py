"""What Viber says when it does not take a message, as one of the few kinds that the house acts on.

| status | Viber's name | kind | why |
|---|---|---|---|
| 1 | invalidUrl | refused | of set_webhook: Viber could not call us; `start` tries again by itself |
| 2 | invalidAuthToken | stopped | the token is wrong or was revoked |
| 3 | badData | refused | the same call fails again |
| 4 | missingData | refused | the same call fails again |
| 5 | receiverNotRegistered | gone | there is no such person on Viber any more |
| 6 | receiverNotSubscribed | gone | left, or never wrote |
| 7 | publicAccountBlocked | stopped | staff must talk to Viber |
| 8 | publicAccountNotFound | stopped | the token belongs to no account |
| 9 | publicAccountSuspended | stopped | staff must talk to Viber |
| 10 | webhookNotSet | stopped | nothing would arrive either; a restart sets it |
| 11 | receiverNoSuitableDevice | gone | no device of this person shows bots |
| 12 | tooManyRequests | wait | at first ten seconds (the rate), then until the full hour (100 without a reply) |
| 13 | apiVersionNotSupported | refused | no device is new enough; the channel has by then tried the plain form |
| 14 | incompatibleWithVersion | refused | our mistake |
| 15 | publicAccountNotAuthorized | stopped | staff must talk to Viber |
| 16 | inchatReplyMessageNotAllowed | refused | our mistake |
| 17 | publicAccountIsNotInline | refused | our mistake |
| 18 | noPublicChat | refused | our mistake |
| 19 | cannotSendBroadcast | retry | this account may not broadcast: the channel sends one by one from then on |
| 20 | broadcastNotAllowed | retry | as 19 |
| 21 | unsupportedCountry | refused | not deliverable where this person is |
| 22 | paymentUnsupported | refused | our mistake |
| 23 | freeMessagesExceeded | unpaid | the free messages of the month are used up |
| 24 | noBalance | unpaid | the account of the bot is empty |
| other | general error | retry | Viber did not take it and does not say why |

19 and 20 are answers to broadcast_message only; to a single message they would be "refused".
23 and 24 do not stop the channel: replies inside the free 24 hours still go.

| on the way | kind | why |
|---|---|---|
| no connection could be opened, no such host, no valid certificate | retry | the call cannot have arrived |
| 429, 503, any other 4xx but those below | retry | turned away before anything was done |
| 401 without a status | stopped | the token |
| 413 | refused | too large |
| other 5xx, time run out, cut connection, unreadable, empty or endless answer | unsure | it may have been carried out |

Viber's own words are not handed on: only its status is, under the name it has in Viber's list.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from handlers.channel import SendFailed

NO_MONEY = "viber: no balance"
"""How the reason of an "unpaid" failure begins."""
NAMES = {
    1: "invalidUrl", 2: "invalidAuthToken", 3: "badData", 4: "missingData", 5: "receiverNotRegistered",
    6: "receiverNotSubscribed", 7: "publicAccountBlocked", 8: "publicAccountNotFound", 9: "publicAccountSuspended",
    10: "webhookNotSet", 11: "receiverNoSuitableDevice", 12: "tooManyRequests", 13: "apiVersionNotSupported",
    14: "incompatibleWithVersion", 15: "publicAccountNotAuthorized", 16: "inchatReplyMessageNotAllowed",
    17: "publicAccountIsNotInline", 18: "noPublicChat", 19: "cannotSendBroadcast", 20: "broadcastNotAllowed",
    21: "unsupportedCountry", 22: "paymentUnsupported", 23: "freeMessagesExceeded", 24: "noBalance",
}  # fmt: skip
"""Viber's status codes by name (creators.viber.com, errors; RapidPro's courier lists the same 24)."""
INVALID_URL, TOO_MANY, TOO_OLD, BAD_VERSION = 1, 12, 13, 14
NO_BROADCAST = frozenset((19, 20))
SHORT_WAIT = timedelta(seconds=10)
_GONE = frozenset((5, 6, 11))
_STOPPED = frozenset((2, 7, 8, 9, 10, 15))

Kind = Literal["wait", "retry", "unsure", "gone", "refused", "unpaid", "stopped"]


class ViberFailed(SendFailed):
    """A failure with the status that Viber gave it; 0 where none came back."""

    def __init__(self, kind: Kind, reason: str, *, status: int = 0, after: timedelta | None = None) -> None:
        super().__init__(kind, reason, after=after)
        self.status = status


def failure(status: int) -> ViberFailed:
    """The failure that stands for a status other than 0."""
    name = NAMES.get(status, "general error")
    reason = f"viber: {name} ({status})"
    if status == TOO_MANY:
        return ViberFailed("wait", reason, status=status, after=SHORT_WAIT)
    if status in _GONE:
        return ViberFailed("gone", reason, status=status)
    if status in _STOPPED:
        return ViberFailed("stopped", reason, status=status)
    if status in (23, 24):
        return ViberFailed("unpaid", f"{NO_MONEY} ({status} {name})", status=status)
    kind: Kind = "refused" if status in NAMES and status not in NO_BROADCAST else "retry"
    return ViberFailed(kind, reason, status=status)


def of_http(status: int) -> ViberFailed:
    """The failure that stands for an answer without a status of Viber's in it."""
    reason = f"viber: HTTP {status}"
    if status == 401:
        return ViberFailed("stopped", reason)
    if status == 413:
        return ViberFailed("refused", "viber: too large")
    if status == 503 or 400 <= status < 500:
        return ViberFailed("retry", reason)
    return ViberFailed("unsure", "viber: unreadable answer" if status < 300 else reason)


def hourly(now: datetime) -> ViberFailed:
    """The wait until this person may be written to again, if they do not write before: the next full hour."""
    next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    # a few seconds more, because Viber's clock is not ours
    after = next_hour - now + timedelta(seconds=5)
    return ViberFailed("wait", "viber: a hundred messages in this hour without a reply", status=TOO_MANY, after=after)
