"""A small share of the kill campaign over the services: `make kill STORY=services` takes every point."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaigns.kill import Campaign, one_of_many
from tests.campaigns.steps import INSIDE, OUTSIDE, Point

DIGEST = "Ove nedelje u blizini"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with Campaign(tmp_path_factory.mktemp("kill") / "runs", "services") as campaign:
        yield campaign


def first(campaign: Campaign, kind: str, words: str) -> Point:
    """The first boundary of a kind with these words in its name."""
    return next(point for point in campaign.boundaries if point.kind == kind and words in point.name)


def test_the_undisturbed_story_comes_to_what_it_tells_of(campaign: Campaign) -> None:
    made = campaign.expected
    audited = dict(made["audited"])
    assert audited["line.moved"] == 1
    assert [row[1] for row in made["papers"]] == ["printed"]
    assert made["files"] == 0
    assert [row[3:] for row in made["appointments"]] == [("booked", 1)], "taken, and moved once"
    assert len(made["answers"]) == len(made["digests"]) == len(made["certificates"]) == 1
    assert [row[2] for row in made["attendance"]] == ["present", "present"]


def test_killed_and_killed_again_each_service_does_its_work_once(campaign: Campaign) -> None:
    digest, printed = first(campaign, "taken", DIGEST), first(campaign, "write", "UPDATE print_job")
    deleted = (point for point in campaign.boundaries if "DELETE FROM attachment" in point.name)
    paper = next(point for point in deleted if point.step == printed.step)
    points = one_of_many(campaign.boundaries, [digest, paper], every=4)
    assert {point.kind for point in points} == {*INSIDE, *OUTSIDE}
    ended = campaign.kill_at(*points)
    assert ended.found == ()
    assert {digest, paper} <= {*ended.hit}, "no digest comes twice; a paper is printed and its file deleted, or neither"
    assert len(ended.hit) >= len(points) - 2, "hardly any two runs come to quite the same boundaries"


@pytest.mark.campaign
def test_the_checker_sees_a_digest_that_is_sent_again_after_a_crash(campaign: Campaign) -> None:
    ended = campaign.kill_at(first(campaign, "taken", DIGEST), mutant="resending")
    assert any(found.startswith("I5: digest") for found in ended.found), ended.found


@pytest.mark.campaign
def test_killed_at_every_boundary_of_the_services(campaign: Campaign) -> None:
    assert campaign.everywhere(workers=2) == {}
