"""What conversations may look up about spreadsheets that staff send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from conversations.speech import Document, Text


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong in a table: the row in the file, the column, and why."""

    row: int
    column: Text
    reason: Text


class ImportsFacts(Protocol):
    """What there is to know about tables of one's own. For people who are not staff all of it is empty."""

    def kinds(self) -> tuple[str, ...]:
        """The kinds of tables there are."""
        ...

    def seen(self, sheet: int, most: int) -> tuple[Text, ...]:
        """The first rows of a table as people will see them."""
        ...

    def count(self, sheet: int) -> int:
        """How many rows of it can be added."""
        ...

    def wrong(self, sheet: int, most: int) -> tuple[tuple[Wrong, ...], int]:
        """What is wrong with it, the first of it, and how much it is in all."""
        ...

    def list_of_wrong(self, sheet: int) -> Document | None:
        """All that is wrong with it, as a file; None where it is short enough to be read here."""
        ...
