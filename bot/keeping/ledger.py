"""The ledger of who was erased: a file outside the database, so that restoring an old copy brings nobody back."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from datetime import datetime
from pathlib import Path


class Ledger:
    """Salted hashes of the addresses of people who were erased, each with the instant (UTC) of it.

    The first line holds the salt, every other one a hash. Lines are on the disk before `add` returns. A line that
    a crash cut short is left out.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        lines = written.splitlines()
        if lines:
            self._salt = _salt(path, lines[0])
            if not written.endswith("\n"):
                self._write(b"\n")
        else:
            self._salt = secrets.token_bytes(32)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._append({"salt": self._salt.hex()})
        self._erased: dict[str, datetime] = {}
        for line in lines[1:]:
            try:
                entry = json.loads(line)
                at = datetime.fromisoformat(entry["at"])
            except (ValueError, KeyError, TypeError):
                continue
            self._erased[entry["hash"]] = max(at, self._erased.get(entry["hash"], at))

    def add(self, channel: str, external_id: str, at: datetime) -> None:
        """Remember that whoever wrote from this address was erased at `at`."""
        hashed = self._hash(channel, external_id)
        if self._erased.get(hashed, datetime.min.replace(tzinfo=at.tzinfo)) >= at:
            return
        self._append({"hash": hashed, "at": at.isoformat()})
        self._erased[hashed] = at

    def erased_at(self, channel: str, external_id: str) -> datetime | None:
        """When whoever wrote from this address was last erased; None if they never were."""
        return self._erased.get(self._hash(channel, external_id))

    def _hash(self, channel: str, external_id: str) -> str:
        return hmac.new(self._salt, f"{channel}\n{external_id}".encode(), hashlib.sha256).hexdigest()

    def _append(self, entry: dict[str, str]) -> None:
        self._write(json.dumps(entry).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class LedgerDamaged(Exception):
    """The ledger's first line cannot be read, so that nobody in it can be known again."""


def _salt(path: Path, line: str) -> bytes:
    try:
        return bytes.fromhex(json.loads(line)["salt"])
    except (ValueError, KeyError, TypeError):
        raise LedgerDamaged(f"{path.name}: the first line, which holds the salt, cannot be read") from None


def ledger_at(path: str) -> Ledger | None:
    """The ledger in that file; None for "", which keeps none."""
    return Ledger(Path(path)) if path else None
