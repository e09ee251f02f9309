"""What conversations may look up around a session: who leads it, materials, questions, certificates, interests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from conversations.facts.staff import SessionRow
from conversations.speech import Moment, Text, Words


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """Somebody on the roster. `here` is True once they use the bot; `sessions` how many are to come."""

    id: int
    called: str
    here: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """Something to read: `part` is "before" or "after", `kind` "file", "link" or "text"."""

    id: int
    part: str
    kind: str
    name: str
    when: Moment | None = None
    """The meeting that it is of, where it is not of all."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question for a lesson, or what a member of a club shows. `attachment` is the id of what was sent, or None.

    `number` is that of the booking, for who has no name here.
    """

    id: int
    called: str
    text: str
    attachment: int | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """The meeting that a booking is for now: of a series the unit that has not ended.

    `asks`: a question may be sent, or where it `shows`, what was made. `room`: the code of the room can be used, and
    nobody has marked them there yet. `box` is the open box that belongs to it, for questions or `stories`; 0 for none.
    """

    booking_id: int
    session_id: int
    title: Words
    when: Moment
    child: Text | str
    leader: Words = Words()
    asks: bool = False
    shows: bool = False
    room: bool = False
    box: int = 0
    stories: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """A booking with a meeting that is over. `present` is how many of its meetings the person was at."""

    booking_id: int
    title: Words
    when: Moment
    child: Text | str
    present: int
    materials: int


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate. `name` is what stands on it, "" until the person said; `revoked` why it was withdrawn."""

    id: int
    number: int
    title: Words
    child: Text | str
    name: str
    revoked: str = ""
    valid: bool = True
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class Opinions:
    """How a listing was liked: by mood, and what was written. Empty below five answers."""

    counts: Mapping[str, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Somebody who was not there three times in a row. `why` is what they tapped, or ""."""

    id: int
    called: str
    number: int
    title: Words
    last: Moment
    why: str


@dataclass(frozen=True, slots=True)
class Around:
    """What staff have set up around a listing. `to_issue` counts who completed it and has no certificate."""

    title: Words
    child_care: bool
    materials: int
    leaders: tuple[Words, ...]
    issued: int
    to_issue: int


class AroundFacts(Protocol):
    """What there is around sessions, for the person who is talking."""

    def lesson(self, booking_id: int) -> Lesson | None:
        """The meeting that a booking of one's own (or of somebody one acts for) is for now."""
        ...

    def materials(self, booking_id: int) -> tuple[MaterialRow, ...]:
        """What there is to read for a booking: for before, and of meetings that are over for after."""
        ...

    def asks_care(self, listing_id: int) -> bool:
        """True where people are asked whether they need child care."""
        ...

    def past(self) -> tuple[Past, ...]:
        """Bookings with meetings of the last 60 days that are over, the newest first."""
        ...

    def certificates(self) -> tuple[CertificateRow, ...]:
        """The valid certificates of the person and of those they speak for, the newest first."""
        ...

    def leaning(self) -> tuple[tuple[str, ...], Moment] | None:
        """What interests the person, as they answered, and until when it is kept."""
        ...

    def open_subjects(self, codes: tuple[str, ...]) -> tuple[tuple[int, Words], ...]:
        """Of these subjects those of which something is open now, in this order: id and name."""
        ...

    def leading(self) -> tuple[SessionRow, ...]:
        """The meetings that the person leads: to come and of the last two weeks."""
        ...

    def leaders(self, listing_id: int = 0, session_id: int = 0) -> tuple[LeaderRow, ...]:
        """For staff: the roster, of the organisation of a listing or meeting, else of all of theirs."""
        ...

    def leader_of(self, session_id: int) -> Words:
        """For staff: who leads a meeting; without words for nobody."""
        ...

    def around(self, listing_id: int) -> Around | None:
        """For staff: what is set up around a listing of theirs."""
        ...

    def material_list(self, listing_id: int, session_id: int = 0) -> tuple[MaterialRow, ...]:
        """For staff, and who leads the meeting: all materials of a listing, or of one meeting."""
        ...

    def questions(self, session_id: int) -> tuple[QuestionRow, ...]:
        """For staff, and who leads the meeting: what people want to ask there, or to show."""
        ...

    def shows(self, session_id: int) -> bool:
        """True for a meeting of a club: what is sent there is to be shown, not asked."""
        ...

    def opinions(self, listing_id: int) -> Opinions:
        """For staff: how a listing was liked."""
        ...

    def register(self, listing_id: int) -> tuple[CertificateRow, ...]:
        """For staff: all certificates ever issued for a listing."""
        ...

    def missing(self) -> tuple[MissingRow, ...]:
        """For staff: who was not there three times in a row, the newest first."""
        ...

    def care_needed(self, session_id: int) -> int:
        """For staff, and who leads the meeting: how many need child care."""
        ...
