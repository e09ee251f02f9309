"""What a file that came to be printed really is, told by its content: PDF, DOCX or photo; and how many pages a PDF has.

Everything is looked at within fixed limits: a hostile file costs a moment, never a turn (docs/decisions/0084).
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import islice

LARGEST = 5_000_000
"""Bytes of a paper; larger ones are not kept by the switchboard either."""
INFLATED_MOST = 8_000_000
"""Bytes to which the inner streams of a PDF are unpacked, all together."""
STREAMS_MOST = 400
NODE_MOST = 20_000
"""How far around its name a node of a PDF is looked at, in bytes."""
NODES_MOST = 100
ENTRIES_MOST = 2_000
PAGES_MOST = 5_000

_STREAM = re.compile(rb"/ObjStm\b")
_BEGINS = re.compile(rb"stream\r?\n")
_PAGES = re.compile(rb"/Type\s{0,4}/Pages\b")
_PAGE = re.compile(rb"/Type\s{0,4}/Page(?![A-Za-z])")
_COUNT = re.compile(rb"/Count\s{1,4}(\d{1,6})")
_MARKS = re.compile(rb"<<|>>")
_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that can be printed. `pages` is None where nobody can tell without opening it."""

    kind: str
    pages: int | None = None


def look(content: bytes) -> Paper | str:
    """What a file is, or why it is not printed: "large", "locked" (needs a password), "type"."""
    if len(content) > LARGEST:
        return "large"
    if b"%PDF-" in content[:1024]:
        return "locked" if b"/Encrypt" in content else Paper("pdf", pdf_pages(content))
    if content.startswith(_PHOTOS):
        return Paper("photo", 1)
    if content.startswith(b"PK\x03\x04"):
        return Paper("docx") if _is_docx(content) else "type"
    return "type"


def _is_docx(content: bytes) -> bool:
    """A text of Word without macros. Only the list of what is in it is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            names = {part.filename.lower() for part in parts.infolist()[:ENTRIES_MOST]}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):  # the last: a method zipfile does not know
        return False
    return {"[content_types].xml", "word/document.xml"} <= names and not any("vbaproject" in name for name in names)


# ---------------------------------------------------------------- the pages of a PDF


def pdf_pages(content: bytes) -> int | None:
    """How many pages a PDF has: what the newest root of its tree of pages says, else the pages that are seen.

    None where neither can be read. ISO 32000-1, 7.7.3: the root is the node without a parent, /Count counts its leaves.
    """
    roots: list[int] = []
    leaves = 0
    for part in (content, *_unpacked(content)):
        leaves += len(_PAGE.findall(part))
        for match in islice(_PAGES.finditer(part), NODES_MOST):
            node = _node(part, match.start())
            count = _COUNT.search(node)
            if count is not None and b"/Parent" not in node:
                roots.append(int(count[1]))
    found = roots[-1] if roots else leaves
    return found if 0 < found <= PAGES_MOST else None


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The objects that newer PDFs keep in packed streams (7.5.7), as far as the limits reach."""
    left = INFLATED_MOST
    for number, match in enumerate(_STREAM.finditer(content)):
        begins = _BEGINS.search(content, match.end(), match.end() + 1_000)
        if number >= STREAMS_MOST or left <= 0:
            return
        if begins is None:
            continue
        ends = content.find(b"endstream", begins.end())
        packed = content[begins.end() : ends if ends > 0 else begins.end() + LARGEST]
        try:
            part = zlib.decompressobj().decompress(packed, left)
        except zlib.error:
            continue
        left -= len(part)
        yield part


def _node(part: bytes, at: int) -> bytes:
    """The dictionary around a place: from its << to its >>, as far as the limits reach."""
    low, high = max(0, at - NODE_MOST), at + NODE_MOST
    begins, depth = low, 0
    for mark in reversed(list(_MARKS.finditer(part, low, at))):
        depth += 1 if mark[0] == b">>" else -1
        if depth < 0:
            begins = mark.start()
            break
    ends, depth = high, 0
    for mark in _MARKS.finditer(part, at, high):
        depth += 1 if mark[0] == b"<<" else -1
        if depth < 0:
            ends = mark.end()
            break
    return part[begins:ends]
