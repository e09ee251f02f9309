"""A hundred messages an hour, and one call to many."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.speech import Spoken, SpokenVenue
from handlers.channel import SendFailed, Sent
from handlers.viber.channel import ViberChannel
from tests.fakes.viber import FakeViber, Fault, Person, status
from tests.handlers.viber_sending.kit import Clock, buttons, failure, people
from tests.handlers.viber_sending.test_texts_and_buttons import wrote


async def test_a_hundred_messages_in_an_hour_without_a_reply_are_the_most(
    channel: ViberChannel, fake: FakeViber, ana: Person, clock: Clock
) -> None:
    for number in range(100):
        await channel.send(ana.id, Spoken(str(number)))
    failed = await failure(channel, "too many", ana.id)
    assert (failed.kind, failed.everyone) == ("wait", False)
    assert failed.after is not None
    assert timedelta(minutes=10) <= failed.after < timedelta(minutes=11)
    assert len(fake.calls("send_message", ok=False)) == 100
    await wrote(ana)
    await channel.send(ana.id, Spoken("a reply begins the count anew"))
    for _ in range(99):
        await channel.send(ana.id, Spoken("x"))
    assert (await failure(channel, "too many", ana.id)).kind == "wait"
    clock.now += failed.after
    await channel.send(ana.id, Spoken("the next hour"))
    assert ana.last.text == "the next hour"


async def test_too_many_means_the_rate_at_first_and_then_the_hour(
    channel: ViberChannel, fake: FakeViber, ana: Person
) -> None:
    fake.fail("send_message", status(12), times=2)
    assert (await failure(channel, "a", ana.id)).after == timedelta(seconds=10)
    failed = await failure(channel, "a", ana.id)
    assert failed.after is not None
    assert failed.after > timedelta(minutes=9)
    assert (await failure(channel, "a", ana.id)).after == failed.after
    assert fake.faults.left() == 0
    await wrote(ana)
    await channel.send(ana.id, Spoken("b"))
    assert ana.texts == ["b"]


async def test_one_call_reaches_three_hundred(channel: ViberChannel, fake: FakeViber) -> None:
    everybody = await people(fake, 300)
    outcome = await channel.send_many([p.id for p in everybody], Spoken("Здраво", buttons=buttons("Yes")))
    assert len(fake.calls("broadcast_message")) == 1
    assert {p.last.text for p in everybody} == {"Здраво"}
    shown = {one.shown_id for one in outcome.values() if isinstance(one, Sent)}
    assert len(outcome) == 300
    assert shown == {str(everybody[0].last.token)}
    failed = await failure_of_many(channel, [*(p.id for p in everybody), "one-too-many="])
    assert failed.kind == "refused"


async def failure_of_many(channel: ViberChannel, ids: list[str], text: str = "x") -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await channel.send_many(ids, Spoken(text))
    return caught.value


async def test_who_was_not_reached_is_told_one_by_one(channel: ViberChannel, fake: FakeViber) -> None:
    a, b, c, d = await people(fake, 4)
    b.subscribed, c.refuse_with, d.refuse_with = False, 24, 12
    ids = [a.id, b.id, c.id, d.id, "@nobody", a.id]
    outcome = await channel.send_many(ids, Spoken("x"))
    kinds = {who: one.kind if isinstance(one, SendFailed) else "sent" for who, one in outcome.items()}
    assert kinds == {a.id: "sent", b.id: "gone", c.id: "unpaid", d.id: "wait", "@nobody": "refused"}
    assert a.texts == ["x"]


async def test_a_long_broadcast_goes_in_groups_that_fit_30_kb(channel: ViberChannel, fake: FakeViber) -> None:
    everybody = await people(fake, 300)
    outcome = await channel.send_many([p.id for p in everybody], Spoken("漢字" * 3400))
    assert all(isinstance(one, Sent) for one in outcome.values())
    assert len(fake.calls("broadcast_message")) > 1
    assert {"".join(p.texts) for p in everybody} == {"漢字" * 3400}


async def test_placeholders_in_a_broadcast_are_words_like_any(channel: ViberChannel, fake: FakeViber) -> None:
    (a,) = await people(fake, 1)
    await channel.send_many([a.id], Spoken("Dear replace_me_with_user_name!"))
    assert a.last.text.replace("\u2060", "") == "Dear replace_me_with_user_name!"


async def test_a_call_that_failed_as_a_whole_is_one_failure(channel: ViberChannel, fake: FakeViber) -> None:
    a, b = await people(fake, 2)
    for fault, kind in ((status(7), "stopped"), (Fault.cut_after(), "unsure"), (Fault.html(502), "unsure")):
        fake.fail("broadcast_message", fault)
        assert (await failure_of_many(channel, [a.id, b.id])).kind == kind


async def test_an_account_that_may_not_broadcast_sends_one_by_one_from_then_on(
    channel: ViberChannel, fake: FakeViber
) -> None:
    (a,) = await people(fake, 1)
    fake.may_broadcast = False
    assert channel.capabilities.many == 300
    assert (await failure_of_many(channel, [a.id])).kind == "retry"
    assert channel.capabilities.many == 0
    await channel.send(a.id, Spoken("x"))
    assert a.texts == ["x"]


async def test_a_broadcast_that_breaks_off_after_a_first_part_is_unsure(channel: ViberChannel, fake: FakeViber) -> None:
    a, b = await people(fake, 2)
    fake.fail("broadcast_message", Fault.slow(0.0))
    fake.fail("broadcast_message", status(12))
    outcome = await channel.send_many([a.id, b.id], Spoken("x", venue=SpokenVenue("v", "w", 1.0, 2.0)))
    assert {one.kind for one in outcome.values() if isinstance(one, SendFailed)} == {"unsure"}
    assert len(outcome) == 2


async def test_a_broadcast_counts_for_the_hour_of_each(channel: ViberChannel, fake: FakeViber) -> None:
    a, b = await people(fake, 2)
    for _ in range(100):
        await channel.send(a.id, Spoken("x"))
    outcome = await channel.send_many([a.id, b.id], Spoken("y"))
    assert isinstance(outcome[b.id], Sent)
    assert isinstance(outcome[a.id], SendFailed)
    assert b.texts == ["y"]
