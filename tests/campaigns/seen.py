"""What each platform was asked to show to whom, and what the messages of the outbox look like there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.speech import Spoken
from handlers.cleaning import clean, file_name
from handlers.desk import abilities as desk
from handlers.desk.arriving import CHANNEL as DESK
from handlers.fitting import fit
from handlers.telegram.abilities import CAPABILITIES, with_pages_written_out
from handlers.telegram.reading import CHANNEL as TELEGRAM
from handlers.viber import abilities as viber
from handlers.viber import writing
from handlers.viber.abilities import CHANNEL as VIBER
from handlers.viber.sending import parts_for
from models.messages.viber import ViberChat
from tests.campaigns.beside import Everywhere
from tests.campaigns.platform import Platform
from tests.fakes.viber.people import Person as ViberPerson

SENDS = frozenset({"sendMessage", "editMessageText", "sendVenue", "sendDocument"})
Key = tuple[str, str]
"""A place on a platform, and the words (or the pin, or the file) that were shown there."""
Looks = Callable[[str, Spoken], Iterator[str]]
"""What a message to an address looks like, part by part."""


def place_of(channel: str, external_id: str) -> str:
    """Where a message for an address is seen: at the desk by all who read there."""
    return f"{channel} {desk.where(external_id) if channel == DESK else external_id}"


# ---------------------------------------------------------------- what was shown


def shown_by(platform: Platform) -> Counter[Key]:
    """How often the platforms were asked to show what to whom; what they refused was not shown."""
    shown = _called(TELEGRAM, platform)
    if isinstance(platform, Everywhere):
        shown += _called(DESK, platform.desk)
        for person in platform.viber.people.values():
            shown += _arrived(person)
    return shown


def _called(channel: str, platform: Platform) -> Counter[Key]:
    return Counter(
        (f"{channel} {_chat(call.params, call.result)}", _words(call.result))
        for call in platform.history
        if call.method in SENDS and call.status == 200
    )


def _chat(params: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    thread = message.get("message_thread_id", "")
    return f"{params['chat_id']}/{thread}" if thread else str(params["chat_id"])


def _words(message: dict[str, Any]) -> str:
    if "venue" in message:
        return f"pin: {message['venue']['title']}"
    if "document" in message:
        return f"file: {message['document']['file_name']}"
    return str(message.get("text", "")).strip()


def _arrived(person: ViberPerson) -> Counter[Key]:
    return Counter((place_of(VIBER, person.id), _words_on_viber(shown.message)) for shown in person.shown)


def _words_on_viber(message: dict[str, Any]) -> str:
    if message["type"] == "location":
        return f"pin: {message['location']['lat']} {message['location']['lon']}"
    if message["type"] == "file":
        return f"file: {message['file_name']}"
    return str(message.get("alt_text" if message["type"] == "rich_media" else "text", "")).strip()


# ---------------------------------------------------------------- what was to be shown


def looks_of(session: Session) -> Mapping[str, Looks]:
    """What messages look like on each channel. On Viber that goes by how old somebody's client is."""
    versions = {row[0]: row[1] for row in session.execute(select(ViberChat.external_id, ViberChat.version))}
    return {TELEGRAM: _on_telegram, DESK: _at_desk, VIBER: partial(_on_viber, versions)}


def _on_telegram(_external_id: str, message: Spoken) -> Iterator[str]:
    for half in fit(message, CAPABILITIES):
        for part in fit(with_pages_written_out(half), CAPABILITIES):
            yield _telegrams(part)


def _at_desk(_external_id: str, message: Spoken) -> Iterator[str]:
    for part in fit(message, desk.CAPABILITIES):
        yield _telegrams(part)


def _telegrams(part: Spoken) -> str:
    if part.venue is not None:
        return f"pin: {part.venue.name}"
    return f"file: {file_name(part.document.name)}" if part.document is not None else part.text.strip() or "…"


def _on_viber(versions: Mapping[str, int | None], external_id: str, message: Spoken) -> Iterator[str]:
    for half in fit(message, viber.CAPABILITIES):
        for part in parts_for(half, versions.get(external_id)):
            if part.cards:
                yield str(writing.cards_message("", part, part.buttons)["alt_text"]).strip()
            elif part.venue is not None:
                yield f"pin: {part.venue.latitude} {part.venue.longitude}"
            elif part.document is not None:
                yield f"file: {file_name(part.document.name)}"
            else:
                yield clean(part.text).strip() or "…"
