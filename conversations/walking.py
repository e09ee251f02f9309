"""Walking through conversations: from step to step, opening and ending them, and asking what is to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from conversations.answers import Answered, Elsewhere, Still, Taken, take_words
from conversations.deeds import Deed
from conversations.facts import Facts
from conversations.questions import ask, free
from conversations.script import (
    Attach,
    BadScript,
    Browse,
    Choose,
    Confirm,
    Conversation,
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
from conversations.speech import Button, Done, Heard, NotUnderstood, Say, Text, Tongue, _, lines
from conversations.state import Frame, State

MISSES = 2
"""After so many answers in a row that were not understood, a person is offered."""
LONGEST = 200
"""The most steps one turn may walk; more is a circle in a script."""

_WELCOME_BACK = _("We stopped in the middle of this. Shall we go on?")
_GO_ON = _("Go on")
_MENU_LABEL = _("Menu")
_PERSON_TOO = _("Or write “person”, and somebody from our team will answer.")
_RESTARTED = _("Something has changed here, so we start this again. Your answers are kept where they fit.")


@dataclass(frozen=True, slots=True)
class Scripts:
    """All conversations by name, by global word and by command; `home` is the menu, `welcome` what newcomers
    meet first, `relay` where things go that only a person can look at, `concern` the deed of an emergency.
    """

    by_name: Mapping[str, Conversation]
    by_word: Mapping[str, Conversation]
    by_command: Mapping[str, Conversation]
    home: str
    welcome: str
    relay: str
    concern: type[Deed] | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn came to. `asks` is a deed whose outcome the engine must be told before anything else."""

    state: State
    says: tuple[Say, ...] = ()
    deeds: tuple[Deed, ...] = ()
    asks: Deed | None = None


