"""How each channel is opened by a link, from the life before: a platform is reached a moment after people write again.

Without it a child who asks for the parent in that moment hands on an answer without the address that opens everywhere.
Kept by the token: another bot begins with nothing.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.settings import Settings
from models.house import Remembered, remember


def kept(session: Session, settings: Settings) -> tuple[tuple[str, str], ...]:
    """The channels that the settings name and whose link is known: their label, and what a code is appended to."""
    names = {_name(label, token): label for label, token in _tokens(settings).items() if token}
    rows = session.execute(select(Remembered.name, Remembered.value).where(Remembered.name.in_(names)))
    found = {names[name]: link for name, link in rows}
    return tuple((label, found[label]) for label in names.values() if label in found)


def keep(session: Session, settings: Settings, label: str, link: str) -> None:
    """Remember how a channel is opened, for the next start."""
    token = _tokens(settings).get(label)
    if token:
        remember(session, _name(label, token), link)


def _tokens(settings: Settings) -> dict[str, str]:
    return {
        "Telegram": settings.telegram_token.get_secret_value(),
        "Viber": settings.viber_token.get_secret_value(),
    }


def _name(label: str, token: str) -> str:
    return f"link {label} {hashlib.sha256(token.encode()).hexdigest()[:16]}"
