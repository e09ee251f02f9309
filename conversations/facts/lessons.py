"""What conversations may look up about learning, exams, what an offer costs, tools by kind, and the log of meetings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from conversations.speech import Moment, Text, Words


@dataclass(frozen=True, slots=True)
class LearningRow:
    """How the learning went at one lesson."""

    session_id: int
    when: Moment
    text: str


@dataclass(frozen=True, slots=True)
class PupilRow:
    """Somebody with a place at a lesson. `written`: there are lines on this lesson."""

    booking_id: int
    called: str
    number: int
    written: bool


@dataclass(frozen=True, slots=True)
class ExamRow:
    """Somebody at an exam. `result` is "passed", "failed" or ""; `told` what they were told of it."""

    booking_id: int
    called: str
    number: int
    result: str
    told: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """The result of an exam, for whom it is of."""

    when: Moment
    passed: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer costs, whether travel is paid back ("yes", "no", "" unsaid) and how; what is asked and needed."""

    title: Words
    cost: Words = Words()
    travel_paid: str = ""
    travel: Words = Words()
    transport: bool = False
    exam_needed: bool = False
    tools: Mapping[str, int] = field(default_factory=dict)
    """How many of which tool one meeting needs."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """A meeting that is over, in counts. `heads` is what was counted without names, or None."""

    session_id: int
    title: Words
    when: Moment
    booked: int
    came: int
    heads: int | None
    log: str


@dataclass(frozen=True, slots=True)
class Log:
    """What was done: the meetings, the newest first, and sums over all of them. `pairs` are buddies who found."""

    rows: tuple[LogRow, ...] = ()
    meetings: int = 0
    people: int = 0
    came: int = 0
    pairs: int = 0


class LessonsFacts(Protocol):
    """What there is to know about learning, exams, costs, tools and the log, for the person who is talking."""

    def terms(self, listing_id: int) -> Terms:
        """What an offer costs and asks; for everybody."""
        ...

    def learning(self, booking_id: int) -> tuple[LearningRow, ...]:
        """How it goes, for the pupil and who speaks for a young child, the newest lesson first; else nothing."""
        ...

    def results(self, booking_id: int) -> tuple[ResultRow, ...]:
        """The results that were told, for who took the exam and who speaks for a young child; else nothing."""
        ...

    def child_of(self, booking_id: int) -> Text | str:
        """Whose booking it is, as the reader knows them; "" for their own and what is not theirs."""
        ...

    def pupils(self, session_id: int) -> tuple[PupilRow, ...]:
        """For staff, and who leads it: everybody with a place at a lesson; nobody where nothing is learnt."""
        ...

    def learning_of(self, session_id: int, booking_id: int) -> tuple[LearningRow, ...]:
        """For staff, and who leads it: how it goes with somebody who has a place there, the newest lesson first."""
        ...

    def learns(self, session_id: int) -> bool:
        """Whether a meeting is of a kind at which something is learnt."""
        ...

    def is_exam(self, session_id: int) -> bool:
        """Whether a meeting is an exam."""
        ...

    def exam(self, session_id: int) -> tuple[ExamRow, ...]:
        """For staff, and who leads it: everybody at an exam."""
        ...

    def to_fetch(self, session_id: int) -> tuple[tuple[str, int], ...]:
        """For staff, and who leads it: who has to be fetched, by name and number."""
        ...

    def tools(self, session_id: int) -> tuple[tuple[str, int, int], ...]:
        """For staff, and who leads it: of each tool how many are promised, and how many are needed (0: not said)."""
        ...

    def log_of(self, session_id: int) -> str:
        """For staff, and who leads it: what was done at a meeting."""
        ...

    def log(self, listing_id: int = 0) -> Log:
        """For staff: what was done, of a listing or of all of their organisations."""
        ...
