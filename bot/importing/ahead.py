"""Reading and checking a table that was sent; a long one before the turn that asks for it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.arriving.beforehand import ReadFirst, may_wait
from bot.importing.checking import Checked, check, has_heads
from bot.importing.columns import Reader
from bot.importing.kinds import Kind
from bot.importing.reading import Unreadable, read
from bot.importing.tables.every import KINDS

LONG = 6_000
"""Bytes from which a table is read beforehand."""
KEPT_MOST = 8
"""Tables that were read and not asked for again yet."""

_Key = tuple[bytes, str, int, str]
_found: dict[_Key, Checked | Unreadable] = {}


def checked(content: bytes, kind: Kind, reader: Reader) -> Checked:
    """What a table comes to. Raises Unreadable, and ReadFirst for a long one where whoever took the turn can wait."""
    key = (hashlib.sha256(content).digest(), kind.name, reader.organisation_id, reader.language)
    found = _found.pop(key, None)
    if found is None and len(content) > LONG and may_wait():

        def ahead(session: Session) -> None:
            if len(_found) >= KEPT_MOST:
                _found.clear()
            _found[key] = _look(content, kind, replace(reader, session=session, seen={}))

        raise ReadFirst(ahead)
    if isinstance(found, Unreadable):
        raise found
    return found if found is not None else _checked(content, kind, reader)


def _look(content: bytes, kind: Kind, reader: Reader) -> Checked | Unreadable:
    try:
        return _checked(content, kind, reader)
    except Unreadable as error:
        return error


def _checked(content: bytes, kind: Kind, reader: Reader) -> Checked:
    rows = read(content)
    try:
        return check(rows, kind, reader)
    except Unreadable as error:
        like = next((other.name for other in KINDS.values() if has_heads(rows, other)), "")
        raise Unreadable("other", like) if error.reason == "heads" and like else error from error
