"""Background tasks: kept alive by a reference, their failures logged, ended together at shutdown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from bot.running.logs import log


class Nursery:
    """The only place that starts tasks: an unreferenced task may vanish, a failed one would say nothing."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any] | None:
        """Run `work` in the background under a name for the logs. None once the nursery is closing."""
        if self._closing:
            work.close()
            return None
        task = asyncio.create_task(work, name=name)  # noqa: TID251  # the one place that may
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self, patience: float = 3.0) -> None:
        """Give running tasks `patience` seconds to notice their cancellation. Starts nothing from now on."""
        self._closing = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait(tasks, timeout=patience)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background work failed", task=task.get_name(), exc_info=error)
