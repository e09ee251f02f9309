"""One arrival, one transaction: dedupe, lock, turn, deeds, replies. Nothing here sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.arriving.answering import answer_with, answered_with, as_one
from bot.arriving.knowing import me_of
from bot.arriving.links import COMMON, Opening, common, resolve
from bot.arriving.sender import Place, Who, again, hear_from, is_back, keep_state, left, remember, sender_of
from bot.campaigns.reach import count_link, count_tap
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.language.tongue import spoken, tongue
from bot.telling import Rules, queue, queued
from conversations.engine.engine import Engine, Turn
from conversations.engine.questions import free
from conversations.engine.state import State
from conversations.speech import Attachment, Done, Heard, Say, Spoken, Text, _
from conversations.standing import StandingAction
from conversations.steps import Json
from handlers.channel import Arrival
from models import code
from models.messages import receipts
from models.messages.conversation import Standing
from models.messages.message import Note, StoredAttachment
from models.messages.sending import Due, note, older_than

RECEIPTS = ("delivered", "seen", "failed")
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
        turn = _Turning(self, session, arrival, place, who, now)
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


def stored(session: Session, now: datetime, person_id: int, heard: Heard) -> Heard:
    """What was heard, with its attachment stored and named by the id it is stored under."""
    sent = heard.attachment
    if sent is None or sent.content is None or sent.kind not in ("photo", "file", "voice"):
        return heard
    row = StoredAttachment(
        person_id=person_id,
        kind=sent.kind,
        name=sent.name[:120],
        media_type=sent.media_type[:80],
        content=sent.content,
        created_at=now,
        keep_until=now + KEEP_ATTACHMENT,
    )
    session.add(row)
    session.flush()
    kept = Attachment(sent.kind, row.name, row.media_type, len(sent.content), ref=str(row.id))
    return replace(heard, attachment=kept)


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
        self.answer: Spoken | None = None
        self.parted = False
        """True once the address has left its person: whoever writes from it is somebody new."""
        self._facts: KnownFacts | None = None

    @property
    def facts(self) -> KnownFacts:
        """Facts as they are after what has been done so far."""
        if self._facts is None:
            me = replace(me_of(self.session, self.who), observed=self.place.holder is not None)
            self._facts = KnownFacts(
                Lookup(self.session, self.now, me, self.house.rules, self.place.address_id, self.arrival.channel)
            )
        return self._facts

    def take(self, *, idle: bool, opens: Opening | None = None) -> None:
        engine, arrival = self.house.engine, self.arrival
        speak = tongue(self.who.tag)
        if opens is not None:
            self.run(engine.open(self.state, opens[0], self.facts, speak, opens[1]))
        elif arrival.event == "opened":
            opening = self.opening(arrival.link) if arrival.link else None
            if opening is not None:
                count_link(self.doing, *opening)
                self.run(engine.open(self.state, opening[0], self.facts, speak, opening[1]))
            elif arrival.link:
                self.says.append(Say(_UNKNOWN_LINK))
                self.run(engine.opened(replace(self.state, frames=()), self.facts, speak))
            else:
                self.run(engine.opened(self.state, self.facts, speak))
        elif arrival.heard.tap.startswith("s."):
            self.stand(arrival.heard.tap[2:])
        elif arrival.heard.tap.startswith(COMMON):
            self.look(arrival.heard.tap)
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

    def look(self, tap: str) -> None:
        """A button that is the same for everybody: it opens what was published, as a link to it does."""
        opening = common(self.session, tap)
        if opening is None:
            self.says.append(Say(_GONE_BUTTON))
            self.run(self.house.engine.repeat(self.state, self.facts, tongue(self.who.tag)))
            return
        count_tap(self.doing, tap)
        self.run(self.house.engine.open(self.state, opening[0], self.facts, tongue(self.who.tag), opening[1]))

    def _heard(self) -> Heard:
        return stored(self.session, self.now, self.who.id, self.arrival.heard)

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
            if self.parted or self.who.erased_at is not None:  # nothing to go back to
                self.state = replace(self.state, frames=self.state.frames[-1:], paused=None, stopped=None)
            turn = self.house.engine.turn(self.state, done, self.facts, tongue(self.who.tag), warned_of=turn.warned)
        raise RuntimeError("a script asks for deeds without end")

    def perform(self, deed: object) -> Done:
        done = perform(self.doing, deed)  # type: ignore[arg-type]  # turns carry deeds
        self.session.flush()
        who = again(self.session, self.place)
        self.parted |= who.id != self.who.id
        self._facts, self.who, self.doing.person_id = None, who, who.id
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
        if self.arrival.inline:
            self.answer = as_one([spoken(say, speak) for say in self.says])
            if self.answer is not None:
                answer_with(self.session, self.now, self.arrival, self.place.address_id, self.answer)
            return
        sender = self.arrival.sender.external_id
        for say in self.says:
            edits = self.arrival.shown_id if say.replaces else ""
            written = queued(
                self.session, self.now, self.place.address_id, self.arrival.channel, sender, spoken(say, speak), edits
            )
            self.doing.outgoing.append(written.id)
            self.replies.append(written)
