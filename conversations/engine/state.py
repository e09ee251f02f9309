"""Where a person stands in their conversations, as it is stored between two turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conversations.steps import Json

DEEPEST = 4
"""The most conversations that may lie on top of each other; the lowest gives way."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One conversation in progress: the step it is at, the answers so far, and the way it came.

    `draft` is what the step itself remembers between turns: the page, the ticks, the question of a form.
    """

    conversation: str
    step: str
    answers: Mapping[str, Json] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    draft: Mapping[str, Json] = field(default_factory=dict)
    misses: int = 0

    def to_json(self) -> Json:
        """The frame as JSON holds it."""
        return [
            self.conversation,
            self.step,
            dict(self.answers),
            list(self.trail),
            dict(self.draft),
            self.misses,
        ]

    @classmethod
    def from_json(cls, stored: Json) -> Frame:
        """A frame as it was stored."""
        conversation, step, answers, trail, draft, misses = stored
        return cls(conversation, step, answers, tuple(trail), draft, misses)


@dataclass(frozen=True, slots=True)
class Way:
    """A button that stands beside the present question: its label as it was shown, and its payload.

    `says` is a word (yes, no, not_coming) by which it is chosen as well. `about` is the message it stands under, where
    several may have the same label.
    """

    label: str
    tap: str
    says: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """All conversations of one address: the last frame is the one being held.

    `asked` numbers the questions, so that a tap names the one it answers. `last` is the tap that was
    taken last, to know a double tap. `paused` was left for the menu and can be taken up again. `wondered` is the
    day (ISO) on which it was last asked whether somebody is in danger: not why. `stopped` is what words of an emergency
    stopped; it goes on only once the person says that it was none.

    `shown` are the payloads that digits count, as they were shown last (None: not known), and `aside` says that they
    are not the present question's: a card, or something unasked. `form` is the question of a form that was shown.
    `ways` are the buttons seen last that are not answers to the present question: their labels can be written.
    """

    frames: tuple[Frame, ...] = ()
    asked: int = 0
    last: tuple[int, str] = (0, "")
    paused: Frame | None = None
    wondered: str = ""
    stopped: Frame | None = None
    shown: tuple[str, ...] | None = None
    aside: bool = False
    form: str = ""
    ways: tuple[Way, ...] = ()

    @property
    def top(self) -> Frame | None:
        """The conversation being held."""
        return self.frames[-1] if self.frames else None

    def with_top(self, frame: Frame) -> State:
        """The same with the conversation being held moved on."""
        return replace(self, frames=(*self.frames[:-1], frame))

    def pushed(self, frame: Frame) -> State:
        """The same with another conversation opened on top."""
        return replace(self, frames=(*self.frames, frame)[-DEEPEST:])

    def popped(self) -> State:
        """The same with the conversation being held ended."""
        return replace(self, frames=self.frames[:-1])

    def to_json(self) -> dict[str, Any]:
        """The state as JSON holds it."""
        return {
            "frames": [frame.to_json() for frame in self.frames],
            "asked": self.asked,
            "last": list(self.last),
            "paused": self.paused.to_json() if self.paused else None,
            "wondered": self.wondered,
            "stopped": self.stopped.to_json() if self.stopped else None,
            "shown": list(self.shown) if self.shown is not None else None,
            "aside": self.aside,
            "form": self.form,
            "ways": [[way.label, way.tap, way.says, way.about] for way in self.ways],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> State:
        """A state as it was stored; nothing stored is a fresh one."""
        if not stored:
            return cls()
        asked, key = stored["last"]
        shown = stored.get("shown")
        return cls(
            tuple(Frame.from_json(frame) for frame in stored["frames"]),
            stored["asked"],
            (asked, key),
            Frame.from_json(stored["paused"]) if stored["paused"] else None,
            stored.get("wondered", ""),
            Frame.from_json(stored["stopped"]) if stored.get("stopped") else None,
            tuple(shown) if shown is not None else None,
            stored.get("aside", False),
            stored.get("form", ""),
            tuple(Way(*way) for way in stored.get("ways", ())),
        )
