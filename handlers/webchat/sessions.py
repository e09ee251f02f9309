"""Who is chatting: a signed random key in a cookie, a private link to come back with, a token against forgery."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

_KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")
_SIGNED = re.compile(r"([A-Za-z0-9_-]{22,64})\.([A-Za-z0-9_-]{22})")
KEPT_SECONDS = 90 * 24 * 3600
"""How long a phone keeps the cookie after the last visit."""


def fresh_key() -> str:
    """A key of 192 random bits, 32 characters (ASVS 7.2.3 asks for 128)."""
    return secrets.token_urlsafe(24)


def key_hash(key: str) -> str:
    """What is kept of a key. The first key's hash is the chat's external id."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Cookies:
    """Writes and reads the cookies. With https their names begin with __Host-: no other host can set them."""

    secret: bytes
    secure: bool

    def name(self, seat: str) -> str:
        """The cookie of the chat; on the stage each seat has its own."""
        return f"{'__Host-' if self.secure else ''}chat{'-' + seat if seat else ''}"

    def key(self, headers: Mapping[str, str], seat: str) -> str | None:
        """The key that a request carries, if this house gave it out (ASVS 7.2.1: checked in constant time)."""
        signed = _SIGNED.fullmatch(_cookie(headers, self.name(seat)))
        if signed is None or not hmac.compare_digest(self._mac("key", signed[1]), signed[2]):
            return None
        return signed[1]

    def keeping(self, key: str, seat: str) -> tuple[str, str]:
        """The header that puts a key on the phone."""
        return self._set(self.name(seat), f"{key}.{self._mac('key', key)}", KEPT_SECONDS)

    def dropping(self, seat: str) -> tuple[str, str]:
        """The header that takes the key off the phone."""
        return self._set(self.name(seat), "", 0)

    def hidden(self, headers: Mapping[str, str], seat: str) -> bool:
        """Whether somebody left quickly and has not asked to see the chat again."""
        return _cookie(headers, self._hiding(seat)) == "1"

    def hiding(self, seat: str) -> tuple[str, str]:
        """The header that hides the chat until the person asks for it, or closes the browser."""
        return self._set(self._hiding(seat), "1", None)

    def showing(self, seat: str) -> tuple[str, str]:
        """The header that lets the chat be seen again."""
        return self._set(self._hiding(seat), "", 0)

    def token(self, key: str) -> str:
        """What each form of a chat carries, so that no other page can send one (ASVS 3.5.1)."""
        return self._mac("form", key)

    def token_fits(self, key: str, token: str) -> bool:
        """Whether a form was ours."""
        return hmac.compare_digest(self.token(key).encode(), token.encode("utf-8", "replace"))

    def _hiding(self, seat: str) -> str:
        return f"{'__Host-' if self.secure else ''}hide{'-' + seat if seat else ''}"

    def _set(self, name: str, value: str, seconds: int | None) -> tuple[str, str]:
        age = "" if seconds is None else f"; Max-Age={seconds}"
        return ("Set-Cookie", f"{name}={value}; Path=/{age}; HttpOnly; SameSite=Lax{'; Secure' if self.secure else ''}")

    def _mac(self, purpose: str, key: str) -> str:
        digest = hmac.new(self.secret, f"{purpose}:{key}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def is_key(text: str) -> bool:
    """Whether this can be a key at all."""
    return _KEY.fullmatch(text) is not None


def _cookie(headers: Mapping[str, str], name: str) -> str:
    """The value of a cookie, "" if it is not there. Values of ours are plain letters, never quoted."""
    for part in headers.get("Cookie", "")[:8192].split(";"):
        found, _, value = part.strip().partition("=")
        if found == name:
            return value
    return ""
