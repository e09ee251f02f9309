"""A fraction of the kill campaign in the ordinary run, and proof that its checker sees planted bugs."""

from __future__ import annotations

import subprocess
import sys

import pytest


def campaign(*arguments: str) -> tuple[int, str]:
    """The campaign in a process of its own, since it forks."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.campaigns.kill", *arguments],
        capture_output=True,
        text=True,
        timeout=3600,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def test_killed_where_it_matters_most_nothing_is_lost_and_nothing_doubled() -> None:
    code, told = campaign("few")
    assert "0 with violations" in told, told
    assert code == 0, told


def test_the_checker_sees_a_reminder_or_broadcast_that_is_sent_again_after_a_crash() -> None:
    code, told = campaign("broadcast", "resending")
    assert "I5: broadcast" in told, told
    assert code == 1


@pytest.mark.campaign
def test_the_checker_sees_arrivals_that_are_done_twice() -> None:
    code, told = campaign("few", "forgetting")
    assert code == 1, told


@pytest.mark.campaign
def test_killed_at_every_boundary_of_the_main_story() -> None:
    code, told = campaign("all")
    assert code == 0, told
