"""Two chats that were joined by mistake become two people again: one side asks, the other says yes."""

from __future__ import annotations

from conversations.deeds.chats import AskApart, GoApart, StayOne
from conversations.facts.people import JoinedChats
from conversations.script import Conversation
from conversations.speech import Button, Say, Text, Words, _, lines
from conversations.standing import StandingAction
from conversations.steps import Confirm, Do, End, Here

YES = _("✅ Yes, we are two")
NO = _("No, it is all mine")
APART = _("Done: the two chats are two people again. Each has what was theirs.")
STAYS = _("The other chat said no, so everything stays as it is.")
_GONE = _("That is not possible any more. Our team can help: write “person”.")


def _what_happens(joined: JoinedChats) -> Text:
    """Which side keeps what is new is said before either agrees."""
    new = (
        _("What is new since then stays in this chat.")
        if joined.keeps
        else _("What is new since then stays in the other chat.")
    )
    return lines(_("Each gets back what they had before."), new)


def question(joined: JoinedChats, yes: Button, no: Button) -> Say:
    """What the other side is asked. `joined` is as that side sees it."""
    return Say(
        lines(
            _("The chat {chat} says: we are two people and were joined by mistake.").of(chat=joined.chat),
            _what_happens(joined),
            _("Is that right?"),
        ),
        (yes, no),
    )


def made_two(organisation: Words, *, asked: bool) -> Say:
    """What a chat is told when an administrator made two of one, as one side `asked` and the other did not answer."""
    team = _("The team of {organisation} helped, because the other chat did not answer.").of(organisation=organisation)
    if asked:
        return Say(lines(APART, team))
    return Say(
        lines(
            _("The other chat says: we are two people. There was no answer here."),
            _("So the team of {organisation} made the two chats two people again. Each has what was theirs.").of(
                organisation=organisation
            ),
            _("If that is not right, write “person”."),
        )
    )


def _sure(here: Here) -> Text:
    joined = here.facts.people.joined()
    if joined is None:
        return _GONE
    return lines(
        _("Since {day} this chat and {chat} are one person here. Are you two people?").of(
            day=joined.day, chat=joined.chat
        ),
        _what_happens(joined),
        _("The other chat is asked first."),
    )


apart = Conversation(
    name="apart",
    title=_("Two people, not one"),
    steps=(
        Confirm(name="sure", question=_sure, goto={"no": "later"}),
        Do(
            name="asked",
            does=AskApart,
            deed=lambda here: AskApart(),
            goto={"asked": "end", "unreachable": "unreachable", "gone": "gone"},
        ),
        End(name="end", text=_("I have asked in the other chat. After its yes you are two people here.")),
        End(name="unreachable", text=_("The other chat cannot be reached. Our team can help: write “person”.")),
        End(name="gone", text=_GONE),
        End(name="later", text=_("All right, nothing has changed.")),
    ),
)


STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name="apart_yes",
        does=GoApart,
        deed=lambda about: GoApart(int(about["joining"]), int(about["address"])),
        says={"apart": APART, "gone": _GONE},
    ),
    StandingAction(
        name="apart_no",
        does=StayOne,
        deed=lambda about: StayOne(int(about["joining"]), int(about["address"])),
        says={"stays": _("All right, everything stays as it is."), "gone": _GONE},
    ),
)
