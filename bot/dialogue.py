"""One arrival, one transaction: dedupe, lock, turn, deeds, replies. Nothing here sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.deeds import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.knowing import me_of
from bot.language.tongue import spoken, tongue
from bot.links import Opening, resolve
from bot.sender import Place, Who, again, hear_from, keep_state, left, remember, sender_of
from bot.telling import Rules, queue, queued
from conversations.engine import Engine, Turn
from conversations.questions import free
from conversations.script import Json
from conversations.speech import Attachment, Done, Heard, Say, Text, _
from conversations.standing import StandingAction
from conversations.state import State
from handlers.channel import Arrival
from models import code
from models.conversation import Standing
from models.message import Note, StoredAttachment
from models.sending import Due, older_than

IDLE = timedelta(days=1)
"""After so much silence people are asked whether to go on."""
KEEP_ATTACHMENT = timedelta(hours=48)
DEEDS_MOST = 20
"""The most deeds one arrival may lead to; more is a circle in a script."""

_GONE_BUTTON = _("This button has had its time. Here is where we are:")
_UNKNOWN_LINK = _("This link or code does not work any more. Ask for a new one, or look around:")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an arrival: `outgoing` are the ids of the messages to send now that it is committed.

    `replies` are those of them that go back to who wrote, as they were written, and `older` the ones that
    this address is still to get before them.
    """

    outgoing: tuple[int, ...] = ()
    duplicate: bool = False
    replies: tuple[Due, ...] = ()
    older: tuple[int, ...] = ()


class Dialogue:
    """Takes arrivals, one transaction each. Knows no channel and no event loop."""

    def __init__(self, engine: Engine, standing: Mapping[str, StandingAction], rules: Rules) -> None:
        self.engine = engine
        self.standing = standing
        self.rules = rules

    def take(self, session: Session, arrival: Arrival, now: datetime) -> Taken:
        """Take one arrival within the caller's transaction. A known message id has no effect."""
        if not remember(session, arrival, now):
            return Taken(duplicate=True)
        if arrival.event in ("ignored", "delivered", "failed"):
            return Taken()
        who, place = sender_of(session, arrival, now, self.rules)
        if arrival.event == "left":
            left(session, place.address_id, "left")
            return Taken()
        idle = place.last_heard_at is not None and now - place.last_heard_at > IDLE
        hear_from(session, place, now)
        if arrival.event == "returned":
            return Taken()
        turn = _Turning(self, session, arrival, place, who, now)
        turn.take(idle=idle)
        state = (State(asked=turn.state.asked) if turn.who.erased_at is not None else turn.state).to_json()
        session.flush()
        keep_state(session, place, state, now)
        replies = tuple(turn.replies)
        older = older_than(session, now, place.address_id, replies[0].id) if replies else ()
        return Taken(tuple(turn.doing.outgoing), replies=replies, older=older)

    def quarantine(self, session: Session, arrival: Arrival, now: datetime, reason: str) -> Taken:
        """Set aside an arrival whose turn failed: the person gets an apology and a way on, staff a note.

        `reason` is the name of the error, never its text.
        """
        if not remember(session, arrival, now, state="quarantined", reason=reason):
            return Taken(duplicate=True)
        who, place = sender_of(session, arrival, now, self.rules)
        session.add(Note(kind="quarantined", about=f"{arrival.channel}: {reason}", created_at=now))
        apology = Say(_("Something went wrong on our side, and we have been told. Please go on from the menu."))
        written = queue(session, now, place.address_id, spoken(free(apology), tongue(who.tag)), "reply")
        return Taken((written,))


