"""One process for one SQLite file: the lock beside it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """Another process has the database file. The text is for the person who started this one."""


class FileLock:
    """The lock beside an SQLite file: held by the operating system, so that it ends with the process."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock. Raises AlreadyRunning with a clear sentence if another process has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise AlreadyRunning(
                f"Another Putokaz (process {holder}) is using {self.path.with_suffix('')}. Stop it first, or set "
                "PUTOKAZ_DATABASE_URL to PostgreSQL to run several."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def give_back(self) -> None:
        """End the lock. The file stays: deleting it would let two processes lock two files of one name."""
        if self._file is not None:
            self._file.close()
            self._file = None
