"""The seats of the stage, one for each of its DEMO people: what they are called, and the key of each one's web chat."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy.orm import Session

from models.house import kept_secret

SECRET = "stage secret"  # noqa: S105  # the name it is remembered under
NAMES = {"young": "Mila DEMO", "parent": "Jasna DEMO", "staff": "Ivana DEMO"}


def seat_keys(session: Session) -> dict[str, str]:
    """The key that opens the web chat of each seat: the same after a restart, different on every machine."""
    secret = kept_secret(session, SECRET)
    return {seat: hmac.new(secret.encode(), seat.encode(), hashlib.sha256).hexdigest() for seat in NAMES}
