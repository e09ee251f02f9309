"""The steps of a story and the boundaries in each: at which of them the program is to die, told to both sides of it.

A boundary is the n-th of its kind within a step. So a program that was killed and started again in one step can be
killed in the next one just as in a run where nothing happened before.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

INSIDE = ("write", "release", "commit", "committed")
"""Boundaries that the program's process counts (dying.py): a statement that changes something, the end of a turn's
savepoint, a commit before and after it happened."""
OUTSIDE = ("asked", "taken", "fetched")
"""Boundaries that the platform counts: a call came and is not carried out; it was carried out and the answer does not
arrive; updates were handed out and do not arrive."""
POSTED = ("confirmed",)
"""What was posted to the program was taken, and its answer does not arrive. Nothing is posted where it polls."""
DESK = ("desk-asked", "desk-taken", "desk-fetched")
VIBER = ("viber-asked", "viber-taken", "viber-fetched", "viber-confirmed")
"""The same of the other platforms: what is posted by Viber is a callback."""
KINDS = ("", *INSIDE, *OUTSIDE, *POSTED, *DESK, *VIBER)
AIM, REACHED, LOOKS = "aim", "boundaries", "looks"
"""Files in the program's folder: what the step is and where to die in it; the boundaries that it came to and named; the
looks of the desk that were asked for, and those that there were."""
SHEET = struct.Struct("<III")
"""A step, a kind by its place in KINDS, and which one of that kind."""
PAIR = struct.Struct("<II")
"""The last look of the desk that was asked for, and the last that is over."""


@dataclass(frozen=True, slots=True)
class Point:
    """A boundary: the n-th of a kind in a step. `name` says what it was when the story ran undisturbed."""

    step: int
    kind: str
    number: int
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.step}/{self.kind}/{self.number}"

    @classmethod
    def read(cls, text: str) -> Point:
        """What `str` made of a point. Raises ValueError."""
        step, kind, number = text.split("/")
        if kind not in KINDS:
            raise ValueError(f"there is no boundary called {kind!r}")
        return cls(int(step), kind, int(number))


Named = tuple[str, str]
"""The first boundary of a kind on the platforms' side with some words in its name, in whatever step it comes."""


class Steps:
    """Counts the steps of one run, and has the program killed at one boundary at most in each of them."""

    def __init__(self, folder: Path, plan: Iterable[Point] = (), wherever: Iterable[Named] = ()) -> None:
        self.number = 0
        """Before anybody did anything it is 0."""
        self.hit: list[Point] = []
        """Where the program was killed, in order."""
        self.passed: list[Point] = []
        """Every boundary of the platform's side, in order."""
        self._plan = {point.step: point for point in plan}
        self._wherever = list(wherever)
        self.planned = bool(self._plan or self._wherever)
        """Whether it is to be killed at all. If not, it names every boundary that it comes to."""
        self._counts: Counter[str] = Counter()
        self._reached, self._deaths = folder / REACHED, 0
        self._lock = threading.Lock()
        self._reached.unlink(missing_ok=True)
        (folder / AIM).write_bytes(bytes(SHEET.size))
        with (folder / AIM).open("r+b") as file:
            self._aim = mmap.mmap(file.fileno(), SHEET.size)
        self._tell()

    def next(self) -> None:
        """Another step begins, and the counting begins anew."""
        with self._lock:
            self.number += 1
            self._counts.clear()
            self._tell()

    def outside(self, kind: str, name: str) -> bool:
        """The platform came to a boundary. True if the program is to be killed there."""
        with self._lock:
            self._counts[kind] += 1
            point = Point(self.number, kind, self._counts[kind], name)
            self.passed.append(point)
            meant = [one for one in self._wherever if one[0] == kind and one[1] in name]
            if meant:
                self._wherever.remove(meant[0])
            return (bool(meant) or self._plan.get(self.number) == point) and self._struck(point)

    def died(self) -> bool:
        """The program was killed. True if it was to be; it is not killed in the same step again."""
        with self._lock:
            for point in self.inside():
                if point.step in self._plan:
                    self._struck(point)
            due, self._deaths = len(self.hit) > self._deaths, len(self.hit)
            return due

    def inside(self) -> list[Point]:
        """The boundaries in the program that it named: all of them, or where it was killed."""
        lines = self._reached.read_text(encoding="utf-8").splitlines() if self._reached.exists() else ()
        return [Point(**json.loads(line)) for line in lines]

    def _struck(self, point: Point) -> bool:
        self._plan.pop(point.step, None)
        self.hit.append(point)
        self._tell()
        return True

    def _tell(self) -> None:
        point = self._plan.get(self.number)
        aim = (KINDS.index(point.kind), point.number) if point is not None and point.kind in INSIDE else (0, 0)
        self._aim[:] = SHEET.pack(self.number, *aim)


class Looks:
    """The desk looks when it is asked to, and not by the second: so that each run comes to the same boundaries."""

    def __init__(self, folder: Path) -> None:
        path = folder / LOOKS
        if not path.exists():
            path.write_bytes(bytes(PAIR.size))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), PAIR.size)

    @property
    def asked(self) -> int:
        """How many were asked for."""
        return int(PAIR.unpack(self._shared[:])[0])

    @property
    def over(self) -> bool:
        """Whether the last one that was asked for is over, and found nothing that only the platform can do."""
        asked, over = PAIR.unpack(self._shared[:])
        return bool(over >= asked)

    def ask(self) -> None:
        """Have one more."""
        self._shared[: PAIR.size // 2] = struct.pack("<I", self.asked + 1)

    def end(self, number: int) -> None:
        """The one with this number is over."""
        self._shared[PAIR.size // 2 :] = struct.pack("<I", number)


class Boundaries:
    """Counts the boundaries that a life of the program comes to, and ends it at the chosen one without any farewell."""

    def __init__(self, folder: Path, *, name_them: bool) -> None:
        self._file, self._name_them = folder / REACHED, name_them
        with (folder / AIM).open("rb") as file:
            self._aim = mmap.mmap(file.fileno(), SHEET.size, prot=mmap.PROT_READ)
        self._step, self._counts = 0, Counter[str]()

    def reach(self, kind: str, name: str = "") -> bool:
        """One more of a kind. True where it is the chosen one, at which the process is to die now."""
        step, wanted, number = SHEET.unpack(self._aim[:])
        if step != self._step:
            self._step = step
            self._counts.clear()
        self._counts[kind] += 1
        chosen = (KINDS[wanted], number) == (kind, self._counts[kind])
        if self._name_them or chosen:
            line = json.dumps({"step": step, "kind": kind, "number": self._counts[kind], "name": name})
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.write(descriptor, line.encode() + b"\n")
            os.close(descriptor)
        return chosen
