"""A `Spoken` as JSON for the outbox, and back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from conversations.speech import Document, Spoken, SpokenButton, SpokenCard, SpokenVenue


def to_json(message: Spoken, drawn: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The message as JSON holds it; what is empty is left out.

    `drawn` is the order to which its document is drawn when it is sent.
    """
    body: dict[str, Any] = {"text": message.text, "language": message.language}
    if message.buttons:
        body["buttons"] = [_button(button) for button in message.buttons]
    if message.cards:
        body["cards"] = [[card.text, [_button(button) for button in card.buttons]] for card in message.cards]
    if message.venue:
        venue = message.venue
        body["venue"] = [venue.name, venue.address, venue.latitude, venue.longitude]
    if message.document:
        document = message.document
        body["document"] = [document.name, document.media_type, base64.b64encode(document.content).decode()]
    if message.relay is not None:
        body["relay"] = message.relay
    if message.replaces:
        body["replaces"] = True
    if drawn is not None:
        body["drawn"] = dict(drawn)
    return body


def from_json(body: dict[str, Any]) -> Spoken:
    """A message as it was stored."""
    document = body.get("document")
    return Spoken(
        text=body["text"],
        language=body["language"],
        buttons=tuple(SpokenButton(*button) for button in body.get("buttons", ())),
        cards=tuple(
            SpokenCard(text, tuple(SpokenButton(*button) for button in buttons))
            for text, buttons in body.get("cards", ())
        ),
        venue=SpokenVenue(*body["venue"]) if "venue" in body else None,
        document=Document(document[0], document[1], base64.b64decode(document[2])) if document else None,
        relay=body.get("relay"),
        replaces=body.get("replaces", False),
    )


def _button(button: SpokenButton) -> list[Any]:
    return [button.label, button.tap, button.url, button.asks, button.quiet]
