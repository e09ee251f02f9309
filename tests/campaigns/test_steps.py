"""Where in a story the program is killed: once in a step, whatever happened in the steps before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns.kill import combined, one_of_many
from tests.campaigns.steps import INSIDE, KINDS, Boundaries, Looks, Point, Steps


def test_in_each_step_the_counting_begins_anew_and_nobody_is_killed_twice(tmp_path: Path) -> None:
    planned = [Point(1, "write", 2), Point(2, "taken", 1), Point(3, "write", 1)]
    steps, life = Steps(tmp_path, planned), Boundaries(tmp_path, name_them=False)
    assert not any(life.reach("write") for _ in range(3)), "nothing is planned before the first act"
    steps.next()
    assert [life.reach(kind) for kind in ("write", "commit", "write")] == [False, False, True]
    assert steps.died()
    life = Boundaries(tmp_path, name_them=False)
    assert not any(life.reach("write") for _ in range(3)), "it was killed in this step"
    steps.next()
    assert not life.reach("write")
    assert not steps.outside("asked", "")
    assert steps.outside("taken", "")
    assert steps.died()
    assert not steps.outside("taken", "")
    assert not steps.died(), "this death was not planned"
    steps.next()
    assert life.reach("write")
    assert steps.died()
    assert steps.hit == planned


def test_undisturbed_it_names_every_boundary_by_its_step(tmp_path: Path) -> None:
    steps, life = Steps(tmp_path), Boundaries(tmp_path, name_them=True)
    life.reach("write", "INSERT INTO inbox")
    steps.next()
    life.reach("write", "UPDATE person")
    steps.outside("asked", "sendMessage")
    assert [str(point) for point in (*steps.inside(), *steps.passed)] == ["0/write/1", "1/write/1", "1/asked/1"]
    assert steps.hit == []


def test_a_boundary_can_be_meant_by_its_words_in_whatever_step_it_comes(tmp_path: Path) -> None:
    steps = Steps(tmp_path, wherever=[("taken", "reminder")])
    steps.next()
    assert not steps.outside("taken", "sendMessage")
    assert not steps.outside("asked", "reminder")
    steps.next()
    assert steps.outside("taken", "the reminder")
    assert not steps.outside("taken", "the reminder"), "the first one was meant"
    assert steps.died()
    assert steps.hit == [Point(2, "taken", 1)]


def test_a_look_that_was_asked_for_is_over_when_it_ends_in_whatever_process(tmp_path: Path) -> None:
    story, program = Looks(tmp_path), Looks(tmp_path)
    assert story.over
    story.ask()
    assert not program.over
    story.ask()
    program.end(1)
    assert not story.over, "one more was asked for meanwhile"
    program.end(program.asked)
    assert story.over


def test_each_boundary_is_in_one_run_and_no_two_of_a_step_in_the_same() -> None:
    points = [Point(step, kind, 1) for step, kind in ((0, "write"), (1, "write"), (1, "taken"), (2, "commit"))]
    assert combined(points) == [[points[0], points[1], points[3]], [points[2]]]


def test_a_share_takes_every_kind_in_turn() -> None:
    points = [Point(step, kind, number) for step in range(20) for kind in INSIDE for number in (1, 2)]
    share = one_of_many(points, [points[0]], every=2)
    assert [point.step for point in share] == [0, *range(2, 20, 2)]
    assert {point.kind for point in share} == {*INSIDE}


def test_a_point_is_read_as_it_is_written() -> None:
    assert [Point.read(f"12/{kind}/3") for kind in KINDS[1:]] == [Point(12, kind, 3) for kind in KINDS[1:]]
    with pytest.raises(ValueError, match="no boundary"):
        Point.read("12/nothing/3")
