"""`python -m tests.bench [--quick]`: every benchmark, each in a process of its own, and the table of all of them.

Sides of a comparison take turns, so that what the machine does meanwhile falls on all of them. `--quick` only
tries whether everything runs: it measures little and writes no table.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "benchmarks.md"
ALONE = "measure one"
PACE = 30
"""Messages a second that Telegram takes."""
LONGEST = 300
"""Seconds after which one measurement counts as failed."""

Numbers = dict[str, float]
Row = tuple[str, str, str, bool | None]
"""What, the goal, what was measured, and whether it was reached (None where there is no goal)."""


def turns_of(what: str, people: int, at_once: int) -> Numbers:
    """One run of the welcome: turns per second and milliseconds."""
    module, _colon, how = what.partition(":")
    run = importlib.import_module(f"tests.bench.{module}").run
    named = {how.rstrip("+-"): how.endswith("+")} if how else {}
    ran = asyncio.run(run(people, at_once, **named))
    return {"per_second": ran.per_second, "p99": ran.percentile(0.99)}


def measurement(module: str, function: str, *given: int) -> Numbers:
    """What one measurement of a module came to."""
    measured = getattr(importlib.import_module(f"tests.bench.{module}"), function)(*given)
    names = [*type(measured).__slots__, *(["per_second"] if hasattr(measured, "per_second") else [])]
    values = {name: getattr(measured, name) for name in names}
    return {name: float(value) for name, value in values.items() if isinstance(value, int | float)}


def apart(kind: str, *given: str | int) -> Numbers:
    """One measurement in a fresh process. Raises RuntimeError where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", ALONE, json.dumps([kind, *given])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{kind} {given} failed:\n{done.stderr[-2000:]}")
    numbers: Numbers = json.loads(done.stdout.splitlines()[-1])
    return numbers


def side_by_side(runs: int, sides: Iterable[tuple[str | int, ...]]) -> list[Numbers]:
    """The medians of each side, measured in turns."""
    wanted = list(sides)
    found: list[list[Numbers]] = [[] for _side in wanted]
    for _run in range(runs):
        for side, numbers in zip(wanted, found, strict=True):
            say(" ".join(map(str, side)))
            numbers.append(apart(str(side[0]), *side[1:]))
    return [{name: statistics.median(one[name] for one in numbers) for name in numbers[0]} for numbers in found]


def say(line: str) -> None:
    """Progress, beside the table."""
    sys.stderr.write(f"{line}\n")


# ---------------------------------------------------------------- the goals


SIDES = {
    "Putokaz, durable": "turns_ours",
    "aiogram, state in memory": "turns_aiogram:stored-",
    "aiogram + AsyncSession, durable": "turns_aiogram:stored+",
    "python-telegram-bot, state in memory": "turns_ptb:pickled-",
    "python-telegram-bot + PicklePersistence": "turns_ptb:pickled+",
}


def turns(quick: bool) -> list[Row]:
    """Durable turns of the welcome, one at a time and 32 at once."""
    people = 20 if quick else 150
    rows: list[Row] = []
    for at_once, several in ((1, 3), (32, 7)):  # of many at once the slowest few count, which hang more on the moment
        runs = 1 if quick else several
        ours, memory, stored, *rest = side_by_side(
            runs, [("turns", side, max(people, at_once), at_once) for side in SIDES.values()]
        )
        of_memory = ours["per_second"] / memory["per_second"]
        of_stored = ours["per_second"] / stored["per_second"]
        if at_once == 1:
            goal, met = ">= 2x of aiogram + AsyncSession", of_stored >= 2
        else:
            goal = ">= 0.5x of aiogram in memory, >= 3x of aiogram + AsyncSession, p99 <= 60 ms"
            met = of_memory >= 0.5 and of_stored >= 3 and ours["p99"] <= 60
        for name, numbers in zip(SIDES, (ours, memory, stored, *rest), strict=True):
            told = f"{numbers['per_second']:,.0f} turns/s, p99 {numbers['p99']:.1f} ms"
            mine = numbers is ours
            more = (
                f"; {of_memory:.2f}x of aiogram in memory, {of_stored:.1f}x of aiogram + AsyncSession" if mine else ""
            )
            rows.append(
                (f"welcome, {at_once} at once: {name}", goal if mine else "", told + more, met if mine else None)
            )
    return rows


def broadcasts(quick: bool) -> list[Row]:
    """Sending to a local responder, as fast as it goes and at the platform's pace."""
    messages, runs = (200, 1) if quick else (2000, 3)
    names = ("measure", "measure_aiogram", "measure_ptb")
    ours, aiogram, ptb = side_by_side(runs, [("of", "broadcast", name, messages) for name in names])
    (paced,) = side_by_side(1, [("of", "broadcast", "measure_paced", 3 if quick else 15)])
    ratio, share = ours["per_second"] / aiogram["per_second"], paced["cpu"] / paced["messages"] * PACE
    rate = f"{paced['per_second']:.0f} a second: some are kept for answers"
    sent = f"{share:.1%} of a core, by the CPU time of each ({rate})"
    return [
        (
            "broadcast, durable",
            ">= 0.5x of bare aiogram",
            f"{ours['per_second']:,.0f} messages/s; {ratio:.2f}x of bare aiogram",
            ratio >= 0.5,
        ),
        ("broadcast, bare aiogram", "", f"{aiogram['per_second']:,.0f} messages/s", None),
        ("broadcast, bare python-telegram-bot", "", f"{ptb['per_second']:,.0f} messages/s", None),
        (f"broadcast at {PACE} messages/s", "<= 5 % of a core", sent, share <= 0.05),
    ]


