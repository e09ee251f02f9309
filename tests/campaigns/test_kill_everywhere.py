"""A small share of the kill campaign with Viber and the desk: `make kill STORY=everywhere` takes every point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.campaigns.everywhere import ANSWERED, ASKED, WANTED
from tests.campaigns.kill import Campaign
from tests.campaigns.steps import INSIDE, KINDS, Named, Point
from tests.campaigns.story import REMINDER

TOPIC: Named = ("desk-taken", "createForumTopic")
REMINDED: Named = ("viber-taken", REMINDER)
SHARE: tuple[Named, ...] = (
    TOPIC,
    ("viber-asked", ANSWERED),
    ("viber-taken", f"broadcast_message {WANTED}"),
    REMINDED,
)
"""Shown, and nobody could say so; called, and not carried out: what cannot be known is dealt with by its class."""
BOOKS = Point(20, "commit", 1)
"""The child's "yes" to the place, just before it is kept."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    campaign = Campaign(tmp_path_factory.mktemp("kill") / "runs", "everywhere")
    campaign.prepare()
    return campaign


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with Campaign(tmp_path_factory.mktemp("kill") / "runs", "everywhere") as campaign:
        yield campaign


def test_killed_with_viber_and_the_desk_nothing_is_lost_and_nothing_doubled(prepared: Campaign) -> None:
    ended = prepared.kill_at(BOOKS, wherever=SHARE)
    assert ended.found == ()
    assert [point.kind for point in ended.hit] == [BOOKS.kind, *(kind for kind, _words in SHARE)], "each once, in order"
    told(ended.made)


def told(made: Any) -> None:
    """What the story tells of, however often the program died in it."""
    assert [row[3] for row in made["bookings"]] == ["booked"]
    assert sorted(row[3] for row in made["reminders"]) == ["missed", "sent", "sent", "sent"], "the child has left Viber"
    assert {row[1] for row in made["recipients"]} == {"sent"}
    assert made["paid"] == [("broadcast", 20_000)], "one person had not written for long: once"
    assert sorted(row[2] for row in made["said"]) == [ASKED, ANSWERED]
    assert [row[1] for row in made["topics"]] == ["open"]
    assert [row[1] for row in made["applications"]] == ["accepted"]
    assert [(row[0], row[2]) for row in made["cards"]] == [("application", "done"), ("broadcast", "done")]
    assert [row[2] for row in made["addresses"] if row[0] == "viber"] == [True, False]
    audited = dict(made["audited"])
    assert [audited[what] for what in ("booked", "desk.accepted", "request_answered", "broadcast.planned")] == [1] * 4


@pytest.mark.campaign
def test_the_undisturbed_story_comes_to_every_kind_of_boundary(campaign: Campaign) -> None:
    told(campaign.expected)
    assert {point.kind for point in campaign.boundaries} == {*KINDS} - {""}
    assert len([point for point in campaign.boundaries if point.kind not in INSIDE]) > 250


@pytest.mark.campaign
def test_the_checker_sees_a_reminder_on_viber_that_is_sent_again_after_a_crash(prepared: Campaign) -> None:
    ended = prepared.kill_at(wherever=[REMINDED], mutant="resending")
    assert any(found.startswith("I5: reminder") for found in ended.found), ended.found


@pytest.mark.campaign
def test_the_checker_sees_a_second_topic_of_which_nobody_is_told(prepared: Campaign) -> None:
    ended = prepared.kill_at(wherever=[TOPIC], mutant="blindly")
    assert any(found.startswith("D2") for found in ended.found), ended.found


@pytest.mark.campaign
def test_killed_at_every_boundary_with_viber_and_the_desk(campaign: Campaign) -> None:
    assert campaign.everywhere(workers=2) == {}
