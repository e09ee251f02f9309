"""The turn of one arrival: the engine hears it, what the engine asks for is done, and what it says is written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot.arriving.answering import answer_with, as_one
from bot.arriving.keeping_attachments import stored
from bot.arriving.knowing import me_of
from bot.arriving.last_shown import shown_since, still_good
from bot.arriving.links import COMMON, Opening, common, resolve
from bot.arriving.sender import Place, Who, again
from bot.campaigns.reach import count_link, count_tap
from bot.deeds.every import perform
from bot.doing import Doing
from bot.facts import KnownFacts, Lookup
from bot.language.tongue import spoken, tongue
from bot.telling import Rules, queued
from conversations.engine.beside import FIRST, LABEL_MOST
from conversations.engine.engine import Engine, Turn
from conversations.engine.shown import numbered, seen_beside, ways_of
from conversations.engine.state import State
from conversations.speech import Done, Heard, Say, Spoken, Text, _
from conversations.standing import StandingAction
from conversations.steps import Json
from handlers.channel import Arrival
from models import code
from models.messages.conversation import Standing
from models.messages.sending import Due

DEEDS_MOST = 20
"""The most deeds one arrival may lead to; more is a circle in a script."""
_GONE_BUTTON = _("This button has had its time. Here is where we are:")
_UNKNOWN_LINK = _("This link or code does not work any more. Ask for a new one, or look around:")


class House(Protocol):
    """What a turn needs of the dialogue that takes it."""

    engine: Engine
    standing: Mapping[str, StandingAction]
    rules: Rules


class Turning:
    """The turn of one arrival, with the deeds it asks for."""

    def __init__(
        self,
        house: House,
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
            me = me_of(self.session, self.who, observed=self.place.holder is not None)
            self._facts = KnownFacts(
                Lookup(self.session, self.now, me, self.house.rules, self.place.address_id, self.arrival.channel)
            )
        return self._facts

    def take(self, *, idle: bool, opens: Opening | None = None) -> None:
        """Take the whole turn; `idle` after a day of silence, `opens` in place of what was heard."""
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
                frames = () if self.facts.me.welcomed else self.state.frames
                self.run(engine.opened(replace(self.state, frames=frames), self.facts, speak))
            else:
                self.run(engine.opened(self.state, self.facts, speak))
        elif arrival.heard.tap:
            self.press(arrival.heard.tap)
        else:
            self.hear(arrival.heard.text, idle=idle)
        self.reply()

    def press(self, tap: str) -> None:
        """A button was tapped."""
        if tap.startswith("s."):
            self.stand(tap[2:])
        elif tap.startswith(COMMON):
            self.look(tap)
        else:
            self.run(self.house.engine.turn(self.state, Heard(tap=tap), self.facts, tongue(self.who.tag)))

    def hear(self, words: str, *, idle: bool) -> None:
        """Something was written or sent. A number counts what was seen last, and words name it, be it unasked."""
        engine, speak = self.house.engine, tongue(self.who.tag)
        word = (speak.word(words) or "") if 0 < len(words) <= LABEL_MOST else None
        if word == "back" or (word is not None and word not in FIRST):
            self.look_back(word)
            tap = engine.pointed(self.state, words, self.facts, speak)
            if tap.startswith(("s.", *COMMON)):
                self.press(tap)
                return
        self.run(engine.turn(self.state, self._heard(), self.facts, speak, idle=idle))

    def look_back(self, word: str) -> None:
        """What was seen last is what came since the last turn. `word` is the global word that was written, or ""."""
        came = shown_since(self.session, self.place.address_id)
        if came is not None:
            self.state = seen_beside(self.state, came.taps, came.ways)
        if self.state.ways:
            good = still_good(self.session, self.now, self.house.standing, self.state.ways, word)
            self.state = replace(self.state, ways=good)

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
        """Do one thing that was asked for; from then on facts and the person are as they are after it."""
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
        text = answer if isinstance(answer, Text) else answer(about)
        said = text if isinstance(text, Say) else Say(text)
        self.says.append(said)
        ways = ways_of(spoken(said, tongue(self.who.tag)).buttons)
        self.state = seen_beside(replace(self.state, ways=()), numbered(said.buttons), ways)

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
