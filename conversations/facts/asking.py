"""What there is to know about surveys, votes, clubs and boxes: for the person, and for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from conversations.facts.staff import Reach
from conversations.speech import Moment, Words


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `kind` is "one", "many", "faces", "number", "text" or "voice"; `choices` those of the first two."""

    key: str
    kind: str
    text: Words
    choices: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyCard:
    """A survey as somebody who is asked sees it. `standing`: "open", "done", "closed" or "not_asked"."""

    id: int
    title: Words
    organisation: Words
    anonymous: bool
    questions: tuple[Asked, ...]
    standing: str
    until: Moment


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be voted for: words, or a moment. `votes` is None where counts are not shown (yet)."""

    id: int
    words: Words
    at: Moment | None
    votes: int | None = None
    first: bool = False
    """True at the end, for what has the most votes."""


@dataclass(frozen=True, slots=True)
class PollCard:
    """A vote. `mine` is the choice of who looks, 0 for none; `few`: so few voted that counts are not told."""

    id: int
    code: str
    question: Words
    choices: tuple[Choice, ...]
    open: bool
    may: bool
    mine: int
    total: int
    few: bool
    until: Moment
    members: bool = False
    """True where it is for the members of a club alone."""


@dataclass(frozen=True, slots=True)
class ClubCard:
    """A club. Members are counted, never named."""

    listing_id: int
    title: Words
    summary: Words
    place: Words
    organisation: Words
    open: bool
    member: bool
    members: int
    dates: tuple[Moment, ...] = ()
    polls: tuple[tuple[int, Words], ...] = ()
    consented: bool = True
    """Whether what is needed to take part was agreed to."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something from a box that everybody may see: the words (if they may be shown) and what was answered."""

    words: str
    answer: Words


@dataclass(frozen=True, slots=True)
class BoxCard:
    """A box for questions ("question") or stories ("story")."""

    id: int
    code: str
    kind: str
    title: Words
    intro: Words
    organisation: Words
    open: bool
    shown: tuple[Shown, ...] = ()
    mine: tuple[tuple[str, str], ...] = ()
    """What the person put in with their name: key and words."""


# ---------------------------------------------------------------- for staff


@dataclass(frozen=True, slots=True)
class Told:
    """One question's results. `counts` are (label or number, n); nothing but `few` under five answers."""

    question: Asked
    answered: int
    counts: tuple[tuple[str, int], ...]
    words: tuple[str, ...]
    voices: int
    few: bool


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A survey as staff see it. `results` are there once it has ended; `back`: they went back to those asked."""

    id: int
    title: Words
    anonymous: bool
    state: str
    until: Moment
    asked: int
    answered: int
    broadcast_id: int
    questions: tuple[Asked, ...]
    results: tuple[Told, ...] = ()
    back: bool = False
    times: int = 1
    """How many surveys with the same questions there are, this one among them."""


@dataclass(frozen=True, slots=True)
class Months:
    """The same question over time: for each survey that ended its moment and counts (None: too few)."""

    question: Asked
    rows: tuple[tuple[Moment, tuple[tuple[str, int], ...] | None], ...]


@dataclass(frozen=True, slots=True)
class EntryRow:
    """Something in a box as staff see it. `name` only where the person wanted it there."""

    key: str
    words: str
    voice: bool
    publish: bool
    name: str
    named: bool
    state: str
    answer: Words


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A box as staff see it."""

    id: int
    code: str
    kind: str
    title: Words
    open: bool
    new: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What a member proposed; whose it is is not told."""

    id: int
    listing_id: int
    club: Words
    words: str


class AskingFacts(Protocol):
    """Everything about surveys, votes, clubs and boxes."""

    def survey(self, survey_id: int) -> SurveyCard | None:
        """A survey, as the person stands to it."""
        ...

    def waiting(self) -> tuple[SurveyCard, ...]:
        """The surveys that the person was asked to answer, and still can."""
        ...

    def refuses(self) -> bool:
        """True for somebody who wants no questions."""
        ...

    def poll(self, poll_id: int) -> PollCard | None:
        """A vote; to staff of its organisation without being able to vote."""
        ...

    def club(self, listing_id: int) -> ClubCard | None:
        """A club."""
        ...

    def boxes(self) -> tuple[BoxCard, ...]:
        """The boxes that are open, those of the person's own town first."""
        ...

    def box(self, box_id: int) -> BoxCard | None:
        """A box."""
        ...

    # for staff: of their own organisations only

    def reach(self, draft: dict[str, Any]) -> Reach:
        """How many people a survey would ask now, and who not, by reason."""
        ...

    def surveys(self, offset: int, size: int) -> tuple[tuple[SurveyRow, ...], int]:
        """The surveys, newest first."""
        ...

    def survey_row(self, survey_id: int) -> SurveyRow | None:
        """One of them, with results once it has ended."""
        ...

    def months(self, survey_id: int) -> tuple[Months, ...]:
        """The same questions over time."""
        ...

    def clubs(self) -> tuple[ClubCard, ...]:
        """The clubs."""
        ...

    def polls(self, offset: int, size: int) -> tuple[tuple[PollCard, ...], int]:
        """The votes, open ones first."""
        ...

    def proposals(self) -> tuple[ProposalRow, ...]:
        """What members proposed and nobody has decided."""
        ...

    def accepted(self, listing_id: int) -> tuple[ProposalRow, ...]:
        """What was proposed to a club and accepted."""
        ...

    def box_rows(self) -> tuple[BoxRow, ...]:
        """The boxes, also closed ones."""
        ...

    def entries(self, box_id: int, state: str) -> tuple[EntryRow, ...]:
        """What is in a box, in no order."""
        ...

    def entry(self, box_id: int, key: str) -> EntryRow | None:
        """One of them."""
        ...

    def new_in_boxes(self) -> int:
        """How much nobody has looked at yet."""
        ...
