"""Deeds about surveys, votes, clubs and boxes, of people and of staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True)
class BeginAnswering(Deed):
    """Somebody begins to answer a survey, or to write into a box. Tells {"since"}: what is forgotten afterwards where
    it must lead back to nobody.
    """

    outcomes: ClassVar[tuple[str, ...]] = ("begun",)


@dataclass(frozen=True)
class SendAnswers(Deed):
    """Send the answers of a survey (by question). "lost": a voice note is not there any more."""

    survey_id: int
    answers: Mapping[str, Any]
    since: str
    outcomes: ClassVar[tuple[str, ...]] = ("sent", "done", "closed", "not_asked", "lost")


@dataclass(frozen=True)
class DropSurvey(Deed):
    """Somebody does not want to answer this one. Nothing of it stays."""

    survey_id: int
    since: str
    outcomes: ClassVar[tuple[str, ...]] = ("dropped",)


@dataclass(frozen=True)
class RefuseQuestions(Deed):
    """No questions please, or questions again."""

    refused: bool
    outcomes: ClassVar[tuple[str, ...]] = ("kept",)


@dataclass(frozen=True)
class JoinClub(Deed):
    """Become a member."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("joined", "already", "closed", "age", "consent")


@dataclass(frozen=True)
class LeaveClub(Deed):
    """Be a member no more."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("left", "gone")


@dataclass(frozen=True)
class Propose(Deed):
    """A member proposes something."""

    listing_id: int
    words: str
    outcomes: ClassVar[tuple[str, ...]] = ("kept", "many", "members")


@dataclass(frozen=True)
class CastVote(Deed):
    """Choose in a vote, or choose anew."""

    poll_id: int
    option_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("cast", "changed", "closed", "members", "gone")


@dataclass(frozen=True)
class PutIntoBox(Deed):
    """Put words or a voice into a box: without a name unless `named`. `word` takes it back later."""

    box_id: int
    words: str
    attachment: str
    named: bool
    publish: bool
    word: str
    since: str
    outcomes: ClassVar[tuple[str, ...]] = ("kept", "closed", "lost")


@dataclass(frozen=True)
class TakeBack(Deed):
    """Take back what one put into a box: by its word, or by its key where one's name is with it."""

    box_id: int
    word: str
    key: str
    since: str
    outcomes: ClassVar[tuple[str, ...]] = ("gone", "unknown", "blocked")


# ---------------------------------------------------------------- of staff


@dataclass(frozen=True)
class SendSurvey(Deed):
    """Send a survey, now or later. Tells {"survey"}."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("sending", "scheduled", "nobody", "incomplete", "past", "unpaid", "refused")


@dataclass(frozen=True)
class CloseSurvey(Deed):
    """Stop asking and take no more answers. Tells {"spared"}: who was not asked any more."""

    survey_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("closed", "over", "refused")


@dataclass(frozen=True)
class TellResults(Deed):
    """Send the counts to everybody who was asked, once. Tells {"people"}."""

    survey_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("sending", "few", "told", "nobody", "unpaid", "refused")


@dataclass(frozen=True)
class ShowResults(Deed):
    """Hand over results as a file: "sheet", "picture" of a question, "months" (the same over time), or "voices"."""

    survey_id: int
    form: str
    question: str = ""
    outcomes: ClassVar[tuple[str, ...]] = ("coming", "nothing", "refused")


@dataclass(frozen=True)
class OpenPoll(Deed):
    """Open a vote and tell whom it is for. Tells {"poll", "told"}."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("opened", "incomplete", "past", "refused")


@dataclass(frozen=True)
class ClosePoll(Deed):
    """End a vote now."""

    poll_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("closed", "over", "refused")


@dataclass(frozen=True)
class DecideProposal(Deed):
    """Accept what a member proposed, or put it away. The member is told."""

    proposal_id: int
    accept: bool
    outcomes: ClassVar[tuple[str, ...]] = ("accepted", "hidden", "gone", "refused")


@dataclass(frozen=True)
class MakeClub(Deed):
    """Make a listing with meetings a club that people can belong to."""

    listing_id: int
    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")


@dataclass(frozen=True)
class MakeBox(Deed):
    """Open a box. Tells {"box", "code"}."""

    draft: Mapping[str, Any]
    outcomes: ClassVar[tuple[str, ...]] = ("opened", "incomplete", "refused")


@dataclass(frozen=True)
class Moderate(Deed):
    """Accept what is in a box, put it away, or answer it before all. `answer` is by language."""

    box_id: int
    key: str
    act: str
    answer: Mapping[str, str]
    outcomes: ClassVar[tuple[str, ...]] = ("done", "gone", "refused")


@dataclass(frozen=True)
class HearEntry(Deed):
    """Hand over the voice of an entry."""

    box_id: int
    key: str
    outcomes: ClassVar[tuple[str, ...]] = ("coming", "gone", "refused")


@dataclass(frozen=True)
class SwitchBox(Deed):
    """Close a box, or open it again."""

    box_id: int
    open: bool
    outcomes: ClassVar[tuple[str, ...]] = ("done", "refused")
