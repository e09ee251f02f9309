"""Facts about spreadsheets, from what was read of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.facts.asking.asking_staff import StaffAsking
from bot.facts.lookup import Lookup
from bot.language.languages import BY_TAG
from bot.language.tongue import tongue
from conversations.facts.imports import Wrong
from conversations.importing.words import HEADS, LISTED, REASONS
from conversations.speech import Document, Text, Words, lines, verbatim
from conversations.staff.writing.sending import reached
from models.offers.importing import SheetImport
from models.who.staff import organisations_of

if TYPE_CHECKING:
    from bot.importing.columns import Reader

IN_CHAT = 12
"""So many faults are read in the chat; more go into a file as well."""


def _said(values: Mapping[str, str], base: str) -> dict[str, Words]:
    """What a fault tells, in the script of who reads it."""
    return {name: Words.of({base: value}) for name, value in values.items()}


class KnownImports:
    """What there is to know about tables of one's own."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def _mine(self, sheet: int) -> SheetImport | None:
        found = self.lookup.session.get(SheetImport, sheet)
        mine = found is not None and found.person_id == self.lookup.me.person_id
        if found is None or not mine:
            return None
        return found if found.organisation_id in organisations_of(self.lookup.session, found.person_id) else None

    def kinds(self) -> tuple[str, ...]:
        """The kinds of tables there are."""
        from bot.importing.tables.every import KINDS  # deeds look facts up: what reads tables imports deeds

        return tuple(KINDS) if organisations_of(self.lookup.session, self.lookup.me.person_id) else ()

    def seen(self, sheet: int, most: int) -> tuple[Text, ...]:
        """The first rows of a table as people will see them."""
        from bot.importing.tables.every import KINDS

        row = self._mine(sheet)
        if row is None:
            return ()
        kind, reader, asking = KINDS[row.kind], self._reader(row), StaffAsking(self.lookup)
        return tuple(
            lines(kind.seen(entry, reader), reached(asking.reach(entry)) if kind.sent else None)
            for entry in row.entries[:most]
        )

    def _reader(self, row: SheetImport) -> Reader:
        from bot.importing.columns import Reader

        language = BY_TAG[self.lookup.me.tag].base
        return Reader(self.lookup.session, self.lookup.now, row.organisation_id, language, self.lookup.rules.zone)

    def count(self, sheet: int) -> int:
        """How many rows of it can be added."""
        row = self._mine(sheet)
        return len(row.entries) if row is not None else 0

    def wrong(self, sheet: int, most: int) -> tuple[tuple[Wrong, ...], int]:
        """What is wrong with it, the first of it, and how much it is in all."""
        row = self._mine(sheet)
        if row is None:
            return (), 0
        base = BY_TAG[self.lookup.me.tag].base
        found = tuple(
            Wrong(int(number), HEADS.get(column) or verbatim(column), REASONS[reason].of(**_said(values, base)))
            for number, column, reason, values in row.problems[:most]
        )
        return found, len(row.problems)

    def list_of_wrong(self, sheet: int) -> Document | None:
        """All that is wrong with it, as a file; None where it is short enough to be read here."""
        from bot.importing.template import MEDIA_TYPE, listed

        found, total = self.wrong(sheet, 100_000)
        if total <= IN_CHAT:
            return None
        speak = tongue(self.lookup.me.tag)
        rows = [[str(one.row), speak.speak(one.column), speak.speak(one.reason)] for one in found]
        return Document("putokaz-faults.xlsx", MEDIA_TYPE, listed([[speak.speak(head) for head in LISTED], *rows]))