def reminders(quick: bool) -> list[Row]:
    """A tick over very many pending reminders, and what they cost in memory."""
    many, few, ticks = (20_000, 2_000, 50) if quick else (1_000_000, 10_000, 300)
    ours, small, theirs = side_by_side(
        1,
        [
            ("of", "reminders", "measure", many, ticks),
            ("of", "reminders", "measure", few, ticks),
            ("of", "reminders", "measure_apscheduler", few),
        ],
    )

    def told(numbers: Numbers) -> str:
        return (
            f"p50 {numbers['p50']:.1f} ms, p99 {numbers['p99']:.1f} ms, memory grown by {numbers['megabytes']:.0f} MB"
        )

    grown = ours["megabytes"] - small["megabytes"]
    met = ours["p99"] <= 50 and grown <= 20
    return [
        (f"reminders, {many:,} pending", "tick p99 <= 50 ms, memory does not grow with their number", told(ours), met),
        (f"reminders, {few:,} pending", "", told(small), None),
        (f"the same as {few:,} APScheduler jobs in memory (nothing durable, nothing sent)", "", told(theirs), None),
    ]


def starts(quick: bool) -> list[Row]:
    """From the command to the first page."""
    from tests.bench.startup import measure

    say("startup")
    later, first, aiogram = measure(1 if quick else 3)

    def told(one: Any) -> str:
        then = f"{one.seconds:.1f} s ({one.cpu:.1f} s of CPU time), {one.megabytes:.0f} MB"
        return then if one.settled == one.megabytes else f"{then}; {one.settled:.0f} MB with everything loaded"

    met = later.seconds <= 2 and later.megabytes <= 120
    return [
        (later.what, "first page in <= 2 s, <= 120 MB", told(later), met),
        (first.what, "", told(first), None),
        (aiogram.what, "", told(aiogram), None),
    ]


def searches(quick: bool) -> list[Row]:
    """Searching, a letter wrong included."""
    rows: list[Row] = []
    for count, goal in ((10_000, 10), (100_000, 30)):
        size = count // 10 if quick else count
        (found,) = side_by_side(1 if quick else 2, [("of", "search", "bench_search", size)])
        told = f"p50 {found['median']:.1f} ms, p99 {found['p99']:.1f} ms"
        rows.append((f"search in {size:,} listings", f"p99 <= {goal} ms", told, found["p99"] <= goal))
        told = f"p50 {found['like_median']:.1f} ms, p99 {found['like_p99']:.1f} ms; finds no word with a letter wrong"
        rows.append((f"LIKE on the folded text, {size:,} listings", "", told, None))
    return rows


GOALS: dict[str, Callable[[bool], list[Row]]] = {
    "turns": turns,
    "broadcast": broadcasts,
    "reminders": reminders,
    "startup": starts,
    "search": searches,
}


# ---------------------------------------------------------------- the table


def processor_time() -> tuple[int, int]:
    """The ticks that passed on all cores, and those of them that the host gave to other machines (Linux; else none)."""
    try:
        ticks = [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    except OSError:
        return 0, 0
    return sum(ticks), ticks[7]


def table(rows: Iterable[Row], load: float, stolen: float) -> str:
    """All of it as Markdown. `stolen` is the share of the cores' time that the host gave to other machines."""
    lines = [
        "# Benchmarks",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with `make bench` (`python -m tests.bench`), medians of several "
        f"runs, each in a process of its own: {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, {platform.system()}; load when it began: {load:.1f}, {stolen:.0%} of the cores' "
        "time went to other machines of the host while it ran. Databases are SQLite files with `synchronous=FULL`.",
        "",
        "| what | goal | measured | reached |",
        "|---|---|---|---|",
    ]
    for what, goal, measured, reached in rows:
        lines.append(f"| {what} | {goal} | {measured} | {'' if reached is None else 'yes' if reached else '**no**'} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """All goals, or those named."""
    if arguments[:1] == [ALONE]:
        kind, *given = json.loads(arguments[1])
        numbers = turns_of(*given) if kind == "turns" else measurement(*given)
        sys.stdout.write(f"\n{json.dumps(numbers)}\n")
        return
    quick = "--quick" in arguments
    named = [name for name in arguments if name in GOALS] or list(GOALS)
    load, (before, stolen_before) = os.getloadavg()[0], processor_time()
    rows = [row for name in named for row in GOALS[name](quick)]
    after, stolen = processor_time()
    text = table(rows, load, (stolen - stolen_before) / max(1, after - before))
    sys.stdout.write(text)
    if not quick and len(named) == len(GOALS):
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
