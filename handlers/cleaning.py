"""What every channel cleans in the same way: characters that no database takes, and names of files."""

from __future__ import annotations

import re

_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|]')


def clean(text: str) -> str:
    """The text without what no database takes: NUL is dropped, half a surrogate pair becomes U+FFFD."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        # a high and a low half next to each other are one character; what remains is replaced
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "")


def file_name(name: str) -> str:
    """A name that is safe in a form header and on any phone."""
    return _UNSAFE_IN_NAME.sub("_", clean(name)).strip(" .")[:120] or "file"
