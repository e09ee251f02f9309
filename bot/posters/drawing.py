"""Draws a poster in the form that was asked for. Takes a second or two: never in the event loop or a transaction."""

from __future__ import annotations

from bot.posters.cards import cards
from bot.posters.poster import Poster
from bot.posters.sheet import as_pdf, as_png
from bot.posters.wall import wall

PDF, PNG = "application/pdf", "image/png"
FORMS = {"wall": PDF, "cards": PDF, "print": PDF, "picture": PNG}
"""What can be asked for: the poster, the cards, both in one file of two pages, the poster as a picture."""


def draw(poster: Poster, form: str) -> bytes:
    """The file. Raises TooDense for an address that no code holds, KeyError for a form there is not."""
    if form == "picture":
        return as_png(wall(poster))
    pages = {"wall": (wall,), "cards": (cards,), "print": (wall, cards)}[form]
    return as_pdf([page(poster) for page in pages], poster.title)
