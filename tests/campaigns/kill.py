"""kill -9 at every boundary of a story, and start again: `python -m tests.campaigns.kill all [services]`."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from tests.campaigns import services, story
from tests.campaigns.checker import Key, outcome, unmarked_in, violations
from tests.campaigns.program import Died, Launcher, Platform, Point, Program

READY = Path("data") / "putokaz.db"


@dataclass(frozen=True, slots=True)
class Ended:
    """How one run of the story ended: what did not hold, and whether the program was killed in it at all."""

    found: tuple[str, ...] = ()
    kills: int = 0
    detours: tuple[str, ...] = ()


class Told(Protocol):
    """A story as it is played. `detours`: where somebody went another way, because a message did not come."""

    detours: list[str]

    def play(self) -> None:
        """From its beginning to its end."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A story to be chosen: when it begins, what it finds beside the sample, and who acts in it."""

    start: datetime
    furnish: Callable[[Path], None]
    told: Callable[[Platform, Program], Told]


STORIES = {
    "main": Tale(story.START, story.furnish, story.Story),
    "services": Tale(services.START, services.furnish, services.Story),
}


class Campaign:
    """Plays a story undisturbed once, then killed at chosen points, each on a fresh copy of the data folder."""

    def __init__(self, folder: Path, tale: str = "main") -> None:
        self.folder, self._tale = folder, STORIES[tale]
        self.launcher = Launcher()
        self.boundaries: list[Point] = []
        """Every boundary of the undisturbed story, in the order in which it came to them on each side."""
        self._expected: dict[bool, dict[str, Any]] = {}

    def __enter__(self) -> Campaign:
        try:
            self._prepare()
            ended = self._play(self.folder / "undisturbed")
            if ended.found or ended.detours:
                raise AssertionError(f"the undisturbed story fails: {ended}")
        except BaseException:
            self.launcher.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.launcher.close()

    @property
    def expected(self) -> dict[str, Any]:
        """What the undisturbed story came to."""
        return self._expected[True]

    def kill_at(self, point: Point, *, mutant: str = "", launcher: Launcher | None = None) -> Ended:
        """Kill at a boundary, start again, finish. The folder stays where something does not hold."""
        folder = self.folder / f"{point.kind}-{point.number}"
        ended = self._play(folder, point, mutant, launcher)
        if not ended.found:
            shutil.rmtree(folder)
        return ended

    def kill_all(self, points: Sequence[Point], workers: int, mutant: str = "") -> Iterator[tuple[Point, Ended]]:
        """Kill at many boundaries, some at a time: each with how it ended, in the order of the points."""
        launchers = [self.launcher, *(Launcher() for _ in range(workers - 1))]
        free = SimpleQueue[Launcher]()
        for launcher in launchers:
            free.put(launcher)

        def one(point: Point) -> Ended:
            launcher = free.get()
            try:
                return self.kill_at(point, mutant=mutant, launcher=launcher)
            finally:
                free.put(launcher)

        try:
            with ThreadPoolExecutor(workers) as pool:
                yield from zip(points, pool.map(one, points), strict=True)
        finally:
            for launcher in launchers[1:]:
                launcher.close()

    def _prepare(self) -> None:
        """The data folder that every run begins with: made by the program itself, and furnished for the story."""
        folder = self.folder / "template"
        folder.mkdir(parents=True)
        with Platform(Point()) as platform:
            program = Program(self.launcher, folder, platform, self._tale.start)
            program.start()
            program.wait_for_rest()
            program.stop()
        self._tale.furnish(folder / READY)

    def _play(
        self, folder: Path, point: Point | None = None, mutant: str = "", launcher: Launcher | None = None
    ) -> Ended:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "template", folder)
        (folder / "boundaries").unlink(missing_ok=True)
        unmarked: Counter[Key] = Counter()
        with Platform(point or Point()) as platform:
            program = platform.program = Program(
                launcher or self.launcher,
                folder,
                platform,
                self._tale.start,
                point=point,
                mutant=mutant,
                on_kill=lambda: unmarked.update(unmarked_in(folder / READY)),
            )
            told = self._tale.told(platform, program)
            program.start()
            found: list[str] = []
            try:
                told.play()
                now = program.now()
                program.stop()
            except (Died, TimeoutError, LookupError, OSError) as error:
                return Ended((f"the story stands still: {error!r:.2000}", *_end(program)), program.kills)
            if point is None:
                self.boundaries = [*_inside(folder), *platform.reached]
                self._expected = {answers: outcome(folder / READY, answers=answers) for answers in (True, False)}
            found += violations(folder / READY, platform, unmarked=unmarked, now=now)
        answers = not told.detours
        found += _differences(self._expected[answers], outcome(folder / READY, answers=answers))
        return Ended(tuple(found), program.kills, tuple(told.detours))


def _end(program: Program) -> list[str]:
    """End a program whose story stands still. What it says to that."""
    try:
        program.stop()
    except (Died, OSError) as died:
        return [str(died)[:2000]]
    return []


def _inside(folder: Path) -> list[Point]:
    lines = (folder / "boundaries").read_text(encoding="utf-8").splitlines()
    return [Point(**json.loads(line)) for line in lines]


def _differences(expected: dict[str, Any], got: dict[str, Any]) -> list[str]:
    return [f"{what}: {got[what]} instead of {expected[what]}" for what in expected if got[what] != expected[what]]


# ---------------------------------------------------------------- which points


def spread(points: Sequence[Point], count: int) -> list[Point]:
    """So many points, evenly over all kinds together: the first and the last of them are among them."""
    if count >= len(points):
        return list(points)
    return [points[round(number * (len(points) - 1) / max(1, count - 1))] for number in range(count)]


def by_kind(points: Iterable[Point], *kinds: str) -> list[Point]:
    """The points of some kinds, in order."""
    return [point for point in points if point.kind in kinds]


def main() -> int:
    """`kill [all|N] [story] [mutant]`. Prints what does not hold; returns 1 if anything does not."""
    how, tale, mutant = (*sys.argv[1:], *("all", "main", "")[len(sys.argv) - 1 :])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Campaign(Path(folder) / "runs", tale) as campaign:
        points = campaign.boundaries if how == "all" else spread(campaign.boundaries, int(how))
        _tell(f"the story has {len(campaign.boundaries)} boundaries: {_counted(campaign.boundaries)}")
        tried, bad, killed, detours = 0, 0, list[Point](), 0
        for point, ended in campaign.kill_all(points, max(1, min(4, os.cpu_count() or 1)), mutant):
            tried += 1
            detours += bool(ended.detours)
            killed += [point] * ended.kills
            if ended.found:
                bad += 1
                _tell(f"killed at {point}: {list(ended.found)}")
            if tried % 20 == 0:
                _tell(f"{tried} of {len(points)} points, {time.monotonic() - began:.0f} s")
        _tell(
            f"{tried} of {len(campaign.boundaries)} boundaries tried, killed at {len(killed)} ({_counted(killed)}), "
            f"{bad} with violations, {detours} where a message sent at most once did not come; "
            f"{time.monotonic() - began:.0f} s"
        )
    return min(bad, 1)


def _counted(points: Iterable[Point]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(point.kind for point in points).items())


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
