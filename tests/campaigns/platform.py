"""The platform against which a story is played: it counts the calls that reach people, and kills at the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.campaigns.steps import Steps
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.state import Memory, Shown
from tests.fakes.telegram.updates import Updates, kind_of
from tests.outside.talking import WITHIN

if TYPE_CHECKING:
    from tests.campaigns.program import Program

PATIENCE = 4 * WITHIN
"""Seconds for anything that the program must do, on a busy machine."""
CALLS = frozenset({"sendMessage", "sendVenue", "sendDocument", "editMessageText", "answerCallbackQuery"})
NOTHING = b'{"ok": true, "result": []}'


class Watch:
    """What all platforms of a run share: the steps of the story, and the program that is killed at a boundary."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.program: Program | None = None

    def reach(self, kind: str, name: str) -> bool:
        """One more of a kind. True if the program was killed here."""
        if not self.steps.outside(kind, name) or self.program is None:
            return False
        self.program.kill()
        return True

    def wait_for_rest(self) -> None:
        """Until the program has nothing left to do."""
        if self.program is not None:
            self.program.wait_for_rest()


class Phone(Person):
    """Somebody whose every act is a step of the story, and who waits until it has come to rest."""

    def __init__(self, platform: Platform, person_id: int, language_code: str) -> None:
        super().__init__(platform, person_id, language_code)
        self._watch = platform.watch

    def wait(
        self, wanted: str | Callable[[Shown], bool] = "", within: float = 5.0, *, since: int | None = None, **where: Any
    ) -> Shown:
        """As anybody waits, and then for everything that comes of it."""
        shown = super().wait(wanted, within, since=since, **where)
        self._watch.wait_for_rest()
        return shown

    def _act(self, **body: Any) -> int:
        self._watch.steps.next()
        return super()._act(**body)


class Handed(Updates):
    """Updates of which one is handed out in vain, or its answer is lost on the way, when the program is killed."""

    def __init__(self, memory: Memory, watch: Watch) -> None:
        super().__init__(memory)
        self._watch = watch

    @property
    def rest(self) -> bool:
        """Whether the program has confirmed everything."""
        return not self.pending and not self._busy

    async def _post(self, session: Any, update: dict[str, Any]) -> tuple[str, float]:
        if self._watch.reach("fetched", kind_of(update)):
            return "killed before it arrived", 0
        error, after = await super()._post(session, update)
        if not error and self._watch.reach("confirmed", kind_of(update)):
            return "killed before it could say so", 0
        return error, after


class Platform(FakeTelegram):
    """The strict fake, which is told the steps of the story. `watch` has the program that it kills."""

    channels: tuple[str, ...] = ("telegram",)
    """What the program must have opened before it is there."""
    looks = False
    """Whether there is a desk that looks for what it has to do."""

    def __init__(
        self, steps: Steps, *, watch: Watch | None = None, token: str = TOKEN, calls: frozenset[str] = CALLS
    ) -> None:
        super().__init__(token)
        self.rate = None
        self.steps = steps
        self.watch = watch or Watch(steps)
        self.handed = Handed(self.memory, self.watch)
        self.updates = self.handed
        self._calls, self._prefix = calls, ""

    def __enter__(self) -> Platform:
        super().__enter__()
        return self

    def settings(self, _port: int) -> Mapping[str, str]:
        """What the program is told of its platforms, and of the port where it is reached itself."""
        return {"TELEGRAM_TOKEN": self.token, "TELEGRAM_API_URL": self.url}

    def there(self, told: Mapping[str, Any] | None) -> bool:
        """Whether the program says that it is there, on all its channels."""
        return told is not None and all(told["channels"].get(name) == "ok" for name in self.channels)

    @property
    def rest(self) -> bool:
        """Whether all that people did has been taken by the program."""
        return self.handed.rest

    def person(self, person_id: int, language_code: str = "sr") -> Person:
        """Somebody with that id; the same one when asked again."""
        if person_id not in self.people:
            self.people[person_id] = Phone(self, person_id, language_code)
        return self.people[person_id]

    async def _perform(self, method: str, raw: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> web.Response:
        name = f"{method} {raw.get('text', '')!s:.40}".strip()
        if method in self._calls and self._reach("asked", name):
            return web.Response(status=502)
        answer = await super()._perform(method, raw, files)
        if method in self._calls:
            self._reach("taken", name)
        elif method == "getUpdates" and answer.body != NOTHING:
            self._reach("fetched", method)
        return answer

    def _reach(self, kind: str, name: str) -> bool:
        return self.watch.reach(self._prefix + kind, name)
