"""What was said without a name must not be found beside one: whatever of it stands with a person here is forgotten.

Decision 0086 lists the places: the replies in the outbox (ticked answers), the lines of the web chat, what other chats
of the person had begun of the same, and voice notes, which are stored with whoever sent them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.doing import Doing
from conversations.engine.state import Frame, State
from conversations.steps import Json
from models.messages.conversation import Talk
from models.messages.message import Outgoing, StoredAttachment
from models.messages.webchat import CHANNEL, WebLine
from models.who.people import Address


def unlink(doing: Doing, conversation: str, about: Mapping[str, Json], since: datetime) -> None:
    """Forget what stands beside the person of a talk begun at `since` (UTC): what they said, and what showed it."""
    session = doing.session
    session.flush()
    mine = select(Address.id).where(Address.person_id == doing.person_id)
    session.execute(
        update(Outgoing)
        .where(
            Outgoing.address_id.in_(mine),
            Outgoing.kind == "reply",
            Outgoing.state.in_(("sent", "failed", "cancelled")),
        )
        .values(body={})
        .execution_options(synchronize_session=False)
    )
    web = select(Address.external_id).where(Address.person_id == doing.person_id, Address.channel == CHANNEL)
    session.execute(
        delete(WebLine)
        .where(WebLine.external_id.in_(web), WebLine.at >= since)
        .execution_options(synchronize_session=False)
    )
    for talk in session.scalars(select(Talk).where(Talk.address_id.in_(mine), Talk.address_id != doing.address_id)):
        talk.state = _without(State.from_json(talk.state), conversation, about).to_json()
    session.flush()


def _without(state: State, conversation: str, about: Mapping[str, Json]) -> State:
    def same(frame: Frame | None) -> bool:
        return (
            frame is not None
            and frame.conversation == conversation
            # an id is a number where a button brought it, a word where it was chosen
            and all(str(frame.answers.get(name)) == str(value) for name, value in about.items())
        )

    frames = tuple(frame for frame in state.frames if not same(frame))
    paused = None if same(state.paused) else state.paused
    stopped = None if same(state.stopped) else state.stopped
    return replace(state, frames=frames, paused=paused, stopped=stopped, last=(0, ""))


def forget_files(doing: Doing, rows: Iterable[StoredAttachment]) -> None:
    """What was taken over is not kept with whoever sent it."""
    for row in rows:
        doing.session.delete(row)
    doing.session.flush()
