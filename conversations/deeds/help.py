"""Deeds about help: writing to the team, answering, concerns for somebody's safety, the answer book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class Concern(Deed):
    """Words hinted at an emergency of that kind: safeguarding staff are told, without a name or a word."""

    kind: str
    outcomes: ClassVar[tuple[str, ...]] = ("done",)


@dataclass(frozen=True, slots=True)
class Misunderstood(Deed):
    """The person says that it was no emergency. The case stays with safeguarding, marked so."""

    outcomes: ClassVar[tuple[str, ...]] = ("done",)


@dataclass(frozen=True, slots=True)
class SendRequest(Deed):
    """Send words, or something attached, to the team. `attachment` is the id it was stored under; `about` what it
    is asked from ("answer:12").
    """

    words: str = ""
    attachment: str = ""
    about: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("sent", "added", "nobody", "lost", "nothing")


@dataclass(frozen=True, slots=True)
class TellLate(Deed):
    """Tell the team that somebody will be late for `which`, the key of an `Expected`; in their own words, if any."""

    which: str
    words: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("told", "nobody", "gone")


@dataclass(frozen=True, slots=True)
class OpenRequest(Deed):
    """Staff open a request: recorded, its messages count as seen, what was attached is shown."""

    request_id: str
    outcomes: ClassVar[tuple[str, ...]] = ("open", "gone")


@dataclass(frozen=True, slots=True)
class AnswerRequest(Deed):
    """Staff answer: it reaches the person where they wrote from."""

    request_id: str
    words: str = ""
    attachment: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("sent", "unreachable", "lost", "gone", "not_here")


@dataclass(frozen=True, slots=True)
class TakeRequest(Deed):
    """Staff take a request: it is theirs to answer."""

    request_id: str
    outcomes: ClassVar[tuple[str, ...]] = ("taken", "gone")


@dataclass(frozen=True, slots=True)
class HandOver(Deed):
    """Staff hand a request to a colleague, or (with an empty id) back to everybody."""

    request_id: str
    to: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("handed", "back", "gone")


@dataclass(frozen=True, slots=True)
class CloseRequest(Deed):
    """Staff close a request."""

    request_id: str
    outcomes: ClassVar[tuple[str, ...]] = ("closed", "gone")


@dataclass(frozen=True, slots=True)
class CountAnswer(Deed):
    """Count whether a card helped. Nobody is named."""

    card_id: str
    helped: bool
    outcomes: ClassVar[tuple[str, ...]] = ("done",)


@dataclass(frozen=True, slots=True)
class ConfirmHotline(Deed):
    """Staff have checked a number: it is right."""

    hotline_id: str
    outcomes: ClassVar[tuple[str, ...]] = ("done", "refused")


@dataclass(frozen=True, slots=True)
class CorrectHotline(Deed):
    """Staff put the right number in its place."""

    hotline_id: str
    number: str
    outcomes: ClassVar[tuple[str, ...]] = ("done", "refused")


@dataclass(frozen=True, slots=True)
class RemoveHotline(Deed):
    """Staff take a number off the cards; lasting ones stay."""

    hotline_id: str
    outcomes: ClassVar[tuple[str, ...]] = ("done", "refused")
