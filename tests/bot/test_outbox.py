"""The outbox: each class by its promise, order, pace, and what each failure leads to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.telling import queued
from conversations.speech import Spoken, SpokenButton
from handlers.channel import Pace
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.message import Outgoing, StoredAttachment
from models.messages.reminder import Reminder
from models.messages.sending import Due, older_than, resend
from models.offers.programme import Organisation
from models.who.people import Address, Person
from tests.bot.runtime_kit import MONDAY, World, again


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path)
    await made.outbox.hold("fake")
    yield made
    await made.close()


async def a_reminder(world: World, address_id: int) -> int:
    person_id = await world.person_of(address_id)

    def add(session: Session) -> int:
        row = Reminder(about="booking", about_id=1, recipient_id=person_id, before_minutes=0, due_at=MONDAY)
        row.state = "queued"
        session.add(row)
        session.flush()
        return row.id

    return await world.store.write(add)


async def reminder_of(world: World, reminder_id: int) -> tuple[str, str]:
    def read(session: Session) -> tuple[str, str]:
        row = session.get_one(Reminder, reminder_id)
        return row.state, row.reason

    return await world.store.read(read)


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
        assert sum(1 for at in times if start <= at < start + 1.0) <= 12, "more than the pace and its burst"
    to_mila = [one.at for one in world.channel.shown if one.to == "mila"]
    assert [one.text for one in world.channel.shown if one.to == "mila"] == [f"mila {number}" for number in range(5)]
    for start in to_mila:
        assert sum(1 for at in to_mila if start <= at < start + 0.99) <= 2
    assert to_mila[4] - to_mila[0] >= 2.99
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


async def test_a_failing_platform_is_tried_again_ever_more_rarely_up_to_five_minutes(world: World) -> None:
    mila = await world.address("mila")
    attempts: list[float] = []
    world.channel.before = lambda _to: attempts.append(world.timer.time())
    world.channel.always["mila"] = again("retry")
    written = await world.say(mila, "hello")
    await world.pass_time(9 * 3600)
    gaps = [after - before for before, after in pairwise(attempts)]
    assert gaps[:4] == [pytest.approx(1), pytest.approx(2), pytest.approx(4), pytest.approx(8)]
    assert max(gaps) == pytest.approx(300)
    row = await world.row(written)
    assert (row.state, row.reason, row.tries) == ("failed", "trouble", 100)
    assert len(attempts) == 100
    assert await world.notes() == [("refused", "reply: trouble")]


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


async def test_whoever_blocked_the_bot_is_left_alone(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    world.channel.always["mila"] = again("gone", "blocked")
    first = await world.write(mila, "one")
    second = await world.write(mila, "two")
    third = await world.write(mila, "tomorrow", "reminder", reminder_id=reminder)
    world.outbox.sweep()
    await world.settle()
    world.outbox.sweep()
    await world.settle()
    assert await world.states(first, second, third) == ["cancelled"] * 3
    assert await reminder_of(world, reminder) == ("missed", "blocked")
    address = await world.store.read(lambda session: session.get_one(Address, mila).inactive_reason)
    assert address == "blocked"


async def test_what_cannot_reach_one_address_goes_to_the_other_one_of_the_same_person(world: World) -> None:
    old = await world.address("old phone")
    new = await world.address("new phone", person_id=await world.person_of(old))
    world.channel.always["old phone"] = again("gone", "blocked")
    first = await world.say(old, "one")
    second = await world.say(old, "two")
    await world.pass_time(1)
    assert [(one.to, one.text) for one in world.channel.shown] == [("new phone", "one"), ("new phone", "two")]
    assert [(await world.row(one)).address_id for one in (first, second)] == [new, new]


async def test_what_is_refused_keeps_its_reason_and_does_not_hold_up_the_next(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    world.channel.plan = [again("refused", "text is empty")]
    first = await world.say(mila, "bad", "reminder", reminder_id=reminder)
    await world.settle()
    second = await world.say(mila, "good")
    await world.settle()
    assert world.channel.texts == ["good"]
    assert await world.states(first, second) == ["failed", "sent"]
    assert await reminder_of(world, reminder) == ("missed", "text is empty")
    assert await world.notes() == [("refused", "reminder: text is empty")]


async def test_a_revoked_token_stops_the_channel_and_loses_nothing(world: World) -> None:
    mila = await world.address("mila")
    world.channel.plan = [again("stopped", "unauthorized")]
    first = await world.say(mila, "one", "reminder")
    await world.settle()
    second = await world.say(mila, "two")
    await world.pass_time(600)
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == []
    assert world.outbox.lanes["fake"].stopped == "unauthorized"
    assert await world.states(first, second) == ["waiting", "waiting"]
    assert await world.notes() == [("stopped", "fake: unauthorized")]
    await world.outbox.hold("fake")
    await world.settle()
    assert sorted(world.channel.texts) == ["one", "two"]


async def test_what_comes_too_late_is_not_sent(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    late = await world.write(mila, "tomorrow", "reminder", reminder_id=reminder, expires_at=MONDAY)
    answer = await world.write(mila, "too late as well", expires_at=MONDAY)
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == []
    assert await world.states(late, answer) == ["cancelled", "cancelled"]
    assert await reminder_of(world, reminder) == ("missed", "too late")


async def test_nothing_unasked_goes_to_somebody_who_stopped_meanwhile(world: World) -> None:
    mila = await world.address("mila")
    person_id = await world.person_of(mila)
    reminder = await a_reminder(world, mila)
    unasked = await world.write(mila, "tomorrow", "reminder", reminder_id=reminder)
    asked = await world.write(mila, "stopped, as you wish")
    await world.store.write(
        lambda session: session.execute(update(Person).where(Person.id == person_id).values(stopped_at=MONDAY))
    )
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == ["stopped, as you wish"]
    assert await world.states(unasked, asked) == ["cancelled", "sent"]
    assert await reminder_of(world, reminder) == ("missed", "stopped")


async def test_a_reminder_called_off_while_it_waited_is_not_sent(world: World) -> None:
    mila = await world.address("mila")
    reminder = await a_reminder(world, mila)
    written = await world.write(mila, "tomorrow", "reminder", reminder_id=reminder)
    await world.store.write(lambda session: session.execute(update(Reminder).values(state="cancelled", reason="moved")))
    world.outbox.sweep()
    await world.settle()
    assert world.channel.texts == []
    assert await world.states(written) == ["cancelled"]
    assert await reminder_of(world, reminder) == ("cancelled", "moved")


async def test_a_long_message_goes_in_parts_and_a_retry_does_not_repeat_the_first(world: World) -> None:
    mila = await world.address("mila")
    words = " ".join(f"word{number:02}" for number in range(20))
    world.channel.plan = [None, again("retry")]
    written = await world.say(mila, words, spoken=Spoken("", buttons=(SpokenButton("Yes", tap="y"),)))
    await world.settle()
    assert (await world.row(written)).parts == 1
    await world.pass_time(3)
    assert " ".join(world.channel.texts) == words
    assert len(world.channel.texts) == 3
    assert [bool(one.message.buttons) for one in world.channel.shown] == [False, False, True]
    assert (await world.row(written)).shown_id == "p3"


async def test_a_message_is_shown_in_place_of_the_one_tapped(world: World) -> None:
    mila = await world.address("mila")
    await world.say(mila, "page 2", spoken=Spoken("", replaces=True), edits="m7")
    await world.say(mila, "new", edits="m7")
    await world.settle()
    assert [(one.text, one.shown_id) for one in world.channel.shown] == [("page 2", "m7"), ("new", "")]


async def test_an_attachment_is_passed_on_with_its_content(world: World) -> None:
    mila = await world.address("mila")
    person_id = await world.person_of(mila)

    def add(session: Session) -> int:
        row = StoredAttachment(
            person_id=person_id, kind="voice", content=b"hello", created_at=MONDAY, keep_until=MONDAY
        )
        session.add(row)
        session.flush()
        return row.id

    stored = await world.store.write(add)
    written = await world.say(mila, "a voice note", spoken=Spoken("", relay=stored))
    lost = await world.say(mila, "another", spoken=Spoken("", relay=stored + 1))
    await world.settle()
    assert [one.relay.content for one in world.channel.shown if one.relay] == [b"hello"]
    assert await world.states(written, lost) == ["sent", "failed"]


async def test_a_platform_that_fails_for_all_is_probed_by_one_message_at_a_time(world: World) -> None:
    addresses = [await world.address(f"p{number}") for number in range(30)]
    attempts: list[str] = []
    world.channel.before = attempts.append
    for name in (f"p{number}" for number in range(30)):
        world.channel.always[name] = again("unsure")
    for address in addresses[:3]:
        await world.say(address, "first")
    await world.settle()
    ids = [await world.say(address, "news", "broadcast") for address in addresses[3:]]
    await world.pass_time(20)
    tried = len(attempts) - 3
    assert 1 <= tried <= 15, "the outage is not spread over everybody"
    world.channel.always.clear()
    await world.pass_time(60)
    world.outbox.sweep()
    await world.pass_time(60)
    states = await world.states(*ids)
    assert set(states) <= {"sent", "unsure"}
    assert states.count("unsure") <= tried


async def test_the_recipients_of_a_broadcast_follow_their_messages(world: World) -> None:
    names = ["fine", "blocked", "broken", "doubt"]
    addresses = [await world.address(name) for name in names]
    people = [await world.person_of(address) for address in addresses]
    world.channel.always = {"blocked": again("gone"), "broken": again("refused"), "doubt": again("unsure")}

    def add(session: Session) -> int:
        row = Broadcast(organisation_id=1, author_id=people[0], audience={}, texts={}, created_at=MONDAY)
        session.add(row)
        session.flush()
        return row.id

    await world.store.write(lambda session: _organisation(session))
    broadcast = await world.store.write(add)
    ids = [await world.write(address, "news", "broadcast", broadcast_id=broadcast) for address in addresses]

    def recipients(session: Session) -> None:
        for person_id, written in zip(people, ids, strict=True):
            session.add(Recipient(broadcast_id=broadcast, person_id=person_id, outgoing_id=written))

    await world.store.write(recipients)
    world.outbox.sweep()
    await world.pass_time(5)

    def read(session: Session) -> list[str]:
        return [row.state for row in session.query(Recipient).order_by(Recipient.id)]

    assert await world.store.read(read) == ["sent", "failed", "failed", "unsure"]
    assert not [note for note in await world.notes() if note[0] == "unsure"], "counted in the report, not noted"


def _organisation(session: Session) -> None:
    session.add(Organisation(id=1, code="demo", name={"en": "DEMO"}))


async def test_marks_survive_a_database_that_was_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mila = await world.address("mila")
    written = await world.write(mila, "hello")
    write = world.store.write
    broken = [True]

    async def sometimes(work: object) -> object:
        if broken[0]:
            raise OSError("disk full")
        return await write(work)  # type: ignore[arg-type]

    monkeypatch.setattr(world.store, "write", sometimes)
    world.outbox.wake([written])
    await world.pass_time(10)
    world.outbox.sweep()
    await world.pass_time(10)
    assert world.channel.texts == ["hello"], "it was sent, so it is not sent again while the mark cannot be written"
    broken[0] = False
    await world.pass_time(10)
    assert await world.states(written) == ["sent"]


async def test_nothing_is_begun_after_stop_and_what_is_under_way_is_marked(world: World) -> None:
    mila, stefan = await world.address("mila"), await world.address("stefan")
    world.channel.gate = asyncio.Event()
    under_way = await world.say(mila, "one", "reminder")
    await asyncio.sleep(0.05)
    waiting = await world.write(stefan, "two", "reminder")
    asyncio.get_running_loop().call_later(0.05, world.channel.gate.set)
    await world.outbox.stop()
    world.outbox.wake([waiting])
    await asyncio.sleep(0.02)
    assert await world.states(under_way, waiting) == ["sent", "waiting"]


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
