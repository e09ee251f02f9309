"""What the tests of the outbox share."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.messages.reminder import Reminder
from tests.bot.running.runtime_kit import MONDAY, World


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
