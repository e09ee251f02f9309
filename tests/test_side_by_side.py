"""The test run itself: side by side each test runs once, nothing is lost, and what dies is a failure."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
SHARED = """
import os
import pytest

@pytest.fixture(scope="module")
def made():
    with open("made", "a") as file:
        file.write("x")
    yield os.getpid()
    with open("ended", "a") as file:
        file.write("x")

@pytest.mark.parametrize("number", range(30))
def test_of_one_process(made, number):
    assert made == os.getpid()
"""
MANY = """
import pytest

@pytest.mark.parametrize("number", range(40))
def test_is_odd_or_fails(number):
    print(f"number {number}")
    assert number != 7

@pytest.mark.skip(reason="not today")
def test_left_out():
    pass

def test_that_leaves_a_file_open():
    open("left", "w")
"""
DIES = """
import os
import pytest

@pytest.mark.parametrize("number", range(5))
def test_dies(number):
    if number == 2:
        os._exit(0)
"""


def run(folder: Path, *arguments: str, **files: str) -> tuple[int, str, list[ElementTree.Element]]:
    """How a small test run ends, what it says, and each of its tests as it is in the report for programs."""
    for name, content in files.items():
        (folder / f"test_{name}.py").write_text(content, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.side_by_side", "--junitxml=all.xml", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    report = folder / "all.xml"
    tests = list(ElementTree.parse(report).getroot().iter("testcase")) if report.exists() else []
    return done.returncode, done.stdout + done.stderr, tests


def test_each_test_runs_once_and_what_fails_is_told_as_always(tmp_path: Path) -> None:
    code, told, tests = run(tmp_path, "--workers", "3", shared=SHARED, many=MANY)
    assert code == 1, told
    assert re.search(r"2 failed, 69 passed, 1 skipped", told), told
    assert "number 7" in told, "what a failed test printed"
    assert "unclosed file" in told
    assert len({(test.get("classname"), test.get("name")) for test in tests}) == len(tests) == 72
    assert (tmp_path / "made").read_text() == (tmp_path / "ended").read_text() == "x"


def test_what_dies_is_a_failure_and_all_the_others_run(tmp_path: Path) -> None:
    code, told, tests = run(tmp_path, "--workers", "2", dies=DIES, shared=SHARED)
    assert code == 1, told
    assert "2 failed, 33 passed" in told, told
    assert "test_dies[2] - the process that ran it ended with 0" in told
    assert len(tests) == 35


def test_it_stops_at_the_first_failure_where_it_is_told_to(tmp_path: Path) -> None:
    code, told, tests = run(tmp_path, "--workers", "2", "-x", dies=DIES.replace("os._exit(0)", "assert 0"), many=MANY)
    assert code == 1, told
    assert "stopping after" in told
    assert len(tests) < 47
