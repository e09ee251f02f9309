"""Letters on paper: how wide words are, where lines break, and the largest size at which they fit. In millimetres."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.textpath import TextToPath

POINT = 25.4 / 72
"""Millimetres of a typographic point."""
LEADING = 1.22
"""From line to line, in sizes of the type."""
SAFE = 1.03
"""Printers and viewers set type a little wider or narrower than it is measured here."""
_SOFT = "/"
"""After this an address may go on in the next line. Not after "-" or ".", which would be taken for the end."""
_VARIANTS = frozenset(range(0xFE00, 0xFE10))
"""Signs that only say how the one before is to look."""
_MEASURE = TextToPath()


def face(*, bold: bool, size: float = 10.0) -> FontProperties:
    """DejaVu Sans, which comes with matplotlib and has all letters of both scripts. `size` in points."""
    return FontProperties(fname=_file(bold), size=size)


@lru_cache(maxsize=2)
def _file(bold: bool) -> str:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return str(Path(get_data_path()) / "fonts" / "ttf" / name)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """What both faces can show."""
    both = frozenset(get_font(_file(False)).get_charmap()) & frozenset(get_font(_file(True)).get_charmap())
    return both - _VARIANTS


@lru_cache(maxsize=256)
def printable(text: str) -> str:
    """The text without signs that the type does not have (most emoji), each line tidied."""
    letters = _letters()
    kept = (char for char in text if char == "\n" or (char.isprintable() and ord(char) in letters))
    return "\n".join(" ".join(line.split()) for line in "".join(kept).splitlines()).strip()


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in millimetres, at a size in points."""
    return _points_at_100(text, bold) * size / 100 * POINT * SAFE


@lru_cache(maxsize=8192)
def _points_at_100(text: str, bold: bool) -> float:
    if not text:
        return 0.0
    points, _height, _below = _MEASURE.get_text_width_height_descent(text, face(bold=bold, size=100), False)
    return float(points)


@dataclass(frozen=True, slots=True)
class Setting:
    """Words as they are set: the lines, and the size in points. `parted` is True where a word had to be broken."""

    lines: tuple[str, ...]
    size: float
    bold: bool = False
    parted: bool = False

    @property
    def step(self) -> float:
        """Millimetres from line to line."""
        return self.size * POINT * LEADING

    @property
    def height(self) -> float:
        """Millimetres that all lines take."""
        return self.step * len(self.lines)


def wrap(text: str, size: float, most: float, *, bold: bool = False) -> Setting:
    """The text in lines of at most `most` millimetres; a word that is longer than a line is parted."""
    lines: list[str] = []
    parted = False
    for paragraph in printable(text).splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if _line_width(longer, size, bold=bold) <= most:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = pieces = _pieces(word, size, most, bold=bold)
            lines.extend(whole)
            parted = parted or any(piece[-1] not in _SOFT for piece in pieces[:-1])
        if line:
            lines.append(line)
    return Setting(tuple(lines), size, bold, parted)


def _line_width(line: str, size: float, *, bold: bool) -> float:
    """As `width`, by the widths of the words: those are measured once for all lines that are tried."""
    words = line.split(" ")
    spaces = (len(words) - 1) * width(" ", size, bold=bold)
    return spaces + sum(width(word, size, bold=bold) for word in words)


def _pieces(word: str, size: float, most: float, *, bold: bool) -> list[str]:
    """A word in pieces that fit a line each: an address is parted after a slash, anything else anywhere."""
    pieces: list[str] = []
    while len(word) > 1 and width(word, size, bold=bold) > most:
        end = max(1, bisect_right(range(len(word)), most, key=lambda n: width(word[:n], size, bold=bold)) - 1)
        soft = max((n for n in range(1, end + 1) if word[n - 1] in _SOFT), default=0)
        cut = soft if soft * 3 >= end else end
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def sizes(largest: float, least: float) -> list[float]:
    """The sizes to try, from the largest to the least, in points."""
    found = [largest]
    while found[-1] * 0.95 > least:
        found.append(found[-1] * 0.95)
    return [*found, least]


@lru_cache(maxsize=256)
def fit(text: str, wide: float, high: float, largest: float, least: float, *, bold: bool = False) -> Setting:
    """The text as large as it fits a box of `wide` by `high` millimetres, between two sizes in points.

    At the least size words are parted, and what still does not fit is left out with "…" in its place: nothing
    ever overflows.
    """
    found = Setting((), least, bold)
    for size in sizes(largest, least):
        found = wrap(text, size, wide, bold=bold)
        if found.height <= high and not found.parted:
            return found
    return cut(found, wide, high)


def cut(found: Setting, wide: float, high: float) -> Setting:
    """A setting without the lines for which there is no room."""
    room = max(1, int(high / found.step))
    if len(found.lines) <= room:
        return found
    last = found.lines[room - 1]
    while last and width(f"{last}…", found.size, bold=found.bold) > wide:
        last = last[:-1].rstrip()
    return Setting((*found.lines[: room - 1], f"{last}…"), found.size, found.bold, found.parted)
