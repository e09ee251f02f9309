"""From the bytes of a form to what a person did. Pure; what cannot be read raises `BadForm`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Literal
from urllib.parse import parse_qsl

from conversations.speech import TAP_BYTES, Attachment, Heard

LONGEST_TEXT = 4000
"""The most characters in one message."""
LARGEST_FILE = 5_000_000
"""The most bytes in one photo, voice note or file."""
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u202a-\u202e\u2066-\u2069]')
_TELLTALE = frozenset({0xE1, 0xED, 0xFE})
"""Segments of a JPEG that hold EXIF or XMP, IPTC, and comments."""
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_SOUNDS = (
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
)


class BadForm(Exception):
    """A form that cannot be taken: "too long", "too big" or "unreadable"."""

    def __init__(self, why: Literal["too long", "too big", "unreadable"], text: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.text = text


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, and the file that came with it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""
    content: bytes = b""

    def get(self, name: str) -> str:
        """A field's value, "" where it is missing."""
        return self.fields.get(name, "")


def read_form(content_type: str, body: bytes) -> Form:
    """The form in a request's body, urlencoded or multipart. Raises BadForm."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=32, errors="replace")
            return Form({name: clean(value) for name, value in pairs})
        if kind == "multipart/form-data":
            return _multipart(content_type, body)
    except (ValueError, LookupError):
        raise BadForm("unreadable") from None
    raise BadForm("unreadable")


def heard_in(form: Form) -> Heard:
    """What the person did: tapped, sent a file (perhaps with words), or wrote. Raises BadForm."""
    text = form.get("text").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise BadForm("too long", text)
    tap = form.get("tap")
    if tap:
        # longer than any button of ours: forged, and answered like a button that has had its time
        return Heard(tap=tap if len(tap.encode()) <= TAP_BYTES else "0.forged")
    if form.content:
        if len(form.content) > LARGEST_FILE:
            raise BadForm("too big", text)
        return Heard(text=text, attachment=attachment(form.file_name, form.content))
    return Heard(text=text)


def attachment(name: str, content: bytes) -> Attachment:
    """What was sent, told by its first bytes: what the browser says of it is not believed (ASVS 5.2.2)."""
    kind, media_type = kind_of(content)
    stripped = without_place(content) if media_type == "image/jpeg" else content
    return Attachment(kind, file_name(name), media_type, len(stripped), content=stripped)


def kind_of(content: bytes) -> tuple[Literal["photo", "voice", "file"], str]:
    """What a file is by its first bytes, with a media type that is safe to serve."""
    for magic, media_type in _PICTURES:
        if content.startswith(magic):
            return "photo", media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "photo", "image/webp"
    for magic, media_type in _SOUNDS:
        if content.startswith(magic):
            return "voice", media_type
    if content[4:11] == b"ftypM4A":
        return "voice", "audio/mp4"
    return "file", "application/pdf" if content.startswith(b"%PDF-") else "application/octet-stream"


def without_place(photo: bytes) -> bytes:
    """A JPEG without what the camera wrote into it: where it was taken, when, with what (ASVS 14.2.8)."""
    at, kept = 2, [photo[:2]]
    while at + 4 <= len(photo) and photo[at] == 0xFF:
        marker, length = photo[at + 1], int.from_bytes(photo[at + 2 : at + 4], "big")
        if marker == 0xDA or length < 2:
            break
        if marker not in _TELLTALE:
            kept.append(photo[at : at + 2 + length])
        at += 2 + length
    return b"".join((*kept, photo[at:]))


def file_name(name: str) -> str:
    """A name without folders, marks that turn text around, or anything a header cannot carry."""
    return _UNSAFE_IN_NAME.sub("_", clean(name).replace("\\", "/").rpartition("/")[2]).strip(" .")[:120]


def clean(text: str) -> str:
    """The text without what no database takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def language_of(accept: str) -> str:
    """The first language that a browser asks for, "" where it says nothing that can be read."""
    first = accept[:200].partition(",")[0].partition(";")[0].strip()
    return first if _LANGUAGE.fullmatch(first) else ""


def message_id(external_id: str, form: Form) -> str:
    """The name of what was sent: the same form sent twice has the same one; another answer on it has not."""
    nonce = form.get("nonce")
    if not _NONCE.fullmatch(nonce):
        raise BadForm("unreadable", form.get("text"))
    digest = hashlib.sha256()
    for part in (external_id, nonce, form.get("tap"), form.get("text"), form.file_name):
        digest.update(part.encode() + b"\0")
    digest.update(form.content)
    return f"p.{digest.hexdigest()[:40]}"


def _multipart(content_type: str, body: bytes) -> Form:
    head = f"Content-Type: {clean(content_type)}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise BadForm("unreadable")
    fields: dict[str, str] = {}
    name, content = "", b""
    for part in list(message.iter_parts())[:32]:
        field_name = str(part.get_param("name", "", header="content-disposition"))
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        file = part.get_filename()
        if file is None:
            fields[field_name] = clean(data.decode("utf-8", "replace"))
        elif data:
            name, content = file, data
    return Form(fields, name, content)
