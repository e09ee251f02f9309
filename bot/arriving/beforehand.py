"""What takes long to read, and is read before the turn that needs it: on a reading connection; nobody else waits."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy.orm import Session

T = TypeVar("T")


class ReadFirst(Exception):
    """A turn needs something that takes long. All of it is undone, `read` runs on a connection that only reads, and the
    same arrival is taken again. `read` keeps what it found in memory.
    """

    def __init__(self, read: Callable[[Session], None]) -> None:
        super().__init__("something is read first")
        self.read = read


_may_wait: ContextVar[bool] = ContextVar("_may_wait", default=False)


def may_wait() -> bool:
    """Whether whoever took this turn takes it again after a ReadFirst."""
    return _may_wait.get()


def waiting(work: Callable[[], T]) -> T:
    """Run a turn that may raise ReadFirst."""
    before = _may_wait.set(True)
    try:
        return work()
    finally:
        _may_wait.reset(before)
