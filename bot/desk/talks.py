"""Conversations of members at the desk: each at the place where it is held, and none that others may not read there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.links import Opening
from bot.arriving.sender import Place, again, sender_of
from bot.desk.acting import Act
from bot.dialogue import Dialogue, Taken
from conversations.engine.state import State
from conversations.engine.walking import ALONE
from conversations.speech import Spoken
from handlers.desk.arriving import DeskArrival
from models.caring import desk, desk_people
from models.caring.desk import DeskGroup
from models.messages.conversation import Talk
from models.who.people import Address
from models.who.staff import only_in


class Talks:
    """Lets the dialogue hold the members' own conversations, in a group and in private."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def converse(self, act: Act, opens: tuple[str, dict[str, object]] | None = None) -> Taken:
        """A turn of the member's own conversation, at the place where it was said."""
        arrival, doing = act.arrival, act.doing
        opening: Opening | None = (opens[0], opens[1]) if opens is not None else None
        if not arrival.place:
            taken = self.in_private(doing.session, arrival, doing.now, opening)
        else:
            key, place = self.place(act)
            here = replace(arrival, sender=replace(arrival.sender, external_id=key))
            found = self._in_group(act, here, place, opening)
            if found is None:
                return Taken(tuple(doing.outgoing), answer=Spoken(act.answer) if act.answer else None)
            taken = found
        before = tuple(act.doing.outgoing)
        return replace(taken, outgoing=(*before, *taken.outgoing))

    def _in_group(self, act: Act, here: DeskArrival, place: Place, opens: Opening | None) -> Taken | None:
        """A turn where others read along. One that leads to what they may not see is undone, and None."""
        session = act.doing.session
        who = again(session, place)
        attempt = session.begin_nested()
        with only_in(session, act.group.organisation_id):
            taken = self._dialogue.converse(session, here, who, place, act.doing.now, opens)
        stored = session.scalars(select(Talk.state).where(Talk.address_id == place.address_id)).first()
        if all(self.is_open(act.group, frame.conversation) for frame in State.from_json(stored).frames):
            attempt.commit()
            return taken
        attempt.rollback()
        act.tell(ALONE)
        return None

    def is_open(self, group: DeskGroup, name: str) -> bool:
        """Whether a conversation may be held in a group: of all staff, and none that shows what only some may see."""
        talk = self._dialogue.engine.scripts.by_name.get(name)
        role = "safeguarding" if group.kind == "safety" else "staff"
        return talk is not None and talk.role == role and not talk.alone

    def in_private(self, session: Session, arrival: DeskArrival, now: datetime, opens: Opening | None = None) -> Taken:
        """In a private chat the desk is one more address of the member: of whoever they are on the public bot."""
        known = desk_people.person_of(session, arrival.sender.external_id)
        if known is not None:
            desk.place(session, now, known.id, arrival.sender.external_id)
        who, place = sender_of(session, arrival, now, self._dialogue.rules)
        return self._dialogue.converse(session, arrival, who, place, now, opens)

    @staticmethod
    def place(act: Act) -> tuple[str, Place]:
        """The member's own address at the place where something was said, locked; in a private chat theirs alone."""
        session, arrival = act.doing.session, act.arrival
        user = arrival.sender.external_id
        key = f"{user}@{arrival.place}" if arrival.place else user
        owner = act.group.room_id if arrival.place else act.person.id
        address_id = desk.place(session, act.doing.now, owner, key)
        found = session.execute(
            select(Address.last_heard_at, Talk.state)
            .outerjoin(Talk, Talk.address_id == Address.id)
            .where(Address.id == address_id)
            .with_for_update(of=Address)
        ).one()
        if not arrival.place:
            return key, Place(address_id, found[0], found[1])
        return key, Place(address_id, found[0], found[1], act.person.id, act.group.tag)
