"""The platform against which a story is played: it counts the calls that reach people, and kills at the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.campaigns.steps import Steps
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.state import Shown
from tests.outside.talking import WITHIN

if TYPE_CHECKING:
    from tests.campaigns.program import Program

PATIENCE = 4 * WITHIN
"""Seconds for anything that the program must do, on a busy machine."""
CALLS = frozenset({"sendMessage", "sendVenue", "sendDocument", "editMessageText", "answerCallbackQuery"})
NOTHING = b'{"ok": true, "result": []}'


class Phone(Person):
    """Somebody whose every act is a step of the story, and who waits until it has come to rest."""

    def __init__(self, platform: Platform, person_id: int, language_code: str) -> None:
        super().__init__(platform, person_id, language_code)
        self._platform = platform

    def wait(
        self, wanted: str | Callable[[Shown], bool] = "", within: float = 5.0, *, since: int | None = None, **where: Any
    ) -> Shown:
        """As anybody waits, and then for everything that comes of it."""
        shown = super().wait(wanted, within, since=since, **where)
        self._platform.wait_for_rest()
        return shown

    def _act(self, **body: Any) -> int:
        self._platform.steps.next()
        return super()._act(**body)


class Platform(FakeTelegram):
    """The strict fake, which is told the steps of the story. `program` is what it kills."""

    def __init__(self, steps: Steps) -> None:
        super().__init__()
        self.rate = None
        self.steps = steps
        self.program: Program | None = None

    def __enter__(self) -> Platform:
        super().__enter__()
        return self

    def person(self, person_id: int, language_code: str = "sr") -> Person:
        """Somebody with that id; the same one when asked again."""
        if person_id not in self.people:
            self.people[person_id] = Phone(self, person_id, language_code)
        return self.people[person_id]

    def wait_for_rest(self) -> None:
        """Until the program has nothing left to do."""
        if self.program is not None:
            self.program.wait_for_rest()

    async def _perform(self, method: str, raw: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> web.Response:
        name = f"{method} {raw.get('text', '')!s:.40}".strip()
        if method in CALLS and self._reach("asked", name):
            return web.Response(status=502)
        answer = await super()._perform(method, raw, files)
        if method in CALLS:
            self._reach("taken", name)
        elif method == "getUpdates" and answer.body != NOTHING:
            self._reach("fetched", method)
        return answer

    def _reach(self, kind: str, name: str) -> bool:
        """One more of a kind. True if the program was killed here."""
        if not self.steps.outside(kind, name) or self.program is None:
            return False
        self.program.kill()
        return True
