"""`python -m bot.posters`: an order comes in as JSON, the file goes out. `apart` runs it, so that nobody waits."""

from __future__ import annotations

import json
import sys

from bot.posters import diploma
from bot.posters.drawing import draw
from bot.posters.poster import Poster


def main() -> None:
    """Draw one order."""
    order = json.load(sys.stdin)
    if order["form"] == "certificate":
        sys.stdout.buffer.write(diploma.draw(diploma.Diploma.from_json(order["certificate"])))
        return
    sys.stdout.buffer.write(draw(Poster.from_json(order["poster"]), order["form"]))


if __name__ == "__main__":
    main()
