"""Receiving by webhook. The platform is told only what is committed here. Polling: handlers/polling.py."""

from __future__ import annotations

import json
import logging
import secrets

from handlers.channel import Request, Response
from handlers.polling import Handle, update_id

LARGEST_BODY = 1024 * 1024
"""Bytes of a webhook post. The platform's own updates are far smaller."""
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  the name of a header
log = logging.getLogger(__name__)


class Webhook:
    """Answers the platform's posts: 200 only for what is safe here, or for what nobody could ever read."""

    def __init__(self, secret: str, handle: Handle) -> None:
        self.unreadable = 0
        """Posts with the right secret that were no updates."""
        self.forged = 0
        """Posts without the right secret."""
        self._secret = secret.encode()
        self._handle = handle

    async def answer(self, request: Request) -> Response:
        """Checks the secret first, in constant time, over nothing but the header."""
        given = next((value for name, value in request.headers.items() if name.lower() == SECRET_HEADER), "")
        if not secrets.compare_digest(given.encode("utf-8", "replace"), self._secret):
            self.forged += 1
            return Response(401)
        if len(request.body) > LARGEST_BODY:
            self.unreadable += 1
            return Response(413)
        try:
            update = json.loads(request.body)
        except (ValueError, RecursionError):
            update = None
        if update_id(update) is None:
            # a 200, since the platform would repeat it for a day
            self.unreadable += 1
            return Response()
        try:
            await self._handle(update)
        except Exception as error:  # noqa: BLE001  whatever the house raises, the platform shall try again
            log.error("telegram: an update was not taken (%s), it will come again", type(error).__name__)
            return Response(503)
        return Response()
