"""The other platforms of a story: Viber and the staff's desk, each counted and killed at like the first."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any

from aiohttp import web

from tests.campaigns.platform import CALLS, Platform, Watch
from tests.campaigns.steps import Steps
from tests.fakes.telegram.groups import Group
from tests.fakes.telegram.people import Person
from tests.fakes.telegram.state import Shown
from tests.fakes.viber import FakeViber
from tests.fakes.viber.callbacks import Callbacks
from tests.fakes.viber.people import Person as ViberPerson
from tests.fakes.viber.state import Callback
from tests.fakes.viber.state import Shown as ViberShown

DESK_TOKEN = "654321:" + "D" * 35
GROUP, LEADER = -1004711, 404
DESK_CALLS = CALLS | {"setMessageReaction", "createForumTopic", "editForumTopic", "closeForumTopic", "reopenForumTopic"}
VIBER_CALLS = frozenset({"send_message", "broadcast_message"})
PAUSE = 10
"""Between the tries of a callback, before the fake's scale: a tenth of a second, for as long as it takes."""


class Everywhere(Platform):
    """Telegram by webhook, for there must be a public address; Viber beside it; and the desk, which polls."""

    channels = ("telegram", "viber", "desk")
    looks = True

    def __init__(self, steps: Steps) -> None:
        super().__init__(steps)
        self.viber = Viber(self.watch)
        self.desk = Desk(steps, self.watch)
        self.share(self.desk)
        self.room = Room(self.desk, self.desk.person(LEADER))
        self.desk.groups[GROUP] = self.room

    def __enter__(self) -> Everywhere:
        super().__enter__()
        self.viber.start()
        return self

    def __exit__(self, *ended: Any) -> None:
        self.viber.stop()
        super().__exit__(*ended)

    def settings(self, port: int) -> Mapping[str, str]:
        """All three, at a public address that is loopback here. Viber costs money."""
        return {
            **super().settings(port),
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "STAGE": "true",
            "VIBER_TOKEN": self.viber.token,
            "VIBER_API_URL": self.viber.url,
            "VIBER_BUDGET": "5",
            "VIBER_PRICES": "RS=0.02",
            "VIBER_PRICES_CHECKED": "2026-03-01",
            "DESK_TOKEN": DESK_TOKEN,
            "DESK_GROUP": str(GROUP),
            "DESK_ORGANISATION": "kokoro",
        }

    @property
    def rest(self) -> bool:
        """Whether all three have handed over everything."""
        told = all(callback.done or callback.lost for callback in list(self.viber.callbacks.all))
        return super().rest and self.desk.rest and told


# ---------------------------------------------------------------- the desk


class Desk(Platform):
    """The second bot on the same Telegram."""

    def __init__(self, steps: Steps, watch: Watch) -> None:
        super().__init__(steps, watch=watch, token=DESK_TOKEN, calls=DESK_CALLS)
        self._prefix = "desk-"


class Room(Group):
    """The group of staff, in which one of them acts: every act is a step."""

    def __init__(self, desk: Desk, leader: Person) -> None:
        super().__init__(desk, GROUP)
        self._watch, self._leader = desk.watch, leader
        self.make_forum(leader)

    def act(self, what: str, thread: int = 0) -> None:
        """The leader presses a button ("[label]") or writes, in a topic perhaps."""
        self._watch.steps.next()
        if what.startswith("["):
            self.press(self._leader, what[1:-1])
        else:
            self.write(self._leader, what, thread)

    def wait(
        self, wanted: str | Callable[[Shown], bool] = "", within: float = 5.0, *, since: int | None = None, **where: Any
    ) -> Shown:
        """As anybody waits, and then for everything that comes of it."""
        shown = super().wait(wanted, within, since=since, **where)
        self._watch.wait_for_rest()
        return shown


# ---------------------------------------------------------------- Viber


class Viber(FakeViber):
    """The strict fake of Viber. A callback that got no 200 comes again and again."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self.watch = watch
        self.hourly = None
        self.callbacks = Told(self, watch)

    def person(self, name: str, language: str = "sr") -> ViberPerson:
        """Somebody of that name; the same one when asked again."""
        if name not in self.people:
            person = ViberPhone(self, name, language)
            self.people[name] = self.by_id[person.id] = person
        return self.people[name]

    async def _perform(self, method: str, raw: bytes, token: str) -> web.Response:
        if method not in VIBER_CALLS:
            return await super()._perform(method, raw, token)
        name = f"{method} {json.loads(raw).get('text', '')!s:.80}".strip()
        if self.watch.reach("viber-asked", name):
            return web.Response(status=502)
        answer = await super()._perform(method, raw, token)
        self.watch.reach("viber-taken", name)
        return answer


class Told(Callbacks):
    """Callbacks of which one is handed out in vain, or its answer is lost on the way, when the program is killed."""

    def __init__(self, viber: Viber, watch: Watch) -> None:
        super().__init__(viber.memory, viber.token)
        self.pauses = repeat(PAUSE)
        self._watch = watch

    async def post(self, body: bytes, signature: str | None = None) -> tuple[int, bytes]:
        """Posts once. What is lost is a 0, as no answer is."""
        event = json.loads(body)["event"]
        if event == "webhook":
            return await super().post(body, signature)
        if self._watch.reach("viber-fetched", event):
            return 0, b""
        status, answer = await super().post(body, signature)
        return (0, b"") if status == 200 and self._watch.reach("viber-confirmed", event) else (status, answer)


class ViberPhone(ViberPerson):
    """Somebody with Viber whose every act is a step, and who waits until it has come to rest."""

    def __init__(self, viber: Viber, name: str, language: str) -> None:
        super().__init__(viber, name, language)
        self._watch = viber.watch

    def wait(
        self,
        wanted: str | Callable[[ViberShown], bool] = "",
        within: float = 5.0,
        *,
        since: int | None = None,
        **where: Any,
    ) -> ViberShown:
        """As anybody waits, and then for everything that comes of it."""
        shown = super().wait(wanted, within, since=since, **where)
        self._watch.wait_for_rest()
        return shown

    def _act(self, event: str, on_answer: Callable[[bytes], None] | None, **fields: Any) -> Callback:
        self._watch.steps.next()
        return super()._act(event, on_answer, **fields)
