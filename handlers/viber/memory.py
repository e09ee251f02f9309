"""Where the channel keeps what must outlive a process and be the same in all of them: see `Memory`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.viber.knowing import Known

PEOPLE = 20_000
"""Of how many people something is kept where there is no database."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that can be fetched until `until` (UTC). `external_id` is whom it was sent to, "" where to many."""

    content: bytes
    media_type: str
    until: datetime
    external_id: str = ""


class Memory(Protocol):
    """What is known of people, and the files that the platform fetches. bot/lines/viber_memory.py keeps it."""

    async def known(self, external_ids: Sequence[str]) -> Mapping[str, Known]:
        """What is known of these; who is not known is left out."""
        ...

    async def change(self, external_ids: Sequence[str], by: Callable[[Known], Known]) -> Mapping[str, Known]:
        """Change what is known of each, one after the other with whoever else does; returns how it is then."""
        ...

    async def keep(self, key: str, file: KeptFile) -> None:
        """Keep a file under the hash of its token."""
        ...

    async def file(self, key: str) -> KeptFile | None:
        """The file under the hash of a token, None where there is none."""
        ...


class Fleeting:
    """A memory as long as the process: for whoever only asks the platform something, and for tests."""

    def __init__(self, most: int = PEOPLE) -> None:
        self._most = most
        self._people: OrderedDict[str, Known] = OrderedDict()
        self._files: dict[str, KeptFile] = {}

    async def known(self, external_ids: Sequence[str]) -> Mapping[str, Known]:
        """What is known of these."""
        return {one: self._people[one] for one in external_ids if one in self._people}

    async def change(self, external_ids: Sequence[str], by: Callable[[Known], Known]) -> Mapping[str, Known]:
        """Change what is known of each; whoever was met longest ago is forgotten."""
        for one in external_ids:
            self._people[one] = by(self._people.pop(one, Known()))
        while len(self._people) > self._most:
            self._people.popitem(last=False)
        return await self.known(external_ids)

    async def keep(self, key: str, file: KeptFile) -> None:
        """Keep a file."""
        self._files[key] = file

    async def file(self, key: str) -> KeptFile | None:
        """A file that was kept."""
        return self._files.get(key)
