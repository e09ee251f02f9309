"""kill -9 at every boundary of a story, and start again: `python -m tests.campaigns.kill all [services|everywhere]`.

The story is played again and again. In each run the program is killed at one boundary of each of its steps, started
again, and goes on; after so many runs as the richest step has boundaries it was killed at all of them.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tests.campaigns import everywhere, services, story
from tests.campaigns.beside import Everywhere
from tests.campaigns.checker import outcome, unmarked_in, violations
from tests.campaigns.platform import Platform
from tests.campaigns.program import Died, Program
from tests.campaigns.seen import Key
from tests.campaigns.steps import KINDS, Named, Point, Steps

READY = Path("data") / "putokaz.db"
ROUNDS = 3
"""So often a boundary is tried that a run did not come to, each time among others."""
FEW = 50
"""Of so many boundaries one may be of the undisturbed run alone: what the standing jobs write goes by the second."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one run of the story ended: what did not hold, where the program was really killed in it, what it led to."""

    found: tuple[str, ...] = ()
    hit: tuple[Point, ...] = ()
    detours: tuple[str, ...] = ()
    made: Mapping[str, Any] = field(default_factory=dict)


class Told(Protocol):
    """A story as it is played. `detours`: where somebody went another way, because a message did not come."""

    detours: list[str]

    def play(self) -> None:
        """From its beginning to its end."""


@dataclass(frozen=True, slots=True)
class Tale:
    """A story to be chosen: when it begins, what it finds beside the sample, who acts in it, and on which platforms."""

    start: datetime
    furnish: Callable[[Path], None]
    told: Callable[[Platform, Program], Told]
    platform: Callable[[Steps], Platform] = Platform


STORIES = {
    "main": Tale(story.START, story.furnish, story.Story),
    "services": Tale(services.START, services.furnish, services.Story),
    "everywhere": Tale(everywhere.START, everywhere.furnish, everywhere.Story, Everywhere),
}


class Campaign:
    """Plays a story undisturbed once, then killed at chosen points, each time on a fresh copy of the data folder."""

    def __init__(self, folder: Path, tale: str = "main") -> None:
        self.folder, self._tale = folder, STORIES[tale]
        self.boundaries: list[Point] = []
        """Every boundary of the undisturbed story, step by step, in the order in which it came to them on each side."""
        self._expected: dict[bool, dict[str, Any]] = {}
        self._runs = itertools.count(1)

    def __enter__(self) -> Campaign:
        self.prepare()
        ended = self.kill_at()
        if ended.found or ended.detours:
            raise AssertionError(f"the undisturbed story fails: {ended}")
        return self

    def __exit__(self, *_error: object) -> None:
        return

    @property
    def expected(self) -> dict[str, Any]:
        """What the undisturbed story came to."""
        return self._expected[True]

    def kill_at(self, *points: Point, wherever: Sequence[Named] = (), mutant: str = "") -> Ended:
        """Play the story once, killed at one boundary in each of some steps. The folder stays if something is wrong."""
        folder = self.folder / f"run-{next(self._runs)}"
        ended = self._play(folder, points, wherever, mutant)
        if not ended.found:
            shutil.rmtree(folder)
        return ended

    def kill_all(
        self, points: Sequence[Point], workers: int, mutant: str = ""
    ) -> Iterator[tuple[Sequence[Point], Ended]]:
        """Kill at all of these, in as few runs as that takes, some at a time: each run's points, and how it ended.

        What a run did not come to is tried again among others, ROUNDS times in all.
        """
        left = list(points)
        for _round in range(ROUNDS):
            runs = combined(left)
            hit = set[Point]()
            with ThreadPoolExecutor(workers) as pool:
                for run, ended in zip(runs, pool.map(lambda run: self.kill_at(*run, mutant=mutant), runs), strict=True):
                    hit.update(ended.hit)
                    yield run, ended
            left = [point for point in left if point not in hit]

    def everywhere(self, workers: int) -> dict[str, tuple[str, ...]]:
        """What does not hold when it is killed at every boundary, by where it was killed. Empty when all is well."""
        wrong, hit = dict[str, tuple[str, ...]](), set[Point]()
        for _run, ended in self.kill_all(self.boundaries, workers):
            hit.update(ended.hit)
            if ended.found:
                wrong[",".join(map(str, ended.hit))] = ended.found
        never = [point for point in self.boundaries if point not in hit]
        if len(never) > len(self.boundaries) // FEW:
            wrong[",".join(map(str, never))] = ("no run came to these",)
        return wrong

    def prepare(self) -> None:
        """The data folder that every run begins with: made by the program itself, and furnished for the story.

        That is all for a run that is compared with no undisturbed one.
        """
        folder = self.folder / "template"
        folder.mkdir(parents=True)
        with self._tale.platform(Steps(folder)) as platform:
            program = Program(folder, platform, self._tale.start)
            program.start()
            program.stop()
        self._tale.furnish(folder / READY)

    def _play(self, folder: Path, points: Sequence[Point], wherever: Sequence[Named], mutant: str) -> Ended:
        shutil.copytree(self.folder / "template", folder)
        unmarked: Counter[Key] = Counter()
        steps = Steps(folder, points, wherever)
        with self._tale.platform(steps) as platform:
            program = Program(
                folder,
                platform,
                self._tale.start,
                mutant=mutant,
                on_kill=lambda: unmarked.update(unmarked_in(folder / READY)),
            )
            told = self._tale.told(platform, program)
            found: list[str] = []
            try:
                program.start()
                told.play()
                now = program.now()
                program.stop()
            except (Died, TimeoutError, LookupError, OSError, AssertionError) as error:
                return Ended((f"the story stands still: {error!r:.2000}", *_end(program)), tuple(steps.hit))
            found += violations(folder / READY, platform, unmarked=unmarked, now=now)
        if not steps.planned:
            self.boundaries = sorted([*steps.inside(), *steps.passed], key=lambda point: point.step)
            self._expected = {answers: outcome(folder / READY, answers=answers) for answers in (True, False)}
        answers = not told.detours
        made = outcome(folder / READY, answers=answers)
        found += _differences(self._expected.get(answers, {}), made)
        return Ended(tuple(found), tuple(steps.hit), tuple(told.detours), made)


