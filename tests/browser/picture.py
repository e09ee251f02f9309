"""Plays the story of the stage and saves what it looks like: `python -m tests.browser.picture docs/stage.png`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.browser.stage_story import (
    HOW_TO_GET_ONE,
    book,
    browser_path,
    open_page,
    program,
    publish,
    remind,
    tell_everybody,
    to_ten_in_the_morning,
)


async def take(target: Path) -> None:
    """Save the picture. Raises SystemExit where there is no browser."""
    if browser_path() is None:
        raise SystemExit(HOW_TO_GET_ONE)
    with tempfile.TemporaryDirectory() as folder:
        async with program(Path(folder)) as url:
            await to_ten_in_the_morning(url)
            async with open_page(url, "/?lang=sr-Latn", locale="sr-Latn-RS") as page:
                await book(page)
                await remind(page)
                await to_ten_in_the_morning(url)
                await publish(page)
                await tell_everybody(page)
                await page.evaluate("window.scrollTo(0, 0)")
                await asyncio.sleep(3)  # until no phone rings any more
                await page.screenshot(path=target)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/stage.png")))
