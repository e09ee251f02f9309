"""The engine: a pure function from (where a person is, what was heard, facts) to (where, what to say, deeds)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conversations.checking import targets
from conversations.deeds import Deed
from conversations.engine.beside import pointed
from conversations.engine.danger import warned
from conversations.engine.hearing import arrived, tapped, worded
from conversations.engine.returning import repeat
from conversations.engine.state import Frame, State
from conversations.engine.walking import Turn, Walk
from conversations.facts import Facts
from conversations.script import Conversation, Scripts
from conversations.speech import Done, Heard, Tongue
from conversations.steps import BadScript, Choose, Do, Json, Open

__all__ = ["Engine", "Turn"]


class Engine:
    """Holds any of the given conversations. Sends nothing, stores nothing, knows no clock.

    `home` is the menu, `welcome` what newcomers meet first, `relay` where things go that only a person
    can look at (a voice note out of the blue).
    """

    def __init__(
        self,
        conversations: tuple[Conversation, ...],
        *,
        home: str = "menu",
        welcome: str = "welcome",
        relay: str = "talk",
        concern: type[Deed] | None = None,
    ) -> None:
        by_name = {talk.name: talk for talk in conversations}
        if len(by_name) != len(conversations):
            raise BadScript("two conversations share a name")
        self.scripts = Scripts(
            by_name,
            {word: talk for talk in conversations for word in (talk.word, *talk.wishes) if word},
            frozenset(word for talk in conversations for word in talk.wishes),
            {talk.command: talk for talk in conversations if talk.command},
            home,
            welcome,
            relay,
            concern,
        )
        for talk in conversations:
            self._check_openings(talk)

    def _check_openings(self, talk: Conversation) -> None:
        for step in talk.steps:
            for target in targets(step):
                if isinstance(target, Open) and target.conversation not in self.scripts.by_name:
                    raise BadScript(
                        f"{talk.name!r}, step {step.name!r}: opens {target.conversation!r}, which is nowhere"
                    )

    # ------------------------------------------------------------ turns

    def turn(
        self,
        state: State,
        heard: Heard | Done,
        facts: Facts,
        tongue: Tongue,
        *,
        idle: bool = False,
        warned_of: bool = False,
    ) -> Turn:
        """Take what was heard. `idle` says that the person was silent for more than a day, `warned_of` that the card
        of an emergency has just been shown: the deed was asked for in the same breath.
        """
        walk = Walk(self.scripts, self._mended(state), facts, tongue)
        walk.warned = warned_of
        if isinstance(heard, Done):
            walk.kept = walk.ways  # of what was said before the deed, in the same turn
            walk.deed_done(heard)
        elif walk.state.top is not None and walk.state.top.draft.get("restarted"):
            warned(walk, heard.text)
            walk.walk(seeded=True)
        elif heard.tap:
            tapped(walk, heard.tap)
        else:
            worded(walk, heard, idle=idle)
        return walk.turn()

    def open(
        self,
        state: State,
        conversation: str,
        facts: Facts,
        tongue: Tongue,
        seed: Mapping[str, Json] | None = None,
    ) -> Turn:
        """Open a conversation on top of whatever is being held: a deep link, a standing button."""
        walk = Walk(self.scripts, self._mended(state), facts, tongue)
        walk.open(Open(conversation), seed or {})
        return walk.turn()

    def opened(self, state: State, facts: Facts, tongue: Tongue) -> Turn:
        """The chat was opened without words: the welcome, "shall we go on?", or the menu."""
        walk = Walk(self.scripts, self._mended(state), facts, tongue)
        arrived(walk)
        return walk.turn()

    def repeat(self, state: State, facts: Facts, tongue: Tongue) -> Turn:
        """Ask once more what is being asked, if anything is."""
        walk = Walk(self.scripts, self._mended(state), facts, tongue)
        repeat(walk, None)
        return walk.turn()

    def pointed(self, state: State, words: str, facts: Facts, tongue: Tongue) -> str:
        """The payload of the button that a number counts, or that words name, among what was shown last; "" where
        that is none, is not sure, or is an answer to the present question. Payloads that this engine does not know
        are for whoever made the button.
        """
        return pointed(Walk(self.scripts, self._mended(state), facts, tongue), words)

    # ------------------------------------------------------------ after a deploy

    def _mended(self, state: State) -> State:
        """Frames of conversations or steps that are no more: restarted with the answers that still fit."""
        frames = tuple(mended for frame in state.frames if (mended := self._mend(frame)) is not None)
        paused = self._mend(state.paused) if state.paused else None
        stopped = self._mend(state.stopped) if state.stopped else None
        if (frames, paused, stopped) == (state.frames, state.paused, state.stopped):
            return state
        return replace(state, frames=frames, paused=paused, stopped=stopped)

    def _mend(self, frame: Frame) -> Frame | None:
        talk = self.scripts.by_name.get(frame.conversation)
        if talk is None:
            return None
        if talk.step(frame.step) is not None:
            return frame
        kept = {name: answer for name, answer in frame.answers.items() if fits(talk, name, answer)}
        return Frame(frame.conversation, talk.steps[0].name, kept, draft={"restarted": True})


def fits(talk: Conversation, name: str, answer: Json) -> bool:
    """True if a kept answer could be given today: seeds always fit, choices only if still on offer."""
    step = talk.step(name)
    if isinstance(step, Choose) and not callable(step.choices):
        return answer is None or answer in step.choices
    return not isinstance(step, Do)
