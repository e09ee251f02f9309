"""Draws every conversation as a Mermaid state diagram: `python -m conversations.drawing`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from conversations.checking import falls_through
from conversations.every import CONVERSATIONS
from conversations.script import Conversation
from conversations.steps import Browse, Choose, Confirm, Do, End, Goto, Open, Step, Write


def ways(talk: Conversation, step: Step) -> Iterator[tuple[str, Goto]]:
    """Every way on from a step: what leads there, and where it leads."""
    match step:
        case End():
            if step.then:
                yield "", step.then
            return
        case Choose() | Browse() | Write() | Do() | Confirm():
            yield from step.goto.items()
    if isinstance(step, Browse):
        yield "nothing there", step.empty
    otherwise = None if isinstance(step, Confirm) else getattr(step, "otherwise", None)
    if otherwise:
        yield "", otherwise
    below = talk.after(step.name)
    if below and falls_through(step):
        yield "", below


def draw(talk: Conversation) -> str:
    """One conversation as a diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {_id(talk.steps[0].name)}"]
    for step in talk.steps:
        if isinstance(step, End) and not step.then:
            lines.append(f"    {_id(step.name)} --> [*]")
        for label, target in ways(talk, step):
            where = f"open_{_id(target.conversation)}" if isinstance(target, Open) else _id(target)
            lines.append(f"    {_id(step.name)} --> {where}" + (f": {label}" if label else ""))
    return "\n".join(lines)


def page() -> str:
    """All conversations, each with its diagram, as Markdown."""
    parts = [
        "# Conversations",
        "",
        "Drawn from the code by `make diagrams`. `open_x` opens conversation x on top; at its end the person is back.",
    ]
    for talk in CONVERSATIONS:
        about = f" Command `/{talk.command}`." if talk.command else ""
        who = f" For {talk.role}." if talk.role else ""
        parts += ["", f"## {talk.name}", "", f"{talk.title.msgid}.{about}{who}", "", "```mermaid", draw(talk), "```"]
    return "\n".join(parts) + "\n"


def _id(name: str) -> str:
    return name.replace("-", "_")


if __name__ == "__main__":
    sys.stdout.write(page())