def _end(program: Program) -> list[str]:
    """End a program whose story stands still. What it says to that."""
    try:
        program.stop()
    except (Died, OSError) as died:
        return [str(died)[:2000]]
    return []


def _differences(expected: dict[str, Any], got: dict[str, Any]) -> list[str]:
    return [f"{what}: {got[what]} instead of {expected[what]}" for what in expected if got[what] != expected[what]]


# ---------------------------------------------------------------- which points


def combined(points: Iterable[Point]) -> list[list[Point]]:
    """As few runs as there can be: each point is in one of them, and no two of a step in the same."""
    of_step: dict[int, list[Point]] = {}
    for point in points:
        of_step.setdefault(point.step, []).append(point)
    longest = max((len(those) for those in of_step.values()), default=0)
    return [[those[turn] for those in of_step.values() if turn < len(those)] for turn in range(longest)]


def one_of_many(boundaries: Iterable[Point], these: Sequence[Point] = (), every: int = 1) -> list[Point]:
    """These points, and one of every so-manieth step beside theirs: of another kind each time."""
    of_step: dict[int, list[Point]] = {}
    for point in boundaries:
        of_step.setdefault(point.step, []).append(point)
    taken = {point.step for point in these}
    found = list(these)
    there = {point.kind for those in of_step.values() for point in those}
    kinds = [kind for kind in KINDS if kind in there]
    for turn, step in enumerate(step for step in of_step if step % every == 0 and step not in taken):
        some = by_kind(of_step[step], kinds[turn % len(kinds)]) or of_step[step]
        found.append(some[turn % len(some)])
    return found


def spread(points: Sequence[Point], count: int) -> list[Point]:
    """So many points, evenly over all of them: the first and the last are among them."""
    if count >= len(points):
        return list(points)
    return [points[round(number * (len(points) - 1) / max(1, count - 1))] for number in range(count)]


def by_kind(points: Iterable[Point], *kinds: str) -> list[Point]:
    """The points of some kinds, in order."""
    return [point for point in points if point.kind in kinds]


def chosen(how: str, boundaries: Sequence[Point]) -> list[Point]:
    """Which of all boundaries are meant: "all", so many of them, or some by their names ("12/commit/3,13/taken/1")."""
    if how == "all":
        return list(boundaries)
    return spread(boundaries, int(how)) if how.isdecimal() else [Point.read(name) for name in how.split(",")]


def main() -> int:
    """`kill [all|N|POINTS] [story] [mutant]`. Prints what does not hold; returns 1 if anything does not."""
    how, tale, mutant = (*sys.argv[1:], *("all", "main", "")[len(sys.argv) - 1 :])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Campaign(Path(folder) / "runs", tale) as campaign:
        points = chosen(how, campaign.boundaries)
        _tell(f"the story has {len(campaign.boundaries)} boundaries: {_counted(campaign.boundaries)}")
        runs, bad, detours, hit = 0, 0, 0, list[Point]()
        for run, ended in campaign.kill_all(points, max(1, min(2, os.cpu_count() or 1)), mutant):
            runs += 1
            detours += bool(ended.detours)
            hit += ended.hit
            _tell(f"run {runs}: killed at {len(ended.hit)} of {len(run)} boundaries, {time.monotonic() - began:.0f} s")
            if ended.found:
                bad += 1
                _tell(f"  killed at {','.join(map(str, ended.hit))}: {list(ended.found)}")
        reached = set(hit)
        _tell(
            f"killed at {len(reached)} of {len(campaign.boundaries)} boundaries ({_counted(reached)}) in {runs} runs; "
            f"{bad} with violations, {detours} where a message sent at most once did not come; "
            f"{time.monotonic() - began:.0f} s"
        )
        for point in (point for point in points if point not in reached):
            _tell(f"  no run came to {point} ({point.name})")
    return min(bad, 1)


def _counted(points: Iterable[Point]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(point.kind for point in points).items())


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
