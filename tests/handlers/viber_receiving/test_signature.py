"""The signature comes first: nothing is parsed before it was found right."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from typing import Any

import pytest

from handlers.channel import Request
from handlers.viber.receiving import Webhook

SECRET = "secret-token-of-the-tests"
BODY = b'{"event": "message", "message_token": 1}'


def signed(body: bytes, token: str = SECRET) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


class Taken:
    """Counts what got through."""

    def __init__(self) -> None:
        self.callbacks: list[dict[str, Any]] = []
        self.error: Exception | None = None

    async def take(self, callback: dict[str, Any]) -> dict[str, Any] | None:
        if self.error is not None:
            raise self.error
        self.callbacks.append(callback)
        return None


async def post(hook: Webhook, body: bytes, signature: str | None, name: str = "X-Viber-Content-Signature") -> int:
    headers = {} if signature is None else {name: signature}
    return (await hook.answer(Request("POST", "/viber/webhook", headers, body))).status


async def test_only_the_exact_signature_of_the_raw_bytes_is_let_in(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    taken = Taken()
    hook = Webhook(SECRET, taken.take)
    right = signed(BODY)
    again = json.dumps(json.loads(BODY), separators=(",", ":")).encode()
    flipped = bytes([right.encode()[0] ^ 1]).decode() + right[1:]
    wrong = [None, "", right.upper(), right[:-1], right + "0", f" {right}", flipped, signed(BODY, "other"), "ž" * 64,
             signed(again), signed(b""), f"sha256={right}"]  # fmt: skip
    for signature in wrong:
        assert await post(hook, BODY, signature) == 403
    assert await post(hook, BODY[:-1] + b" }", right) == 403
    assert await post(hook, again, right) == 403
    assert taken.callbacks == []
    assert hook.forged == len(wrong) + 2
    assert len(set(caplog.messages)) == 1
    assert right not in caplog.text
    assert await post(hook, BODY, right) == 200
    assert await post(hook, BODY, right, "x-viber-content-SIGNATURE") == 200
    assert len(taken.callbacks) == 2


async def test_nothing_is_parsed_before_the_signature_was_found_right() -> None:
    hook = Webhook(SECRET, Taken().take)
    assert await post(hook, b"[" * 100_000, "x") == 403
    assert hook.unreadable == 0


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[1]", b"{", b"\xff", b"[" * 100_000, b'{"event": NaN}', b'{"a": ' + b"9" * 5000 + b"}"]
)
async def test_what_is_no_callback_is_told_so_at_once(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    taken = Taken()
    hook = Webhook(SECRET, taken.take)
    before = time.thread_time()
    assert await post(hook, body, signed(body)) == 400
    assert time.thread_time() - before < 0.05
    assert (hook.unreadable, taken.callbacks) == (1, [])
    assert "Traceback" not in caplog.text


async def test_a_body_of_more_than_a_megabyte_is_refused_unread() -> None:
    hook = Webhook(SECRET, Taken().take)
    body = b'{"event": "' + b"x" * 1_048_576 + b'"}'
    assert await post(hook, body, signed(body)) == 413


async def test_what_the_house_cannot_take_is_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    taken = Taken()
    taken.error = RuntimeError("SECRET WORDS")
    hook = Webhook(SECRET, taken.take)
    assert await post(hook, BODY, signed(BODY)) == 503
    assert "RuntimeError" in caplog.text
    assert "SECRET" not in caplog.text
