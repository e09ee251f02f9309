"""The line to Viber's REST API: every call of the channel goes through here, and fails as SendFailed only."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidURL,
)

from handlers.viber.errors import ViberFailed, failure, of_http
from handlers.viber.reading import EVENTS

LARGEST_ANSWER = 1024 * 1024
"""Bytes of an answer. The platform's own are far smaller."""
_CALL_SECONDS = 30.0
_CONNECT_SECONDS = 10.0


class Line:
    """One token on one server. The connections are made at the first call."""

    def __init__(self, token: str, api_url: str, seconds: float = _CALL_SECONDS) -> None:
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._seconds = seconds
        self._session: ClientSession | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"Line({self._api_url})"

    async def call(self, method: str, body: bytes = b"{}") -> dict[str, Any]:
        """The answer to a call that the platform took. Raises ViberFailed, with nothing secret behind it."""
        if self._closed:
            raise ViberFailed("retry", "viber: the channel is closed")
        failed: ViberFailed | None = None
        try:
            status, raw = await self._post(method, body)
        except ViberFailed as error:
            failed = error
        except Exception as error:  # noqa: BLE001  whatever a library raises: its text may quote what was sent
            failed = _broken(error)
        # raised out here, so that no exception with what was sent in it hangs on as its context
        if failed is not None:
            raise ViberFailed(failed.kind, failed.reason, status=failed.status)
        return _understood(status, raw)

    async def _post(self, method: str, body: bytes) -> tuple[int, bytes]:
        if self._session is None:
            timeout = ClientTimeout(total=self._seconds, sock_connect=_CONNECT_SECONDS)
            self._session = ClientSession(timeout=timeout)
        headers = {"X-Viber-Auth-Token": self._token, "Content-Type": "application/json"}
        url = f"{self._api_url}/pa/{method}"
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status, await _read(answer)

    async def close(self) -> None:
        """Closes the connections."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    # ------------------------------------------------------------ the account

    async def account(self) -> dict[str, Any]:
        """The bot itself: `id`, `name`, `uri`, `webhook`, `event_types`, `subscribers_count`."""
        return await self.call("get_account_info")

    async def set_webhook(self, url: str) -> None:
        """Lets the platform post callbacks to `url`. It calls there before it answers, and needs a 200."""
        order = {"url": url, "event_types": list(EVENTS), "send_name": False, "send_photo": False}
        await self.call("set_webhook", json.dumps(order).encode())


async def _read(answer: ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ViberFailed("unsure", "viber: an answer without end")
    return bytes(content)


def _broken(error: Exception) -> ViberFailed:
    if isinstance(error, ClientConnectorError | ConnectionTimeoutError):
        return ViberFailed("retry", "viber: no connection")
    if isinstance(error, InvalidURL):
        return ViberFailed("refused", "viber: the address of the API is no address")
    return ViberFailed("unsure", f"viber: {type(error).__name__}")


def _understood(status: int, raw: bytes) -> dict[str, Any]:
    """The answer, if it says that all is well. The platform says so in the body: HTTP is 200 for its errors too."""
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    said = answer.get("status") if isinstance(answer, dict) else None
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 5:
        said = int(said)
    if type(said) is not int or (said == 0 and not 200 <= status < 300):
        raise of_http(status)
    if said != 0:
        raise failure(said)
    return answer if isinstance(answer, dict) else {}
