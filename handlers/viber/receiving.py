"""Receiving: the webhook. The signature comes before everything, and a 200 only after the house has taken it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from handlers.channel import Request, Response
from handlers.viber.reading import parse

Handle = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
"""Takes one callback; returns once it is safe here, with what to answer; raises if it is not safe."""
WEBHOOK_PATH = "/viber/webhook"
LARGEST_BODY = 1024 * 1024
"""Bytes of a callback. The platform's own are far smaller."""
SIGNATURE_HEADER = "x-viber-content-signature"
log = logging.getLogger(__name__)


def signature(token: str, body: bytes) -> str:
    """What Viber signs a callback with: HMAC-SHA256 of the raw body under the token, in lower-case hex."""
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


class NotOpen(Exception):
    """The channel is not started, or stopped: what comes now comes again."""


class Webhook:
    """Answers the platform's posts: 200 only for what is safe here, or for what the house has no use for."""

    def __init__(self, token: str, handle: Handle) -> None:
        self.unreadable = 0
        """Posts with the right signature that were no callbacks."""
        self.forged = 0
        """Posts without the right signature."""
        self._token = token
        self._handle = handle

    async def answer(self, request: Request) -> Response:
        """Checks the signature first, in constant time, over the raw bytes."""
        if len(request.body) > LARGEST_BODY:
            self.unreadable += 1
            return Response(413)
        given = next((value for name, value in request.headers.items() if name.lower() == SIGNATURE_HEADER), "")
        right = signature(self._token, request.body)
        if not hmac.compare_digest(given.encode("utf-8", "replace"), right.encode()):
            self.forged += 1
            log.warning("viber: a callback without the right signature was refused")
            return Response(403)
        callback = parse(request.body)
        if callback is None:
            self.unreadable += 1
            return Response(400)
        try:
            said = await self._handle(callback)
        except NotOpen:
            return Response(503)
        except Exception as error:  # noqa: BLE001  whatever the house raises, the platform shall try again
            log.error("viber: a callback was not taken (%s), it will come again", type(error).__name__)
            return Response(503)
        return Response() if said is None else Response(body=json.dumps(said, ensure_ascii=False).encode())
