"""What is in doubt: an answer is sent again, a reminder never by itself."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.messages.message import Outgoing
from models.messages.sending import resend
from tests.bot.outbox.kit import a_reminder, reminder_of
from tests.bot.running.runtime_kit import World, again


async def test_an_answer_in_doubt_is_sent_again(world: World) -> None:
    mila = await world.address("mila")
    world.channel.plan = [again("unsure")]
    written = await world.say(mila, "booked", "confirmation")
    await world.pass_time(2)
    assert world.channel.texts == ["booked"]
    assert await world.states(written) == ["sent"]


async def test_a_reminder_in_doubt_is_never_sent_again_by_itself(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    world.channel.plan = [again("unsure", "cut")]
    written = await world.say(mila, "tomorrow", "reminder", reminder_id=reminder)
    await world.pass_time(3600)
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == []
    assert await world.states(written) == ["unsure"]
    assert await reminder_of(world, reminder) == ("unsure", "cut")
    assert await world.notes() == [("unsure", "reminder: cut")]
    assert await world.store.write(lambda session: resend(session, world.clock.now(), written))
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == ["tomorrow"]
    assert await reminder_of(world, reminder) == ("sent", "")
    assert not await world.store.write(lambda session: resend(session, world.clock.now(), written))


async def test_a_reminder_is_marked_before_the_platform_is_called(world: World) -> None:
    mila = await world.address("mila")
    states: list[str] = []

    def look(_to: str) -> None:
        with Session(world.store.engine) as session:
            states.append(session.get_one(Outgoing, 1).state)

    world.channel.before = look
    await world.say(mila, "tomorrow", "reminder")
    await world.settle()
    assert states == ["sending"]


async def test_a_certain_failure_of_a_reminder_is_tried_again(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    world.channel.plan = [again("retry")]
    written = await world.say(mila, "tomorrow", "reminder", reminder_id=reminder)
    await world.settle()
    assert await world.states(written) == ["waiting"]
    await world.pass_time(2)
    assert world.channel.texts == ["tomorrow"]
    assert await reminder_of(world, reminder) == ("sent", "")


async def test_after_a_crash_what_was_being_sent_is_put_before_staff(world: World) -> None:
    mila, stefan = await world.address("mila"), await world.address("stefan")
    reminder = await a_reminder(world, mila)
    left = await world.write(mila, "tomorrow", "reminder", reminder_id=reminder)
    reply = await world.write(stefan, "reply")
    await world.store.write(
        lambda session: session.execute(update(Outgoing).where(Outgoing.id == left).values(state="sending"))
    )
    world.outbox.let_go("fake")
    await world.new_outbox().hold("fake")
    await world.settle()
    assert world.channel.texts == ["reply"]
    assert await world.states(left, reply) == ["unsure", "sent"]
    assert (await reminder_of(world, reminder))[0] == "unsure"
    assert [kind for kind, _about in await world.notes()] == ["unsure"]
