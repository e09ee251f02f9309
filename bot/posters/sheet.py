"""A sheet of A4 paper, measured in millimetres from its lower left corner, on which everything has its box."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from bot.posters.codes import QUIET, Grid, grid
from bot.posters.icons import icon
from bot.posters.lettering import LEADING, POINT, Setting, face

WIDE, HIGH = 210.0, 297.0
DOTS = 150
"""Dots per inch of the picture: sharp enough to be printed, small enough to be sent on."""
SETTINGS: Any = {"pdf.fonttype": 42, "pdf.compression": 9, "path.snap": False, "text.hinting": "none"}
"""With these a sheet is drawn. Type 42 keeps the letters as letters: embedded, and found when the file is searched."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the sheet: its lower left corner, and how large it is."""

    x: float
    y: float
    wide: float
    high: float

    def inner(self, margin: float) -> Box:
        """The box without its margin."""
        return Box(self.x + margin, self.y + margin, self.wide - 2 * margin, self.high - 2 * margin)


class Sheet:
    """Draws words, codes and pictures. `placed` remembers which box each was promised to stay within."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(WIDE / 25.4, HIGH / 25.4), dpi=DOTS, facecolor="white")
        self._axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, WIDE)
        self._axes.set_ylim(0, HIGH)
        self._axes.axis("off")
        self.placed: list[tuple[Any, Box]] = []
        self.codes: list[tuple[Grid, Box]] = []

    def words(self, setting: Setting, box: Box, align: Literal["left", "center", "right"] = "left") -> float:
        """Lines from the top of a box down. Returns how much of its height they take."""
        x = {"left": box.x, "center": box.x + box.wide / 2, "right": box.x + box.wide}[align]
        for number, line in enumerate(setting.lines):
            base = box.y + box.high - number * setting.step - setting.size * POINT * (1 + (LEADING - 1) / 2) * 0.86
            text = self._axes.text(
                x,
                base,
                line,
                fontproperties=face(bold=setting.bold, size=setting.size),
                horizontalalignment=align,
                verticalalignment="baseline",
                parse_math=False,
            )
            self.placed.append((text, box))
        return setting.height

    def code(self, url: str, box: Box) -> None:
        """A QR code that fills a square box, white edge included. Raises TooDense."""
        made = grid(url, box.wide)
        module = made.module_mm(box.wide)
        corners: list[tuple[float, float]] = []
        steps: list[Any] = []
        for down, row in enumerate(made.rows):
            for begin, end in _runs(row):
                left, right = (box.x + module * (QUIET + at) for at in (begin, end))
                top = box.y + box.high - module * (QUIET + down)
                corners += [(left, top), (right, top), (right, top - module), (left, top - module), (left, top)]
                steps += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
        self._axes.add_artist(
            PathPatch(Path(corners, steps), facecolor="black", edgecolor="none", linewidth=0, antialiased=False)
        )
        self.codes.append((made, box))

    def picture(self, name: str, x: float, y: float, side: float) -> None:
        """A small picture with its lower left corner at a point."""
        for shape in icon(name, x, y, side):
            self._axes.add_artist(shape)

    def frame(self, box: Box, *, round_: float = 3.0, thick: float = 2.0) -> None:
        """A box with a line around it."""
        style = f"round,pad=0,rounding_size={round_}"
        self._axes.add_artist(
            FancyBboxPatch(
                (box.x, box.y), box.wide, box.high, boxstyle=style, facecolor="none", edgecolor="black", linewidth=thick
            )
        )

    def rule(self, *points: tuple[float, float], thick: float = 0.8, dashed: bool = False) -> None:
        """A line through points; a dashed one is for scissors."""
        style: Any = (0, (4, 4)) if dashed else "solid"
        self._axes.add_artist(
            PathPatch(Path(list(points)), facecolor="none", edgecolor="black", linewidth=thick, linestyle=style)
        )


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where black begins and ends in a row of modules."""
    edges = [n for n in range(len(row) + 1) if (n > 0 and row[n - 1]) != (n < len(row) and row[n])]
    return list(zip(edges[::2], edges[1::2], strict=True))


def as_pdf(sheets: list[Sheet], title: str) -> bytes:
    """The sheets as pages of one file, letters embedded. The file says nothing of when or where it was made."""
    out = BytesIO()
    about = {"Title": title, "Creator": "Putokaz", "Producer": None, "CreationDate": None}
    with rc_context(SETTINGS), PdfPages(out, metadata=about) as pages:
        for sheet in sheets:
            FigureCanvasPdf(sheet.figure)
            pages.savefig(sheet.figure)
    return out.getvalue()


def as_png(sheet: Sheet) -> bytes:
    """A sheet as a picture."""
    out = BytesIO()
    with rc_context(SETTINGS):
        canvas: Any = FigureCanvasAgg(sheet.figure)
        canvas.print_png(out, metadata={"Software": None}, pil_kwargs={"optimize": True})
    return out.getvalue()
