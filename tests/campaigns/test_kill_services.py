"""A small share of the kill campaign over the services: `make kill STORY=services` takes every point."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaigns.kill import Campaign
from tests.campaigns.program import Point

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


def test_a_digest_whose_arrival_nobody_noted_does_not_come_again(campaign: Campaign) -> None:
    ended = campaign.kill_at(first(campaign, "taken", DIGEST))
    assert (ended.found, ended.kills) == ((), 1)


def test_a_paper_is_printed_and_its_file_deleted_or_neither(campaign: Campaign) -> None:
    ended = campaign.kill_at(first(campaign, "write", "DELETE FROM attachment"))
    assert (ended.found, ended.kills) == ((), 1)


@pytest.mark.campaign
def test_the_checker_sees_a_digest_that_is_sent_again_after_a_crash(campaign: Campaign) -> None:
    ended = campaign.kill_at(first(campaign, "taken", DIGEST), mutant="resending")
    assert any(found.startswith("I5: digest") for found in ended.found), ended.found


@pytest.mark.campaign
def test_killed_at_every_boundary_of_the_services(campaign: Campaign) -> None:
    ended = campaign.kill_all(campaign.boundaries, workers=2)
    assert {str(point): one.found for point, one in ended if one.found} == {}
