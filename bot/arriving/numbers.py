"""Numbers that come from outside as text: in a tap, in a link, in an answer that was stored."""

from __future__ import annotations

LONGEST = 18
"""The most digits that are read: such a number fits into every column of the database."""


def number(given: str) -> int:
    """The number that was given; 0, which nothing has, for anything else."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST else 0
