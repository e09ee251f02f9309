"""Files that Viber fetches from us: it takes addresses, not content. Each has a secret path and a day to live."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from urllib.parse import quote

from handlers.channel import Request, Response
from handlers.cleaning import clean, file_name
from handlers.viber.abilities import FORBIDDEN_FILES
from handlers.viber.memory import KeptFile, Memory

FILE_PATH = "/viber/file/{token}/{name}"
KEPT = timedelta(hours=24)
"""How long a file can be fetched: a phone may be off over night."""
TOKEN_BYTES = 24
"""Of the token in a file's address: 192 bits, of which only the hash is kept."""
LARGEST_PICTURE = 1024 * 1024
"""Bytes of a picture that every phone shows; larger ones are sent as files (1 MB on iOS, 3 MB on Android)."""
_PICTURES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "audio/ogg": ".ogg",
            "audio/mpeg": ".mp3", "video/mp4": ".mp4", "application/pdf": ".pdf", "text/calendar": ".ics",
            "text/plain": ".txt"}  # fmt: skip
_SERVED_AS = frozenset((*_PICTURES.values(), "audio/ogg", "audio/mpeg", "video/mp4", "application/pdf"))
"""Kinds of file that a browser cannot run anything from. All others are served as bytes."""
_NEVER_SHOWN = (
    ("Cache-Control", "private, no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Disposition", "attachment"),
    ("X-Robots-Tag", "noindex"),
)


@dataclass(frozen=True, slots=True)
class Hosted:
    """A file at its address, as the platform wants to be told of it."""

    url: str
    name: str
    size: int
    picture: bool


class Hosting:
    """The files of one channel. Any process serves what another one sent, until its time is over."""

    def __init__(self, public_url: str, memory: Memory, now: Callable[[], datetime]) -> None:
        self._public_url, self._memory, self._now = public_url, memory, now

    async def put(self, name: str, media_type: str, content: bytes, external_id: str = "") -> Hosted:
        """Makes a file fetchable. Raises ValueError for one that the platform does not carry."""
        name = _with_ending(file_name(name), media_type)
        ending = PurePath(name).suffix.lower()
        if ending.removeprefix(".") in FORBIDDEN_FILES:
            reason = "a file of this kind is not carried"
            raise ValueError(reason)
        if not content:
            reason = "the file is empty"
            raise ValueError(reason)
        picture = ending in _PICTURES and len(content) <= LARGEST_PICTURE
        served = _PICTURES.get(ending, media_type)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        kept = served if served in _SERVED_AS else "application/octet-stream"
        await self._memory.keep(hashed(token), KeptFile(content, kept, self._now() + KEPT, external_id))
        url = f"{self._public_url}{FILE_PATH.format(token=token, name=quote(name, safe=''))}"
        return Hosted(url, name, len(content), picture)

    async def answer(self, request: Request) -> Response:
        """Serves a file by its token; whoever has none learns nothing."""
        _, _, rest = request.path.partition("/viber/file/")
        kept = await self._memory.file(hashed(rest.partition("/")[0]))
        if kept is None or kept.until <= self._now():
            return Response(404, media_type="text/plain")
        return Response(200, kept.content, kept.media_type, _NEVER_SHOWN)


def hashed(token: str) -> str:
    """What a token is known by: who reads the tables cannot make an address of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _with_ending(name: str, media_type: str) -> str:
    """The platform tells the kind of a file by its ending, so it must have one."""
    path = PurePath(clean(name))
    if media_type in _PICTURES.values() and path.suffix.lower() not in _PICTURES:
        return f"{path.name}{_ENDINGS[media_type]}"
    return path.name if path.suffix else f"{path.name}{_ENDINGS.get(media_type, '.dat')}"
