"""QR codes for paper: as sturdy as fits, and never with modules too small for an old phone's camera."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno

QUIET = 4
"""Modules of white around a code (ISO/IEC 18004)."""
LEAST_MM = 0.5
"""The smallest side of a module: below it, home printers bleed and cheap cameras at arm's length see grey."""


class TooDense(Exception):
    """The address is too long for a code of this size."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A code as rows of modules, True for black, without the white around it."""

    rows: tuple[tuple[bool, ...], ...]
    level: str
    """How much of it may be damaged: "H", "Q", "M" or "L"."""

    @property
    def across(self) -> int:
        """Modules from edge to edge, the white around included."""
        return len(self.rows) + 2 * QUIET

    def module_mm(self, side_mm: float) -> float:
        """The side of a module in a code that is printed so large, the white around included."""
        return side_mm / self.across


@lru_cache(maxsize=64)
def grid(url: str, side_mm: float) -> Grid:
    """The sturdiest code for an address that may be printed with `side_mm`. Raises TooDense."""
    for level in ("Q", "M", "L"):
        made = segno.make_qr(url, error=level)
        found = Grid(tuple(tuple(bool(module) for module in row) for row in made.matrix), str(made.error))
        if found.module_mm(side_mm) >= LEAST_MM:
            return found
    raise TooDense(f"an address of {len(url)} characters does not fit into a code of {side_mm:.0f} mm")