class Walk:
    """One turn in the making: where it has got to, what is to be said, which deeds it asks for."""

    def __init__(self, scripts: Scripts, state: State, facts: Facts, tongue: Tongue) -> None:
        self.scripts, self.state, self.facts, self.tongue = scripts, state, facts, tongue
        self.says: list[Say] = []
        self.deeds: list[Deed] = []
        self.asks: Deed | None = None
        self.steps = 0

    def turn(self) -> Turn:
        """What the turn came to."""
        return Turn(self.state, tuple(self.says), tuple(self.deeds), self.asks)

    def offer_to_go_on(self) -> None:
        """Ask somebody who comes back whether to go on where they stopped."""
        self.says.append(Say(_WELCOME_BACK, (Button(_GO_ON, "w.goon"), Button(_MENU_LABEL, "w.menu", quiet=True))))

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
        order = [step.name for step in self.scripts.by_name[frame.conversation].steps]
        # a seeded answer stays until there is another: "back" may lead to steps that look it up
        later = name not in frame.trail and not {*frame.trail}.isdisjoint(order[order.index(name) + 1 :])
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
        self.state = self.state.with_top(replace(frame, step=name))

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
        if not self.facts.me.welcomed and not talk.open_to_all:
            self.state = replace(self.state, frames=(Frame(talk.name, talk.steps[0].name, {**seed, "~later": True}),))
            talk = self.scripts.by_name[self.scripts.welcome]
            seed = {}
        if talk.name == self.scripts.home:
            self.state = replace(self.state, frames=())
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
        about = seeds_of(talk, seed)
        same = [
            one
            for one in known
            if one.conversation == talk.name
            and seeds_of(talk, one.answers) == about
            and all(one.answers.get(name) == value for name, value in seed.items())
        ]
        return same[-1] if talk.resumes and same and same[-1].trail + tuple(same[-1].draft) else None

    def go_home(self, words: str = "") -> None:
        """To the menu; words are looked at there as if they had been written there."""
        home = self.scripts.by_name[self.scripts.home]
        if not words or not self.facts.me.welcomed:
            self.open(Open(home.name), {})
            return
        self.state = replace(self.state, frames=(Frame(home.name, home.steps[0].name),))
        frame, step, here = self.stand()
        try:
            self.take(take_words(step, Heard(text=words), frame, here, self.tongue))
        except NotUnderstood:
            self.walk()

    def leave_for_home(self) -> None:
        """To the menu from the middle of something, which can be taken up again from there."""
        top = self.state.top
        if top is not None and top.trail and top.conversation not in (self.scripts.home, self.scripts.welcome):
            self.state = replace(self.state, paused=top)
        self.state = replace(self.state, frames=())
        self.open(Open(self.scripts.home), {})

    def go_on(self) -> None:
        """Take up what was left for the menu."""
        top, paused = self.state.top, self.state.paused
        if paused is not None and (top is None or top.conversation == self.scripts.home):
            self.state = replace(self.state.pushed(paused), paused=None)
        self.repeat(None)

    def back(self) -> None:
        """To the question before, with its answer taken back; from the first one to where the person was."""
        top = self.state.top
        if top is None:
            self.go_home()
            return
        if not self.leads_back():
            self.repeat(None)
            return
        if top.draft.get("near") or top.draft.get("answers"):
            self.state = self.state.with_top(replace(top, draft=self.draft_before(top.draft)))
            self.ask()
            return
        if top.trail:
            last = top.trail[-1]
            kept = {name: answer for name, answer in top.answers.items() if name != last}
            draft = self.draft_of(top, last)
            self.state = self.state.with_top(
                replace(top, step=last, answers=kept, trail=top.trail[:-1], draft=draft, misses=0)
            )
            self.ask()
            return
        self.state = self.state.popped()
        if self.state.top is None:
            self.go_home()
        else:
            self.resume()

    def leads_back(self) -> bool:
        """True where "back" leads to another question: not from the first one that a newcomer meets."""
        frame, step, _here = self.stand()
        if frame.trail or frame.draft.get("near") or frame.draft.get("answers"):
            return True
        if frame.conversation == self.scripts.welcome:
            return False
        first = self.scripts.by_name[self.scripts.welcome].steps[0] if not self.facts.me.welcomed else None
        return len(self.state.frames) > 1 or step is not first

    def draft_of(self, frame: Frame, name: str) -> dict[str, Json]:
        """What a step remembered when it was answered: back into a form leads to its last question, not its first."""
        answered = frame.answers.get(name)
        if isinstance(self.scripts.by_name[frame.conversation].step(name), Each) and answered:
            return self.draft_before({"answers": answered})
        return {}

    def draft_before(self, draft: Mapping[str, Json]) -> dict[str, Json]:
        """What a step remembers, with its last part taken back."""
        if draft.get("near"):
            return {key: value for key, value in draft.items() if key != "near"}
        answered = dict(draft["answers"])
        answered.popitem()
        return {**{key: value for key, value in draft.items() if key != "ticked"}, "answers": answered}

    def resume(self) -> None:
        """Take up the conversation that lies below: one that was put off is walked from its start."""
        frame = self.state.top
        if frame is None:
            return
        if frame.answers.get("~later"):
            answers = {name: answer for name, answer in frame.answers.items() if name != "~later"}
            self.state = self.state.with_top(replace(frame, answers=answers))
            self.walk(seeded=True)
            return
        self.ask()

    def ask(self, *, replaces: bool = False, hint: Text | None = None) -> None:
        """Ask the question of the present step, under a new number."""
        frame, step, here = self.stand()
        if isinstance(step, Do | Tell | End) or (isinstance(step, Each) and not step.over(here)):
            self.walk()
            return
        if isinstance(step, Browse) and not step.items(here, 0, 1).total:
            self.walk()
            return
        if frame.draft.get("restarted"):
            frame = replace(frame, draft={})
            self.state = self.state.with_top(frame)
            hint = hint or _RESTARTED
        self.state = replace(self.state, asked=self.state.asked + 1)
        at_home = frame.conversation == self.scripts.home and not frame.trail
        say = ask(step, frame, here, self.state.asked, at_home=at_home, hint=hint, back=self.leads_back())
        if at_home and self.state.paused is not None:
            title = self.scripts.by_name[self.state.paused.conversation].title
            say = replace(say, buttons=(*say.buttons, Button(_("Go on: {title}").of(title=title), "w.goon")))
        self.says.append(replace(say, replaces=replaces or say.replaces))

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
        self.state = self.state.popped()
        if ended is not None and paused is not None and ended.conversation == paused.conversation:
            talk = self.scripts.by_name[ended.conversation]
            if talk.resumes and seeds_of(talk, ended.answers) == seeds_of(talk, paused.answers):
                self.state = replace(self.state, paused=None)
        if step.then is not None:
            self.open(step.then, seed)
        elif self.state.top is not None:
            self.resume()
        elif self.says:
            self.says[-1] = free(self.says[-1])

    def repeat(self, note: Text | None) -> None:
        """Ask the present question once more, below a note."""
        if self.state.top is None:
            self.go_home()
            return
        _frame, step, _here = self.stand()
        if isinstance(step, Do):  # the deed was rolled back with its turn: ask for it again
            self.walk()
            return
        self.ask(hint=note)

    def missed(self, hint: Text) -> None:
        """Say what can be written instead, and ask once more."""
        if self.state.top is None:
            self.go_home()
            return
        frame, _step, _here = self.stand()
        misses = frame.misses + 1
        self.state = self.state.with_top(replace(frame, misses=misses))
        if misses >= MISSES:
            hint = lines(hint, _PERSON_TOO)
        self.ask(hint=hint)


def seeds_of(talk: Conversation, answers: Mapping[str, Json]) -> dict[str, Json]:
    """What a conversation was opened about: what no step of it has answered."""
    return {name: value for name, value in answers.items() if talk.step(name) is None}
