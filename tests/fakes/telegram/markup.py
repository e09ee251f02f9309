"""Parses HTML as the Bot API does, refusing what it refuses, and counts in UTF-16 code units."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.fakes.telegram.schema import bad

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[^<>]*)?)>")
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""")


def utf16(text: str) -> int:
    """Length in UTF-16 code units, which all lengths of the platform count in."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_text(text: str, parse_mode: str) -> tuple[str, list[dict[str, Any]]]:
    """The text that is shown and its entities. Raises Refused for markup that Telegram refuses."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise bad("strings must be encoded in UTF-8") from error
    if not parse_mode:
        return text, []
    if parse_mode.lower() != "html":
        if parse_mode.lower() in ("markdown", "markdownv2"):
            raise bad(f"the fake does not parse {parse_mode}: the product speaks HTML")
        raise bad("unsupported parse_mode")
    return _parse_html(text)


def _parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    shown: list[str] = []
    length = 0
    entities: list[dict[str, Any]] = []
    opened: list[tuple[str, int, str]] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "<":
            position, length = _tag(text, position, length, opened, entities)
            continue
        if char == "&" and (match := _ENTITY.match(text, position)):
            char = html.unescape(match.group(0))
            position = match.end()
        else:
            position += 1
        shown.append(char)
        length += 2 if ord(char) > 0xFFFF else 1
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\"")
    return "".join(shown), sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def _tag(
    text: str, position: int, length: int, opened: list[tuple[str, int, str]], entities: list[dict[str, Any]]
) -> tuple[int, int]:
    offset = len(text[:position].encode())
    match = _TAG.match(text, position)
    if match is None:
        if text.startswith("</", position):
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
        name = re.match(r"<([^\s>]*)", text[position:])
        unclosed = name.group(1) if name else ""
        if ">" in text[position:]:
            raise bad(f'can\'t parse entities: Unsupported start tag "{unclosed}" at byte offset {offset}')
        raise bad(f'can\'t parse entities: Unclosed start tag "{unclosed}" at byte offset {offset}')
    closing, name_given, attributes = match.groups()
    tag = name_given.lower()
    if closing:
        if not opened:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
        expected, start, url = opened.pop()
        if expected != tag:
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {offset}, "
                f'expected "</{expected}>", found "</{tag}>"'
            )
        if length > start:
            entity: dict[str, Any] = {"type": _TAGS[tag], "offset": start, "length": length - start}
            entities.append(entity | ({"url": url} if url else {}))
        return match.end(), length
    if tag not in _TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {offset}')
    if tag == "span" and "tg-spoiler" not in attributes:
        raise bad(f'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    href = _HREF.search(attributes)
    opened.append((tag, length, html.unescape(href.group(1)) if href and tag == "a" else ""))
    return match.end(), length
