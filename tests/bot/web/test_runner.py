"""Closing a web server: whoever has just knocked is not left on a line that nobody answers."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress

import pytest
from aiohttp import web

from bot.web.server import serve


@pytest.mark.parametrize("turns", range(5))
async def test_who_knocks_while_it_closes_is_let_go_at_once(turns: int) -> None:
    runner = await serve(web.Application(), "127.0.0.1", 0)
    with socket.create_connection(runner.addresses[0][:2]) as visitor:
        for _ in range(turns):
            await asyncio.sleep(0)
        await runner.cleanup()
        for _ in range(3):
            await asyncio.sleep(0)
        visitor.setblocking(False)
        with suppress(ConnectionResetError):  # it was never let in
            assert visitor.recv(1) == b""
    gc.collect()  # what was left open would be blamed on this test
