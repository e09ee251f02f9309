"""Walking through conversations: from step to step, opening and ending them, and asking what is to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conversations.deeds import Deed
from conversations.engine.answers import Answered, Elsewhere, Still, Taken
from conversations.engine.newcomers import LATER, glimpse, put_off, taken_up
from conversations.engine.questions import ask, asks_nothing, free, question_now
from conversations.engine.shown import seen
from conversations.engine.state import Frame, State, Way
from conversations.facts import Facts
from conversations.script import Conversation, Scripts
from conversations.speech import Button, Done, Say, Text, Tongue, _
from conversations.steps import (
    Attach,
    BadScript,
    Browse,
    Choose,
    Confirm,
    Do,
    Each,
    End,
    Goto,
    Here,
    Json,
    Open,
    Step,
    Tell,
    Write,
)

LONGEST = 200
"""The most steps one turn may walk; more is a circle in a script."""

ALONE = _("That is yours alone. Write it to me in a private chat.")
_RESTARTED = _("Something has changed here, so we start this again. Your answers are kept where they fit.")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn came to. `asks` is a deed whose outcome the engine must be told next, with `warned` as it is."""

    state: State
    says: tuple[Say, ...] = ()
    deeds: tuple[Deed, ...] = ()
    asks: Deed | None = None
    warned: bool = False


