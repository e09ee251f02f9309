"""`python -m bot.posters`: an order comes in as JSON, the file goes out. `apart` runs it, so that nobody waits."""

from __future__ import annotations

import json
import sys

from bot.posters.drawing import draw
from bot.posters.poster import Poster


def main() -> None:
    """Draw one order."""
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(draw(Poster.from_json(order["poster"]), order["form"]))


if __name__ == "__main__":
    main()
