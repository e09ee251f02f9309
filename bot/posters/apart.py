"""Draws in a process of its own: seconds of work, and a library of 60 MB, for which no conversation is to wait."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.posters.poster import Poster
from bot.running.logs import log
from conversations.speech import Document, Spoken

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds for one file. The very first one takes longest: the library looks through the machine's fonts, once."""
LARGEST = 2_000_000
"""Bytes of a file that is still handed over."""


class NotDrawn(Exception):
    """There is no file. The text is the reason, with nothing of what was to be on it."""


def order(poster: Poster, form: str, sorry: str) -> dict[str, Any]:
    """What is stored with a message whose file is drawn when it is sent. `sorry` is said where that fails."""
    return {"form": form, "poster": poster.to_json(), "sorry": sorry}


class Drawer:
    """Draws one file after the other."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()

    async def __call__(self, message: Spoken, drawn: Mapping[str, Any]) -> Spoken:
        """The message with its file, or with the words that there is none. Never raises for a file's sake."""
        try:
            async with self._one:
                content = await draw_apart(drawn)
        except NotDrawn as why:
            log.error("a poster was not drawn", reason=str(why))
            return replace(message, document=None, text=str(drawn.get("sorry", "")))
        if message.document is None:
            return message
        return replace(message, document=Document(message.document.name, message.document.media_type, content))


async def draw_apart(drawn: Mapping[str, Any], patience: float = PATIENCE, module: str = "bot.posters") -> bytes:
    """The file that an order asks for, drawn by a module of ours in a process of its own. Raises NotDrawn."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PUTOKAZ_")}
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
            env=known,
        )
    except OSError as error:
        raise NotDrawn(type(error).__name__) from None
    try:
        async with asyncio.timeout(patience):
            content, _nothing = await process.communicate(json.dumps(dict(drawn)).encode())
    except TimeoutError:
        raise NotDrawn(f"not within {patience:.0f} s") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode or not content:
        raise NotDrawn(f"the drawing ended with {process.returncode}")
    if len(content) > LARGEST:
        raise NotDrawn(f"the file has {len(content)} bytes")
    return content
