"""Every service has a line in docs/services.md and a transcript that shows it, with what staff do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.transcripts.playing import FOLDER, Line, read

PAGE = Path(__file__).parent.parent / "docs" / "services.md"
BLOCKS = {"OFF", "APT", "RES", "INFO", "CAMP", "ASK"}
SERVICES = frozenset(
    [
        *("0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.11", "0.12", "0.13", "0.14"),
        *("1.1", "1.3", "1.6"),
        *("2.1", "2.2", "2.4", "2.6", "2.7", "2.8", "2.9", "2.12"),
        *("3.2", "3.5", "3.7", "3.8", "3.10", "3.11", "3.12", "3.13", "3.14"),
        *("4.1", "4.2", "4.3", "4.6", "4.7", "4.8", "4.10"),
    ]
)
"""The services that are offers, appointments, resources, answers, campaigns or surveys, by their numbers."""
ROW = re.compile(r"^\| (\d\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$", re.M)
ROWS = {found[1]: found for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def named(service: str) -> list[str]:
    """The transcripts that the page names for a service."""
    return re.findall(r"`([\w.-]+)`", ROWS[service][5])


def shown_by(name: str) -> set[str]:
    """The services that a transcript says it shows."""
    comments, _done = read(FOLDER / f"{name}.txt")
    return {number for line in comments if line.startswith("# service:") for number in re.findall(r"\d\.\d+", line)}


def staff_of(lines: list[Line]) -> set[str]:
    """Who is staff from the beginning of a transcript."""
    return {
        line.what.split()[0] for line in lines if line.who == "given" and {"staff", "admin"} & set(line.what.split())
    }


def test_every_service_has_a_line_and_no_other() -> None:
    assert set(ROWS) == SERVICES


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_service_is_shown_from_both_sides(service: str) -> None:
    assert service in ROWS, f"docs/services.md has no line for {service}"
    assert set(re.split(r", ", ROWS[service][3])) <= BLOCKS
    transcripts = named(service)
    assert transcripts, f"{service} has no transcript"
    acting = False
    for name in transcripts:
        assert service in shown_by(name), f"{name} does not say that it shows {service}"
        _comments, lines = read(FOLDER / f"{name}.txt")
        staff = staff_of(lines)
        asking = {line.who for line in lines} - staff - {"given", "clock"}
        acting = acting or bool(asking and staff & {line.who for line in lines})
    assert acting, f"no transcript of {service} has a person and staff who act"


def test_every_transcript_of_a_service_is_named() -> None:
    named_ones = {name for service in ROWS for name in named(service)}
    showing = {path.stem for path in FOLDER.glob("*.txt") if shown_by(path.stem)}
    assert showing == named_ones
