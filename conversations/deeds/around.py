"""Deeds around a session, of who takes part: a question, materials, "I am here", feedback, certificates, interests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed, WithCode


@dataclass(frozen=True, slots=True)
class AskForLesson(Deed):
    """Send a question for a lesson: words, or a photo, file or voice note by its id."""

    outcomes: ClassVar[tuple[str, ...]] = ("kept", "many", "late", "lost", "nothing")
    booking: int
    session: int
    text: str = ""
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class GetMaterial(Deed):
    """Have something to read handed over. Details: "name", and "relay" (the file) or "words"."""

    outcomes: ClassVar[tuple[str, ...]] = ("file", "link", "text", "gone")
    booking: int
    material: int


@dataclass(frozen=True, slots=True)
class SayHere(Deed):
    """Be marked as present by the code that is shown in the room."""

    outcomes: ClassVar[tuple[str, ...]] = (
        "here",
        "already",
        "absent",
        "early",
        "over",
        "no_place",
        "wrong",
        "blocked",
    )
    booking: int
    session: int
    code: str


@dataclass(frozen=True, slots=True)
class GiveFeedback(Deed):
    """Say how it was, once. Details: "words", a tap that asks for a few words."""

    outcomes: ClassVar[tuple[str, ...]] = ("thanks", "already", "gone")
    feedback: int
    mood: str


@dataclass(frozen=True, slots=True)
class AddFeedbackWords(Deed):
    """Add a few words to an answer, once."""

    outcomes: ClassVar[tuple[str, ...]] = ("kept", "gone")
    feedback: int
    words: str


@dataclass(frozen=True, slots=True)
class SayWhyAbsent(Deed):
    """Say what is in the way: "far", "time" or "other"."""

    outcomes: ClassVar[tuple[str, ...]] = ("noted", "gone")
    notice: int
    why: str


@dataclass(frozen=True, slots=True)
class NameCertificate(Deed):
    """Say which name stands on a certificate, and whether the page that checks it shows the whole of it."""

    outcomes: ClassVar[tuple[str, ...]] = ("named", "gone")
    certificate: int
    name: str
    public: bool


@dataclass(frozen=True, slots=True)
class HandCertificate(Deed):
    """Have a certificate drawn and handed over, in the language of a tag. Details: "link", where it is checked."""

    outcomes: ClassVar[tuple[str, ...]] = ("coming", "no_name", "gone")
    certificate: int
    tag: str


@dataclass(frozen=True, slots=True)
class KeepLeaning(Deed):
    """Keep what interests the person, for them alone. Details: "until" (ISO, UTC), when it deletes itself."""

    outcomes: ClassVar[tuple[str, ...]] = ("kept",)
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForgetLeaning(Deed):
    """Delete what was kept of it at once."""

    outcomes: ClassVar[tuple[str, ...]] = ("forgotten",)


@dataclass(frozen=True, slots=True)
class LookAtLeaderCode(WithCode):
    """Whose leader's code it is. Details: "called", "organisation" (words by language)."""

    outcomes: ClassVar[tuple[str, ...]] = ("good", "minor", "unknown")


@dataclass(frozen=True, slots=True)
class BecomeLeader(WithCode):
    """Be the leader that a code stands for, from now on."""

    outcomes: ClassVar[tuple[str, ...]] = ("joined", "minor", "unknown")
