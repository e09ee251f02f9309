"""What runs a web server: it closes with nobody left hanging on a line that nobody answers."""

from __future__ import annotations

import asyncio

from aiohttp import web


class Runner(web.AppRunner):
    """An `AppRunner` that lets in whoever has just knocked before it closes, so that their line is closed, too.

    In CPython 3.11 a connection that was accepted in the moment in which its server closes stays open until the
    garbage collector finds it: its transport cannot be made any more.
    """

    async def cleanup(self) -> None:
        """Stop listening, and close every connection."""
        while knocking := [task for task in asyncio.all_tasks() if _lets_in(task)]:
            await asyncio.wait(knocking)
        await super().cleanup()


def _lets_in(task: asyncio.Task[object]) -> bool:
    """True for the event loop's own task that makes a connection of what was accepted."""
    return getattr(task.get_coro(), "__name__", "") == "_accept_connection2"