class Walk:
    """One turn in the making: where it has got to, what is to be said, which deeds it asks for."""

    def __init__(self, scripts: Scripts, state: State, facts: Facts, tongue: Tongue) -> None:
        self.scripts, self.state, self.facts, self.tongue = scripts, state, facts, tongue
        self.says: list[Say] = []
        self.deeds: list[Deed] = []
        self.asks: Deed | None = None
        self.steps = 0
        self.question: int | None = None
        """Which of what is to be said is the present question."""
        self.ways = state.ways
        """What stood beside the question when this turn began."""
        self.kept: tuple[Way, ...] = ()
        """What of it stays in sight after this turn: nothing was done but saying so."""
        self.warned = False
        """True once the card of an emergency is shown: no menu may then push its numbers off a small screen."""

    def turn(self) -> Turn:
        """What the turn came to."""
        state = seen(self.state, self.says, self.question, self.tongue)
        if self.says or self.asks is not None:
            ways = {way.tap: way for way in (*(state.ways if self.says else ()), *self.kept)}
            state = replace(state, ways=tuple(ways.values()))
        return Turn(state, tuple(self.says), tuple(self.deeds), self.asks, self.warned)

    def stand(self) -> tuple[Frame, Step, Here]:
        """The conversation being held, the step it is at, and what that step may look up."""
        frame = self.state.top
        if frame is None:
            raise BadScript("nothing is being held")
        step = self.scripts.by_name[frame.conversation].step(frame.step)
        if step is None:  # mended before every turn
            raise BadScript(f"{frame.conversation!r} has no step {frame.step!r}")
        return frame, step, Here(self.facts, frame.answers)

    def take(self, taken: Taken, *, tapped: bool = False) -> None:
        """Keep an answer and follow where it leads."""
        frame, step, _here = self.stand()
        match taken:
            case Still():
                self.state = self.state.with_top(taken.frame)
                self.ask(replaces=tapped and taken.replaces, hint=taken.hint)
            case Elsewhere():
                self.follow(taken.to)
            case Answered():
                answers = {**frame.answers, step.name: taken.value}
                trail = (*frame.trail, step.name)
                self.state = self.state.with_top(replace(frame, answers=answers, trail=trail, draft={}, misses=0))
                self.follow(self.way(step, taken.key))

    def way(self, step: Step, key: str) -> Goto | None:
        """Where a step leads; None for the step below."""
        match step:
            case End() | Tell() | Each():
                return None if isinstance(step, End) else step.otherwise
            case Confirm():
                return step.goto.get(key)
            case Choose() | Browse() | Write() | Attach() | Do():
                return step.goto.get(key, step.otherwise)
            case _:
                return step.otherwise

    def follow(self, goto: Goto | None) -> None:
        """Go where an answer leads: to a step, to another conversation, or to the step below."""
        frame = self.state.top
        if frame is None:
            return
        if isinstance(goto, Open):
            here = Here(self.facts, frame.answers)
            seed = goto.seed(here) if goto.seed else {}
            if goto.instead:
                self.state = self.state.popped()
            elif frame.trail:
                last = frame.trail[-1]
                kept = {name: answer for name, answer in frame.answers.items() if name != last}
                self.state = self.state.with_top(
                    replace(frame, step=last, answers=kept, trail=frame.trail[:-1], draft={})
                )
            self.open(goto, seed)
            return
        name = goto or self.scripts.by_name[frame.conversation].after(frame.step)
        if name is None:
            raise BadScript(f"{frame.conversation!r}: step {frame.step!r} runs off the end")
        talk = self.scripts.by_name[frame.conversation]
        # a seeded answer stays until there is another: "back" may lead to steps that look it up
        later = name not in frame.trail and any(talk.stands_above(name, step) for step in frame.trail)
        kept = {key: answer for key, answer in frame.answers.items() if key != name or later}
        trail = frame.trail[: frame.trail.index(name)] if name in frame.trail else frame.trail
        self.state = self.state.with_top(replace(frame, step=name, answers=kept, trail=trail, draft={}))
        self.walk()

    def walk(self, *, seeded: bool = False) -> None:
        """Go down from the present step to the next one that asks, or that does something."""
        while True:
            self.steps += 1
            frame, step, here = self.stand()
            if self.steps > LONGEST:
                raise BadScript(f"{frame.conversation!r} goes in circles at {frame.step!r}")
            if not isinstance(step, End) and step.when is not None and not step.when(here):
                self.skip_to(None)
                continue
            if seeded and step.name in frame.answers and not isinstance(step, End | Tell):
                answer = frame.answers[step.name]
                key = answer.get("outcome", "") if isinstance(step, Do) and isinstance(answer, dict) else answer
                way = self.way(step, key if isinstance(key, str) else "")
                if isinstance(way, Open):
                    self.follow(way)
                    return
                self.skip_to(way)
                continue
            match step:
                case Tell():
                    self.tell(step.text, here)
                    if isinstance(step.otherwise, Open):
                        self.follow(step.otherwise)
                        return
                    self.skip_to(step.otherwise)
                case Do():
                    self.asks = step.deed(here)
                    return
                case End():
                    self.end(step, here)
                    return
                case Each() if not step.over(here):
                    self.state = self.state.with_top(replace(frame, answers={**frame.answers, step.name: {}}))
                    self.skip_to(step.otherwise)
                case Browse() if not step.items(here, 0, 1).total:
                    if isinstance(step.empty, Open):
                        self.follow(step.empty)
                        return
                    self.skip_to(step.empty)
                case _:
                    self.ask()
                    return

    def skip_to(self, goto: Goto | None) -> None:
        """On to the next step without an answer; the walk goes on there."""
        frame = self.state.top
        if frame is None or isinstance(goto, Open):
            self.follow(goto)
            return
        name = goto or self.scripts.by_name[frame.conversation].after(frame.step)
        if name is None:
            raise BadScript(f"{frame.conversation!r}: step {frame.step!r} runs off the end")
        trail = frame.trail[: frame.trail.index(name)] if name in frame.trail else frame.trail
        self.state = self.state.with_top(replace(frame, step=name, trail=trail))

    def deed_done(self, done: Done) -> None:
        """Keep how a deed ended and follow where that leads."""
        frame, step, _here = self.stand()
        if not isinstance(step, Do):
            raise BadScript(f"{frame.conversation!r} waits for no deed at {frame.step!r}")
        if done.outcome not in step.does.outcomes:
            raise BadScript(f"{step.does.__name__} ended in {done.outcome!r}, which it does not declare")
        answers = {**frame.answers, step.name: {**done.details, "outcome": done.outcome}}
        self.state = self.state.with_top(replace(frame, answers=answers, draft={}))
        self.follow(self.way(step, done.outcome))

    def open(self, to: Open, seed: Mapping[str, Json]) -> None:
        """Open a conversation on top. A newcomer is welcomed first, and comes to it afterwards."""
        talk = self.scripts.by_name[to.conversation]
        if talk.alone and self.facts.me.observed:
            self.says.append(Say(ALONE))
            if self.state.top is not None:
                self.ask()
            return
        if not self.facts.me.welcomed and not talk.open_to_all:
            if put_off(self, talk, seed):
                return
            talk, seed = self.scripts.by_name[self.scripts.welcome], {}
        if talk.name == self.scripts.home:
            self.state = replace(self.state, frames=())
        if self.state.stopped is not None and self.state.stopped.conversation == talk.name:
            self.state = replace(self.state, stopped=None)
        frames = tuple(frame for frame in self.state.frames if frame.conversation != talk.name)
        left = self.left_of(talk, seed)
        if left is not None:
            paused = None if self.state.paused is left else self.state.paused
            self.state = replace(self.state, frames=frames, paused=paused).pushed(left)
            self.ask()
            return
        self.state = replace(self.state, frames=frames).pushed(Frame(talk.name, talk.steps[0].name, dict(seed)))
        asks = self.facts.asks() if talk.name == self.scripts.home else ""
        if asks:  # on top of the menu, which is there when it is answered, put off or gone back from
            first = self.scripts.by_name[asks].steps[0]
            self.state = self.state.pushed(Frame(asks, first.name))
        self.walk(seeded=True)

    def left_of(self, talk: Conversation, seed: Mapping[str, Json]) -> Frame | None:
        """Where a conversation that can be taken up again was left, if it was about the same."""
        known = [frame for frame in (*self.state.frames, self.state.paused) if frame is not None]
        about = talk.opened_about(seed)
        same = [
            one
            for one in known
            if one.conversation == talk.name
            and talk.opened_about(one.answers) == about
            and all(one.answers.get(name) == value for name, value in seed.items())
        ]
        return same[-1] if talk.resumes and same and same[-1].trail + tuple(same[-1].draft) else None

    def leads_back(self) -> bool:
        """True where "back" leads to another question: not from the first one that a newcomer meets."""
        frame, step, _here = self.stand()
        if frame.trail or frame.draft.get("near") or frame.draft.get("answers"):
            return True
        if frame.conversation == self.scripts.welcome:
            return False
        first = self.scripts.by_name[self.scripts.welcome].steps[0] if not self.facts.me.welcomed else None
        return len(self.state.frames) > 1 or step is not first

    def resume(self, hint: Text | None = None) -> None:
        """Take up the conversation that lies below: one that was put off is walked from its start, one whose question
        was answered meanwhile goes on behind it.
        """
        frame = self.state.top
        if frame is None:
            return
        if frame.answers.get(LATER):
            self.state = self.state.with_top(taken_up(frame))
            self.walk(seeded=True)
            return
        _frame, step, here = self.stand()
        if isinstance(step, End) or step.when is None or step.when(here):
            self.ask(hint=hint)
        else:
            self.walk()

    def ask(self, *, replaces: bool = False, hint: Text | None = None, more: tuple[Button, ...] = ()) -> None:
        """Ask the question of the present step, under a new number. `more` are ways on beside its answers."""
        frame, step, here = self.stand()
        if isinstance(step, Each) and step.over(here) and question_now(step, frame, here) is None:
            self.take(Answered(dict(frame.draft.get("answers", {}))))  # what was still to be asked is gone meanwhile
            return
        if asks_nothing(step, here):
            if hint is not None:
                self.says.append(Say(hint))
            self.walk()
            return
        if frame.draft.get("restarted"):
            frame = replace(frame, draft={})
            self.state = self.state.with_top(frame)
            hint = hint or _RESTARTED
        form = question_now(step, frame, here) if isinstance(step, Each) else None
        self.state = replace(self.state, asked=self.state.asked + 1, form=form.key if form is not None else "")
        at_home = frame.conversation == self.scripts.home and not frame.trail
        say = ask(step, frame, here, self.state.asked, at_home=at_home, hint=hint, back=self.leads_back())
        if at_home and self.state.paused is not None:
            title = self.scripts.by_name[self.state.paused.conversation].title
            say = replace(say, buttons=(*say.buttons, Button(_("Go on: {title}").of(title=title), "w.goon")))
        glimpse(self)
        self.question = len(self.says)
        self.says.append(replace(say, buttons=(*say.buttons, *more), replaces=replaces or say.replaces))

    def tell(self, asked: Text | Say | object, here: Here) -> None:
        """Say something without waiting for an answer."""
        said = asked(here) if callable(asked) else asked
        self.says.append(said if isinstance(said, Say) else Say(said))  # type: ignore[arg-type]  # Asked is Text or Say

    def end(self, step: End, here: Here) -> None:
        """The last words of a conversation, and what comes after it."""
        if step.text is not None:
            self.tell(step.text, here)
        seed = step.then.seed(here) if step.then and step.then.seed else {}
        ended, paused = self.state.top, self.state.paused
        takes_up = ended is not None and self.scripts.by_name[ended.conversation].takes_up
        self.state = self.state.popped()
        if ended is not None and paused is not None and ended.conversation == paused.conversation:
            talk = self.scripts.by_name[ended.conversation]
            if talk.resumes and talk.opened_about(ended.answers) == talk.opened_about(paused.answers):
                self.state = replace(self.state, paused=None)
        if step.then is not None:
            self.open(step.then, seed)
        elif takes_up and self.state.stopped is not None:
            self.state = replace(self.state.pushed(self.state.stopped), stopped=None)
            self.ask()
        elif self.state.top is not None and not self.warned:
            self.resume()
        elif self.says:
            self.says[-1] = free(self.says[-1])
