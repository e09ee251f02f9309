"""One arrival, one transaction: dedupe, lock, turn, deeds, replies. Nothing here sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.arriving.answering import answer_with, answered_with
from bot.arriving.links import Opening, with_link
from bot.arriving.sender import Place, Who, hear_from, is_back, keep_state, left, remember, sender_of
from bot.language.tongue import spoken, tongue
from bot.telling import Rules, queue
from bot.turning import Turning
from conversations.engine.engine import Engine
from conversations.engine.questions import free
from conversations.engine.state import State
from conversations.speech import Say, Spoken, _
from conversations.standing import StandingAction
from handlers.channel import Arrival
from models.messages import receipts
from models.messages.message import Note
from models.messages.sending import Due, note, older_than

RECEIPTS = ("delivered", "seen", "failed")
IDLE = timedelta(days=1)
"""After so much silence people are asked whether to go on."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an arrival: `outgoing` are the ids of the messages to send now that it is committed.

    `replies` are those of them that go back to who wrote, as they were written, and `older` the ones that
    this address is still to get before them. `answer` is the one message that the platform shows in its
    answer to an inline arrival. `early`: a receipt of something that may be marked as sent in a moment.
    """

    outgoing: tuple[int, ...] = ()
    duplicate: bool = False
    replies: tuple[Due, ...] = ()
    older: tuple[int, ...] = ()
    answer: Spoken | None = None
    early: bool = False


class Dialogue:
    """Takes arrivals, one transaction each. Knows no channel and no event loop."""

    def __init__(self, engine: Engine, standing: Mapping[str, StandingAction], rules: Rules) -> None:
        self.engine = engine
        self.standing = standing
        self.rules = rules

    def take(self, session: Session, arrival: Arrival, now: datetime) -> Taken:
        """Take one arrival within the caller's transaction. A known message id has no effect."""
        if arrival.event in RECEIPTS:
            return self._receipt(session, arrival, now)
        if not remember(session, arrival, now):
            return known(session, arrival)
        if arrival.event == "ignored":
            return Taken()
        arrival = with_link(arrival)
        who, place = sender_of(session, arrival, now, self.rules)
        if arrival.event == "left":
            return Taken(tuple(left(session, place.address_id, "left")))
        return self.converse(session, arrival, who, place, now)

    def limits(self, _arrival: Arrival) -> bool:
        """Everybody who talks here is one person."""
        return True

    def converse(
        self, session: Session, arrival: Arrival, who: Who, place: Place, now: datetime, opens: Opening | None = None
    ) -> Taken:
        """A turn of somebody who is known, at a place that is locked for it; `opens` is begun there instead of it."""
        idle = place.last_heard_at is not None and now - place.last_heard_at > IDLE
        if arrival.inline or arrival.event == "returned":
            is_back(session, place)
        else:
            hear_from(session, place, now)
        if arrival.event == "returned":
            return Taken()
        turn = Turning(self, session, arrival, place, who, now)
        turn.take(idle=idle, opens=opens)
        over = turn.parted or turn.who.erased_at is not None
        state = (State(asked=turn.state.asked) if over else turn.state).to_json()
        session.flush()
        keep_state(session, place, state, now)
        replies = tuple(turn.replies)
        older = older_than(session, now, place.address_id, replies[0].id) if replies else ()
        return Taken(tuple(turn.doing.outgoing), replies=replies, older=older, answer=turn.answer)

    @staticmethod
    def _receipt(session: Session, arrival: Arrival, now: datetime) -> Taken:
        """What the platform tells of a message of ours. It has no effect twice, so the inbox need not know it."""

        def tell(about: str, outgoing_id: int) -> None:
            note(session, now, "refused", about, outgoing_id)

        came = receipts.receive(
            session,
            now,
            arrival.channel,
            arrival.sender.external_id,
            arrival.shown_id,
            arrival.event,
            arrival.reason,
            tell,
        )
        return Taken(early=came == "early")

    def quarantine(self, session: Session, arrival: Arrival, now: datetime, reason: str) -> Taken:
        """Set aside an arrival whose turn failed: the person gets an apology and a way on, staff a note.

        `reason` is the name of the error, never its text.
        """
        if not remember(session, arrival, now, state="quarantined", reason=reason):
            return known(session, arrival)
        who, place = sender_of(session, arrival, now, self.rules)
        session.add(Note(kind="quarantined", about=f"{arrival.channel}: {reason}", created_at=now))
        apology = Say(_("Something went wrong on our side, and we have been told. Please go on from the menu."))
        return say_back(session, arrival, now, place.address_id, spoken(free(apology), tongue(who.tag)))


def known(session: Session, arrival: Arrival) -> Taken:
    """An arrival that came before has no effect; what was shown in the answer to it is shown again."""
    return Taken(duplicate=True, answer=answered_with(session, arrival) if arrival.inline else None)


def say_back(session: Session, arrival: Arrival, now: datetime, address_id: int, message: Spoken) -> Taken:
    """One message to whoever an arrival came from: in the answer to it, where the platform wants that."""
    if arrival.inline:
        answer_with(session, now, arrival, address_id, message)
        return Taken(answer=message)
    return Taken((queue(session, now, address_id, message, "reply"),))
