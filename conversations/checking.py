"""Where the steps of a conversation lead, and whether it can be held: every way on exists and every step is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from conversations.steps import KEY, Attach, BadScript, Browse, Choose, ChooseMany, Confirm, Do, End, Goto, Step, Write


def targets(step: Step) -> Iterable[Goto]:
    """Every place a step names as its way on."""
    match step:
        case End():
            if step.then:
                yield step.then
            return
        case Confirm():
            yield from step.goto.values()
        case Choose() | Write() | Attach() | Do():
            yield from step.goto.values()
            if step.otherwise:
                yield step.otherwise
        case Browse():
            yield step.empty
            yield from step.goto.values()
            if step.otherwise:
                yield step.otherwise
        case _:
            if step.otherwise:
                yield step.otherwise


def falls_through(step: Step) -> bool:
    """True if some answer leads to the step below."""
    match step:
        case End():
            return False
        case Confirm():
            return True
        case Do():
            return (not step.otherwise and not set(step.does.outcomes) <= set(step.goto)) or bool(step.when)
        case Choose():
            static = None if callable(step.choices) else set(step.choices)
            routed = static is not None and static <= set(step.goto) and not step.skip and not step.typed
            return not (step.otherwise or routed) or bool(step.when)
        case _:
            return not step.otherwise or bool(step.when)


def check(talk: str, steps: tuple[Step, ...]) -> None:
    """Raise BadScript where a conversation of these steps could not be held."""

    def wrong(what: str) -> BadScript:
        return BadScript(f"conversation {talk!r}: {what}")

    names = [step.name for step in steps]
    if not KEY.fullmatch(talk) or any(not KEY.fullmatch(name) for name in names):
        raise wrong("names are letters, digits, _ and -")
    if len(set(names)) != len(names):
        raise wrong("two steps share a name")
    if not any(isinstance(step, End) for step in steps):
        raise wrong("it has no end")
    if falls_through(steps[-1]):
        raise wrong(f"step {names[-1]!r} runs off the end")
    for step in steps:
        for target in targets(step):
            if isinstance(target, str) and target not in names:
                raise wrong(f"step {step.name!r} goes to {target!r}, which is nowhere")
        _check_answers(step, wrong)
    _check_reachable(steps, wrong)


def _check_answers(step: Step, wrong: Callable[[str], BadScript]) -> None:
    match step:
        case Choose() | ChooseMany() | Write() | Browse():
            choices = step.suggestions if isinstance(step, Write) else step.choices
            if callable(choices):
                return
            for key in choices:
                if not KEY.fullmatch(key):
                    raise wrong(f"step {step.name!r}: {key!r} does not fit in a button")
            if isinstance(step, Choose | Browse):
                lost = set(step.goto) - set(choices)
                if isinstance(step, Choose) and lost:
                    raise wrong(f"step {step.name!r} routes {sorted(lost)}, which is not among its choices")
            if isinstance(step, Choose) and not choices:
                raise wrong(f"step {step.name!r} offers nothing")
        case Confirm():
            if set(step.goto) - {"yes", "no"}:
                raise wrong(f"step {step.name!r} routes something else than yes and no")
            if "no" not in step.goto:
                raise wrong(f"step {step.name!r} does not say where no leads")
        case Do():
            if not step.does.outcomes:
                raise wrong(f"step {step.name!r}: the deed declares no outcomes")
            unknown = set(step.goto) - set(step.does.outcomes)
            if unknown:
                raise wrong(f"step {step.name!r} routes {sorted(unknown)}, which the deed never ends in")
            missing = set(step.does.outcomes) - set(step.goto)
            if len(missing) > 1 and not step.otherwise:
                raise wrong(f"step {step.name!r} does not route {sorted(missing)}")
        case _:
            return


def _check_reachable(steps: tuple[Step, ...], wrong: Callable[[str], BadScript]) -> None:
    places = {step.name: place for place, step in enumerate(steps)}
    seen: set[str] = set()
    front = [steps[0].name]
    while front:
        name = front.pop()
        if name in seen:
            continue
        seen.add(name)
        place = places[name]
        front.extend(target for target in targets(steps[place]) if isinstance(target, str))
        if place + 1 < len(steps) and falls_through(steps[place]):
            front.append(steps[place + 1].name)
    lost = [name for name in places if name not in seen]
    if lost:
        raise wrong(f"no way leads to {lost}")
