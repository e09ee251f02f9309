"""What is looked at once more before it goes: too late, stopped, called off; and in which form it goes."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from conversations.speech import Spoken, SpokenButton
from models.campaigns.broadcast import Broadcast, Recipient
from models.messages.message import StoredAttachment
from models.messages.reminder import Reminder
from models.offers.programme import Organisation
from models.who.people import Person
from tests.bot.outbox.kit import a_reminder, reminder_of
from tests.bot.running.runtime_kit import MONDAY, World, again


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
