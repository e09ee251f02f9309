"""Small pictures that stand in front of words, in black lines: each in a square from 0 to 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import cos, pi, sin
from typing import Any

from matplotlib.patches import Circle, FancyBboxPatch, Patch, PathPatch, Polygon
from matplotlib.path import Path

THICK = 1.4
"""Points of a line."""


class Pen:
    """Draws shapes of a square from 0 to 1 into a square of `side` millimetres whose lower left is at (x, y)."""

    def __init__(self, x: float, y: float, side: float, shapes: list[Patch]) -> None:
        self._x, self._y, self._side, self._shapes = x, y, side, shapes

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._x + point[0] * self._side, self._y + point[1] * self._side

    def box(self, x: float, y: float, wide: float, high: float, *, round_: float = 0.06, full: bool = False) -> None:
        """A box with round corners."""
        style = f"round,pad=0,rounding_size={round_ * self._side}"
        self._shapes.append(
            FancyBboxPatch(self._at((x, y)), wide * self._side, high * self._side, boxstyle=style, **_ink(full))
        )

    def circle(self, x: float, y: float, radius: float, *, full: bool = False, white: bool = False) -> None:
        """A circle."""
        ink: dict[str, Any] = {"facecolor": "white", "edgecolor": "none"} if white else _ink(full)
        self._shapes.append(Circle(self._at((x, y)), radius * self._side, **ink))

    def dome(self, x: float, y: float, wide: float, high: float) -> None:
        """The upper half of an ellipse: shoulders."""
        points = [self._at((x + wide / 2 * cos(pi * n / 24), y + high * sin(pi * n / 24))) for n in range(25)]
        self._shapes.append(Polygon(points, closed=True, **_ink(True)))

    def line(self, *points: tuple[float, float]) -> None:
        """A line through points."""
        self._shapes.append(PathPatch(Path([self._at(point) for point in points]), **_ink(False)))

    def shape(self, *points: tuple[float, float], full: bool = True) -> None:
        """A closed shape."""
        self._shapes.append(Polygon([self._at(point) for point in points], closed=True, **_ink(full)))


def _ink(full: bool) -> dict[str, Any]:
    return {"facecolor": "black" if full else "none", "edgecolor": "black", "linewidth": THICK, "joinstyle": "round"}


def _calendar(pen: Pen) -> None:
    pen.box(0.08, 0.06, 0.84, 0.78)
    pen.box(0.08, 0.64, 0.84, 0.2, full=True)
    for x in (0.3, 0.7):
        pen.line((x, 0.78), (x, 0.97))
    for y in (0.45, 0.25):
        for x in (0.3, 0.5, 0.7):
            pen.circle(x, y, 0.055, full=True)


def _pin(pen: Pen) -> None:
    pen.shape((0.5, 0.02), (0.22, 0.5), (0.78, 0.5))
    pen.circle(0.5, 0.64, 0.31, full=True)
    pen.circle(0.5, 0.64, 0.13, white=True)


def _people(pen: Pen) -> None:
    for x, y, much in ((0.3, 0.08, 0.9), (0.7, 0.08, 0.9)):
        pen.circle(x, y + 0.6 * much, 0.15, full=True)
        pen.dome(x, y, 0.42, 0.36 * much)


def _house(pen: Pen) -> None:
    pen.shape((0.04, 0.5), (0.5, 0.94), (0.96, 0.5))
    pen.box(0.18, 0.06, 0.64, 0.44, round_=0.02)
    pen.box(0.42, 0.06, 0.16, 0.28, round_=0.02, full=True)


def _star(pen: Pen) -> None:
    around = [(0.5 + r * sin(pi * n / 5), 0.5 + r * cos(pi * n / 5)) for n, r in enumerate((0.46, 0.19) * 5)]
    pen.shape(*around)


def _phone(pen: Pen) -> None:
    pen.box(0.22, 0.02, 0.56, 0.96, round_=0.1)
    pen.box(0.3, 0.2, 0.4, 0.62, round_=0.02)
    pen.circle(0.5, 0.11, 0.05, full=True)


def _signpost(pen: Pen) -> None:
    pen.line((0.5, 0.0), (0.5, 1.0))
    pen.shape((0.12, 0.86), (0.78, 0.86), (0.96, 0.73), (0.78, 0.6), (0.12, 0.6))
    pen.shape((0.88, 0.5), (0.22, 0.5), (0.04, 0.37), (0.22, 0.24), (0.88, 0.24))


ICONS: Mapping[str, Callable[[Pen], None]] = {
    "calendar": _calendar,
    "pin": _pin,
    "people": _people,
    "house": _house,
    "star": _star,
    "phone": _phone,
    "signpost": _signpost,
}


def icon(name: str, x: float, y: float, side: float) -> list[Patch]:
    """The shapes of a picture, `side` millimetres large. Raises KeyError for one that there is not."""
    shapes: list[Patch] = []
    ICONS[name](Pen(x, y, side, shapes))
    return shapes
