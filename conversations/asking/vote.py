"""A vote: choose, choose anew until the end, see how it stands."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.asking import CastVote
from conversations.facts.asking import Choice, PollCard
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.steps import Choose, Do, End, Here, Tell


def _poll(here: Here) -> PollCard | None:
    return here.facts.asking.poll(int(here.get("poll", 0)))


def name(choice: Choice) -> Text:
    """What can be chosen, as it is said."""
    if choice.at is not None:
        return _("🗓 {when}").of(when=choice.at)
    return _("{words}").of(words=choice.words)


def _counted(choice: Choice, mine: int) -> Text:
    mark = _("✅ {words}").of(words=name(choice)) if choice.id == mine else name(choice)
    if choice.votes is None:
        return mark
    return _("{words}: {n}").of(words=mark, n=choice.votes)


def card(poll: PollCard) -> Text:
    """The question, how it stands as far as it may be told, and until when."""
    best = [name(choice) for choice in poll.choices if choice.first]
    told = any(choice.votes is not None for choice in poll.choices)
    voted = n_("{n} person has voted.", "{n} people have voted.").of(n=poll.total)
    return lines(
        _("🗳 {question}").of(question=poll.question),
        *(_counted(choice, poll.mine) for choice in poll.choices if told or choice.id == poll.mine),
        voted if told or poll.mine or not poll.open else None,
        _("Counts are shown from 5 votes on.") if poll.open and poll.few and poll.mine else None,
        *(_("🏆 Most votes: {words}").of(words=one) for one in best),
        _("Until: {when}").of(when=poll.until) if poll.open else _("The vote has ended."),
    )


def _shown(here: Here) -> Text:
    poll = _poll(here)
    if poll is None:
        return _GONE
    again = _("You can choose anew until the end.") if poll.mine else _("One vote each. Nobody sees who chose what.")
    return lines(card(poll), again)


_GONE = _("This vote is not there any more.")
_MEMBERS = _("Only members of the club can vote here. Anybody can join.")


def _choices(here: Here) -> Mapping[str, Text]:
    poll = _poll(here)
    return {str(choice.id): name(choice) for choice in poll.choices} if poll else {}


def _cannot(here: Here) -> bool:
    poll = _poll(here)
    return poll is not None and poll.open and not poll.may


def _ended(here: Here) -> bool:
    poll = _poll(here)
    return poll is not None and not poll.open


def _result(here: Here) -> Text:
    poll = _poll(here)
    return card(poll) if poll else _GONE


def _glimpse(here: Here) -> Text:
    return _MEMBERS if _cannot(here) else _result(here)


def _noted(here: Here) -> Text:
    first = _("✅ Your vote is changed.") if here["cast"]["outcome"] == "changed" else _("✅ Your vote is counted.")
    return lines(first, _result(here))


vote = Conversation(
    name="vote",
    title=_("A vote"),
    shows=_glimpse,
    steps=(
        Tell(name="gone", text=_GONE, when=lambda here: _poll(here) is None, otherwise="end"),
        Tell(name="over", text=_result, when=_ended, otherwise="end"),
        Tell(name="members", text=_MEMBERS, when=_cannot, otherwise="end"),
        Choose(name="choice", question=_shown, choices=_choices),
        Do(
            name="cast",
            does=CastVote,
            deed=lambda here: CastVote(int(here["poll"]), int(here["choice"])),
            goto={"cast": "noted", "changed": "noted", "closed": "late", "members": "not_you", "gone": "not_there"},
        ),
        End(name="noted", text=_noted),
        End(name="late", text=_result),
        End(name="not_you", text=_MEMBERS),
        End(name="not_there", text=_GONE),
        End(name="end"),
    ),
)