class _Turning:
    """The turn of one arrival, with the deeds it asks for."""

    def __init__(
        self,
        house: Dialogue,
        session: Session,
        arrival: Arrival,
        place: Place,
        who: Who,
        now: datetime,
    ) -> None:
        self.house, self.session, self.arrival, self.now = house, session, arrival, now
        self.place, self.who, self.state = place, who, State.from_json(place.stored)
        self.doing = Doing(session, now, house.rules, who.id, place.address_id, arrival.channel)
        self.says: list[Say] = []
        self.replies: list[Due] = []
        self._facts: KnownFacts | None = None

    @property
    def facts(self) -> KnownFacts:
        """Facts as they are after what has been done so far."""
        if self._facts is None:
            me = me_of(self.session, self.who)
            self._facts = KnownFacts(
                Lookup(self.session, self.now, me, self.house.rules, self.place.address_id, self.arrival.channel)
            )
        return self._facts

    def take(self, *, idle: bool) -> None:
        engine, arrival = self.house.engine, self.arrival
        speak = tongue(self.who.tag)
        if arrival.event == "opened":
            opening = self.opening(arrival.link) if arrival.link else None
            if opening is not None:
                self.run(engine.open(self.state, opening[0], self.facts, speak, opening[1]))
            elif arrival.link:
                self.says.append(Say(_UNKNOWN_LINK))
                self.run(engine.opened(replace(self.state, frames=()), self.facts, speak))
            else:
                self.run(engine.opened(self.state, self.facts, speak))
        elif arrival.heard.tap.startswith("s."):
            self.stand(arrival.heard.tap[2:])
        else:
            self.run(engine.turn(self.state, self._heard(), self.facts, speak, idle=idle))
        self.reply()

    def opening(self, link: str) -> Opening | None:
        """What a deep link opens. Codes are for who has one: guessing is counted, and after too much of it all are
        unknown.
        """
        opening = resolve(self.session, link)
        if opening is not None and "code" not in opening[1]:
            return opening
        if code.blocked(self.session, self.now, self.who.id):
            return None
        if opening is None:
            code.wrong(self.session, self.now, self.who.id)
        return opening

    def _heard(self) -> Heard:
        """What was heard, with its attachment stored and named by the id it is stored under."""
        sent = self.arrival.heard.attachment
        if sent is None or sent.content is None or sent.kind not in ("photo", "file", "voice"):
            return self.arrival.heard
        row = StoredAttachment(
            person_id=self.who.id,
            kind=sent.kind,
            name=sent.name[:120],
            media_type=sent.media_type[:80],
            content=sent.content,
            created_at=self.now,
            keep_until=self.now + KEEP_ATTACHMENT,
        )
        self.session.add(row)
        self.session.flush()
        stored = Attachment(sent.kind, row.name, row.media_type, len(sent.content), ref=str(row.id))
        return replace(self.arrival.heard, attachment=stored)

    def run(self, turn: Turn) -> None:
        """Follow a turn to its end: perform what it asks for and tell the engine how that ended."""
        for _deed in range(DEEDS_MOST):
            self.state = turn.state
            self.says.extend(turn.says)
            for deed in turn.deeds:
                self.perform(deed)
            if turn.asks is None:
                return
            done = self.perform(turn.asks)
            if self.who.erased_at is not None:  # nothing to go back to
                self.state = replace(self.state, frames=self.state.frames[-1:], paused=None)
            turn = self.house.engine.turn(self.state, done, self.facts, tongue(self.who.tag))
        raise RuntimeError("a script asks for deeds without end")

    def perform(self, deed: object) -> Done:
        done = perform(self.doing, deed)  # type: ignore[arg-type]  # turns carry deeds
        self.session.flush()
        self._facts, self.who = None, again(self.session, self.who)
        return done

    def stand(self, token: str) -> None:
        """A standing button: authorised again, performed beside the conversation in progress."""
        engine = self.house.engine
        row = self.session.get(Standing, token, with_for_update=True)
        action = self.house.standing.get(row.action) if row else None
        if row is None or action is None or row.person_id != self.who.id or row.expires_at <= self.now:
            self.says.append(Say(_GONE_BUTTON))
            self.run(engine.repeat(self.state, self.facts, tongue(self.who.tag)))
            return
        if action.single_use and row.used_at is not None:
            return
        row.used_at = self.now
        if action.opens:
            self.run(engine.open(self.state, action.opens, self.facts, tongue(self.who.tag), row.about))
            return
        if action.deed is None:  # a StandingAction does or opens: refused when it was built
            raise RuntimeError(f"standing action {action.name} does nothing")
        done = self.perform(action.deed(row.about))
        answer = action.says[done.outcome]
        about: dict[str, Json] = {**row.about, **done.details, "outcome": done.outcome}
        said = answer if isinstance(answer, Text) else answer(about)
        self.says.append(said if isinstance(said, Say) else Say(said))

    def reply(self) -> None:
        """Write what is to be said to the outbox, in the person's language as it is by now."""
        speak = tongue(self.who.tag)
        sender = self.arrival.sender.external_id
        for say in self.says:
            edits = self.arrival.shown_id if say.replaces else ""
            written = queued(
                self.session, self.now, self.place.address_id, self.arrival.channel, sender, spoken(say, speak), edits
            )
            self.doing.outgoing.append(written.id)
            self.replies.append(written)
