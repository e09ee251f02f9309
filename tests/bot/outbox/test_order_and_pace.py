"""What goes out, in which order and how fast."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot.telling import queued
from conversations.speech import Spoken
from handlers.channel import Pace
from models.messages.sending import Due, older_than
from tests.bot.running.runtime_kit import MONDAY, World, again


async def test_a_reply_goes_out_when_woken_and_is_marked(world: World) -> None:
    mila = await world.address("mila")
    written = await world.say(mila, "hello")
    await world.settle()
    row = await world.row(written)
    assert world.channel.texts == ["hello"]
    assert (row.state, row.shown_id, row.sent_at) == ("sent", "p1", MONDAY)


async def test_the_sweep_finds_what_nobody_was_woken_for(world: World) -> None:
    mila = await world.address("mila")
    written = await world.write(mila, "from another process", "reminder")
    await world.settle()
    assert world.channel.texts == []
    world.outbox.sweep()
    await world.settle()
    assert await world.states(written) == ["sent"]


async def test_what_is_planned_for_later_waits_for_its_time(world: World) -> None:
    mila = await world.address("mila")
    written = await world.say(mila, "later", due_at=MONDAY + timedelta(hours=1))
    await world.settle()
    assert world.channel.texts == []
    world.clock.at = MONDAY + timedelta(hours=1)
    world.outbox.sweep()
    await world.settle()
    assert await world.states(written) == ["sent"]


async def test_messages_to_one_address_keep_their_order_through_failures(world: World) -> None:
    mila = await world.address("mila")
    world.channel.plan = [again("retry"), again("unsure")]
    for number in range(6):
        await world.say(mila, str(number))
    await world.pass_time(60)
    assert world.channel.texts == ["0", "1", "2", "3", "4", "5"]


async def test_an_answer_overtakes_what_has_a_lower_rank(tmp_path: Path) -> None:
    world = World(tmp_path, pace=Pace(1.0, 1000.0, 1000))
    addresses = [await world.address(f"p{number}") for number in range(5)]
    for number, address in enumerate(addresses):
        await world.write(address, f"news {number}", "broadcast")
    await world.outbox.hold("fake")
    await world.settle()
    await world.say(addresses[4], "answer")
    await world.pass_time(20)
    assert world.channel.texts[:2] == ["news 0", "answer"]
    assert sorted(world.channel.texts[2:]) == [f"news {number}" for number in (1, 2, 3, 4)]
    await world.close()


async def test_the_pace_of_the_channel_and_of_one_chat_are_kept(tmp_path: Path) -> None:
    world = World(tmp_path, pace=Pace(10.0, 1.0, 2))
    await world.outbox.hold("fake")
    mila = await world.address("mila")
    others = [await world.address(f"p{number}") for number in range(30)]
    for number in range(5):
        await world.say(mila, f"mila {number}")
    for number, address in enumerate(others):
        await world.say(address, f"news {number}", "broadcast")
    await world.pass_time(30)
    assert len(world.channel.shown) == 35
    times = sorted(one.at for one in world.channel.shown)
    for start in times:
        assert sum(1 for at in times if start <= at < start + 1.0) <= 10, "more than the pace"
    to_mila = [one.at for one in world.channel.shown if one.to == "mila"]
    assert [one.text for one in world.channel.shown if one.to == "mila"] == [f"mila {number}" for number in range(5)]
    for start in to_mila:
        assert sum(1 for at in to_mila if start <= at < start + 0.99) <= 2
    assert to_mila[4] - to_mila[0] >= 2.99
    await world.close()


async def test_a_broadcast_goes_at_the_pace_of_the_channel_and_leaves_room_for_answers(tmp_path: Path) -> None:
    world = World(tmp_path, pace=Pace(30.0, 1.0, 3))
    addresses = [await world.address(f"p{number}") for number in range(90)]
    for address in addresses:
        await world.write(address, "news", "broadcast")
    await world.outbox.hold("fake")
    await world.settle()
    await world.pass_time(0.2)
    asked = world.timer.time()
    await world.say(addresses[0], "answer")
    await world.pass_time(10)
    times = [one.at for one in world.channel.shown if one.text == "news"]
    assert len(times) == 90
    assert times[-1] - times[0] <= 90 / 27, "slower than the channel allows"
    assert next(one.at for one in world.channel.shown if one.text == "answer") - asked <= 0.1
    await world.close()


async def test_what_piles_up_for_one_chat_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    world = World(tmp_path, pace=Pace(1000.0, 1.0, 3))
    piled, other = await world.address("piled"), await world.address("other")
    for number in range(300):
        await world.write(piled, str(number), "broadcast")
    await world.outbox.hold("fake")
    await world.settle()
    await world.write(other, "news", "broadcast")
    world.outbox.sweep()
    await world.settle()
    await world.pass_time(1)
    assert "news" in world.channel.texts
    await world.close()


async def test_a_rate_limit_for_everyone_pauses_the_channel_exactly_as_told(world: World) -> None:
    mila, stefan = await world.address("mila"), await world.address("stefan")
    world.channel.plan = [again("wait", after=timedelta(seconds=17), everyone=True)]
    first = await world.say(mila, "one")
    await world.settle()
    began = world.timer.time() - 0.06
    second = await world.say(stefan, "two")
    await world.pass_time(16.8)
    assert world.channel.texts == []
    await world.pass_time(3)
    assert sorted(world.channel.texts) == ["one", "two"]
    assert min(one.at for one in world.channel.shown) >= began + 17
    assert await world.states(first, second) == ["sent", "sent"]
    assert (await world.row(first)).tries == 0, "being asked to wait is no failure"


async def test_a_rate_limit_of_one_chat_leaves_the_others_alone(world: World) -> None:
    mila, stefan = await world.address("mila"), await world.address("stefan")
    world.channel.plan = [again("wait", after=timedelta(seconds=17))]
    await world.say(mila, "one")
    await world.settle()
    await world.say(stefan, "two")
    await world.settle()
    assert world.channel.texts == ["two"]
    await world.pass_time(18)
    assert world.channel.texts == ["two", "one"]


async def test_many_more_rows_than_fit_into_memory_all_go_out_once_and_in_order(world: World) -> None:
    addresses = [await world.address(f"p{number}") for number in range(300)]

    def add(session: Session) -> None:
        from bot.telling import queue

        for number in range(1200):
            queue(session, MONDAY, addresses[number % 300], Spoken(f"{number:04}"), "broadcast")

    await world.store.write(add)
    world.outbox.sweep()
    await world.pass_time(30)
    assert len(world.channel.texts) == 1200
    for name in ("p0", "p150", "p299"):
        to = [one.text for one in world.channel.shown if one.to == name]
        assert to == sorted(to)
        assert len(to) == 4


async def hand_over(world: World, address_id: int, text: str) -> int:
    """A reply as a turn commits it: at hand, with what is older."""

    def turn(session: Session) -> tuple[Due, tuple[int, ...]]:
        now = world.clock.now()
        reply = queued(session, now, address_id, "fake", "mila", Spoken(text))
        return reply, older_than(session, now, address_id, reply.id)

    reply, older = await world.store.write(turn)
    world.outbox.hand_over([reply.id], [reply], older)
    return reply.id


async def test_a_reply_at_hand_is_sent_without_being_read_and_only_once(world: World) -> None:
    mila = await world.address("mila")
    written = [await hand_over(world, mila, f"reply {n}") for n in range(5)]
    world.outbox.sweep()  # what reads the table meanwhile finds rows whose marks still gather
    await world.pass_time(10)
    assert world.channel.texts == [f"reply {n}" for n in range(5)]
    assert await world.states(*written) == ["sent"] * 5


async def test_a_reply_at_hand_does_not_overtake_what_nobody_was_woken_for(world: World) -> None:
    mila = await world.address("mila")
    await world.write(mila, "older")
    await hand_over(world, mila, "newer")
    await world.pass_time(5)
    assert world.channel.texts == ["older", "newer"]


async def test_a_reply_at_hand_waits_where_another_process_sends(world: World) -> None:
    world.outbox.let_go("fake")
    mila = await world.address("mila")
    written = await hand_over(world, mila, "hello")
    await world.settle()
    assert world.channel.texts == []
    await world.outbox.hold("fake")
    await world.settle()
    assert await world.states(written) == ["sent"]
    assert world.channel.texts == ["hello"]
