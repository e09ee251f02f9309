"""kill -9 at every boundary of the main story: `python -m tests.campaigns.kill all`, or a few in the ordinary run."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.language.tongue import warm
from models.message import Outgoing
from tests.campaigns.checker import outcome, violations
from tests.campaigns.child import Files, live
from tests.campaigns.story import START, STORY, prepare


class Campaign:
    """Plays the story undisturbed once, then killed at chosen points, each on a fresh copy of the database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template"
        self.template.mkdir(parents=True)
        prepare(self.template)
        warm()
        undisturbed = self._copy("undisturbed")
        code = live(undisturbed, STORY, START, name_them=True)
        if code:
            raise AssertionError(f"the undisturbed story fails: {_why(undisturbed)}")
        files = Files(undisturbed)
        self.boundaries = [entry["name"] for entry in files.read("boundaries")]
        self.expected = outcome(files)
        self.undisturbed = files

    def kill_at(self, point: int, *, mutate: Callable[[], None] | None = None) -> list[str]:
        """Kill at a boundary (counted from 1), start again, finish. Returns what does not hold then."""
        folder = self._copy(f"kill-{point}")
        files = Files(folder)
        code = live(folder, STORY, START, point, mutate=mutate)
        acknowledged = [entry["step"] for entry in files.read("acknowledged") if not STORY[entry["step"]].to]
        if code not in (0, -9):
            return [f"the first life ended with {code}: {_why(folder)}"]
        if code == -9:
            code = live(folder, STORY, START, mutate=mutate)
            if code:
                return [f"the second life ended with {code}: {_why(folder)}"]
        found = violations(files, kills=1, acknowledged=acknowledged)
        found += _differences(self.expected, outcome(files))
        if not found:
            shutil.rmtree(folder)
        return found

    def run(self, points: Iterable[int]) -> dict[int, list[str]]:
        """Kill at several points. Returns those at which something does not hold."""
        return {point: found for point in points if (found := self.kill_at(point))}

    def _copy(self, name: str) -> Path:
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, folder)
        return folder


def _differences(expected: dict[str, Any], got: dict[str, Any]) -> list[str]:
    return [f"{what}: {got[what]} instead of {expected[what]}" for what in expected if got[what] != expected[what]]


def _why(folder: Path) -> str:
    failed = folder / "failed"
    return failed.read_text() if failed.exists() else (folder / "log").read_text()[-2000:]


def resending_doubts() -> None:
    """A planted bug: what a crash left half way is simply sent again, whatever its class."""

    def recover(session: Session, _now: datetime, _channel: str) -> int:
        session.execute(update(Outgoing).where(Outgoing.state == "sending").values(state="waiting"))
        return 0

    patch("bot.outbox.recover", recover).start()


def forgetting_arrivals() -> None:
    """A planted bug: arrivals are not remembered, so that what comes again is done again."""
    patch("bot.dialogue.remember", lambda *_given, **_named: True).start()


MUTANTS = {"resending": resending_doubts, "forgetting": forgetting_arrivals}


def points_of(campaign: Campaign, how: str) -> list[int]:
    """Which boundaries are meant: "all", "few" (what matters most), "broadcast" (one of these), or every n-th."""
    names = campaign.boundaries
    if how == "all":
        return list(range(1, len(names) + 1))
    if how not in ("few", "broadcast"):
        return list(range(1, len(names) + 1, int(how)))
    sends = [number for number, name in enumerate(names, 1) if name == "sent"]
    shown = campaign.undisturbed.read("shown")
    telling = ("Nova radionica!", "Oslobodilo se mesto.", "🔔", "✅ Mesto je rezervisano. Broj")
    chosen = [
        next(number for number, entry in zip(sends, shown, strict=True) if entry["text"].startswith(words))
        for words in telling
    ]
    if how == "broadcast":
        return chosen[:1]
    commits = [number for number, name in enumerate(names, 1) if name == "committed"]
    acknowledged = [number for number, name in enumerate(names, 1) if name == "acknowledge"]
    return sorted({*chosen, chosen[0] - 2, commits[len(commits) // 3], acknowledged[3], acknowledged[-2]})


def main() -> int:
    """`kill [all|few|broadcast|N] [mutant]`. Prints what does not hold; returns 1 if anything does not."""
    out = sys.stdout
    how = sys.argv[1] if len(sys.argv) > 1 else "all"
    mutate = MUTANTS[sys.argv[2]] if len(sys.argv) > 2 else None
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        campaign = Campaign(Path(folder))
        points = points_of(campaign, how)
        bad = 0
        for number, point in enumerate(points, 1):
            found = campaign.kill_at(point, mutate=mutate)
            if found:
                bad += 1
                out.write(f"killed at {point} ({campaign.boundaries[point - 1]}): {found}\n")
            if number % 50 == 0:
                out.write(f"{number} of {len(points)} points, {time.monotonic() - began:.0f} s\n")
            out.flush()
        out.write(f"{len(points)} of {len(campaign.boundaries)} boundaries, {bad} with violations\n")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
