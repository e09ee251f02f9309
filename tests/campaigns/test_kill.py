"""A share of the kill campaign in the ordinary run, and proof that its checker sees planted bugs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaigns.kill import Campaign, by_kind, one_of_many
from tests.campaigns.steps import INSIDE, OUTSIDE, Point
from tests.campaigns.story import FREE, REMINDER, WORDS


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with Campaign(tmp_path_factory.mktemp("kill") / "runs") as campaign:
        yield campaign


def taken(campaign: Campaign, words: str) -> Point:
    """The moment in which the platform has shown the first message with these words and could not say so."""
    return next(point for point in campaign.boundaries if point.kind == "taken" and words in point.name)


def test_the_story_comes_to_every_kind_of_boundary(campaign: Campaign) -> None:
    assert {point.kind for point in campaign.boundaries} == {*INSIDE, *OUTSIDE}
    assert len(by_kind(campaign.boundaries, "commit", "committed", "asked", "taken")) > 200


def test_killed_and_killed_again_nothing_is_lost_and_nothing_doubled(campaign: Campaign) -> None:
    shown = [taken(campaign, words) for words in (WORDS, REMINDER, FREE, "Mesto je rezervisano")]
    points = one_of_many(campaign.boundaries, shown, every=3)
    assert {point.kind for point in points} == {*INSIDE, *OUTSIDE}
    ended = campaign.kill_at(*points)
    assert ended.found == ()
    assert {*shown} <= {*ended.hit}, "what was shown and not noted comes again only where that is harmless"
    assert len(ended.hit) >= len(points) - 2, "hardly any two runs come to quite the same boundaries"


def test_the_checker_sees_a_broadcast_that_is_sent_again_after_a_crash(campaign: Campaign) -> None:
    ended = campaign.kill_at(taken(campaign, WORDS), mutant="resending")
    assert any(found.startswith("I5: broadcast") for found in ended.found), ended.found


@pytest.mark.campaign
def test_the_checker_sees_a_message_that_is_not_marked_before_it_is_sent(campaign: Campaign) -> None:
    ended = campaign.kill_at(taken(campaign, WORDS), mutant="unclaimed")
    assert any(found.startswith("I5: broadcast") for found in ended.found), ended.found


@pytest.mark.campaign
def test_the_checker_sees_arrivals_that_are_done_twice(campaign: Campaign) -> None:
    points = one_of_many(by_kind(campaign.boundaries, "committed"), every=5)
    assert campaign.kill_at(*points, mutant="forgetting").found


@pytest.mark.campaign
def test_killed_at_every_boundary_of_the_main_story(campaign: Campaign) -> None:
    assert campaign.everywhere(workers=2) == {}
