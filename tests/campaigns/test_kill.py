"""A share of the kill campaign in the ordinary run, and proof that its checker sees planted bugs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.campaigns.kill import Campaign, by_kind, spread
from tests.campaigns.program import INSIDE, OUTSIDE, Point
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


@pytest.mark.parametrize("words", [WORDS, REMINDER, FREE, "Mesto je rezervisano"])
def test_what_was_shown_and_not_noted_comes_again_only_where_that_is_harmless(campaign: Campaign, words: str) -> None:
    ended = campaign.kill_at(taken(campaign, words))
    assert (ended.found, ended.kills) == ((), 1)


@pytest.mark.parametrize(("kinds", "count"), [(("commit", "committed"), 3), (("release", "write"), 2), (OUTSIDE, 3)])
def test_killed_anywhere_nothing_is_lost_and_nothing_doubled(
    campaign: Campaign, kinds: tuple[str, ...], count: int
) -> None:
    points = spread(by_kind(campaign.boundaries, *kinds), count + 2)[1:-1]
    ended = {str(point): campaign.kill_at(point) for point in points}
    assert {point: one.found for point, one in ended.items() if one.found} == {}
    assert sum(one.kills for one in ended.values()) >= count - 1, (
        "hardly any two runs come to quite the same boundaries"
    )


def test_the_checker_sees_a_broadcast_that_is_sent_again_after_a_crash(campaign: Campaign) -> None:
    ended = campaign.kill_at(taken(campaign, WORDS), mutant="resending")
    assert any(found.startswith("I5: broadcast") for found in ended.found), ended.found


@pytest.mark.campaign
def test_the_checker_sees_a_message_that_is_not_marked_before_it_is_sent(campaign: Campaign) -> None:
    ended = campaign.kill_at(taken(campaign, WORDS), mutant="unclaimed")
    assert any(found.startswith("I5: broadcast") for found in ended.found), ended.found


@pytest.mark.campaign
def test_the_checker_sees_arrivals_that_are_done_twice(campaign: Campaign) -> None:
    points = spread(by_kind(campaign.boundaries, "committed"), 5)
    assert any(campaign.kill_at(point, mutant="forgetting").found for point in points)


@pytest.mark.campaign
def test_killed_at_every_boundary_of_the_main_story(campaign: Campaign) -> None:
    ended = campaign.kill_all(campaign.boundaries, workers=2)
    assert {str(point): one.found for point, one in ended if one.found} == {}
