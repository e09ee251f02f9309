"""Joining with a one-time code: staff join an organisation; another phone or app joins the same person."""

from __future__ import annotations

from conversations.deeds.people import IssueAddressCode, JoinStaff, LinkAddress, LookAtInvite
from conversations.people.speaking import LANGUAGE_FIRST
from conversations.people.words import clean_code, code_of
from conversations.script import Confirm, Conversation, Do, End, Here, Tell, Write
from conversations.speech import Text, Words, _, lines, n_, verbatim

ROLES = {
    "admin": _("administrator"),
    "staff": _("member of the team"),
    "safeguarding": _("person for children's safety"),
}


def _invited(here: Here) -> Text:
    looked = here["looked"]
    return _("Role: {role}. Organisation: {organisation}. Is that right?").of(
        role=ROLES[looked["role"]], organisation=Words.of(looked["organisation"])
    )


join_staff = Conversation(
    name="join_staff",
    title=_("Joining the team"),
    open_to_all=True,
    steps=(
        *LANGUAGE_FIRST,
        Write(
            name="typed",
            question=_("Please write the code of the invitation."),
            check=clean_code,
            when=lambda here: not here.get("code"),
        ),
        Do(
            name="looked",
            does=LookAtInvite,
            deed=lambda here: LookAtInvite(code_of(here)),
            goto={"good": "sure", "unknown": "unknown", "minor": "minor"},
        ),
        Confirm(name="sure", question=_invited, goto={"no": "later"}),
        Do(
            name="joined",
            does=JoinStaff,
            deed=lambda here: JoinStaff(code_of(here)),
            goto={"joined": "end", "unknown": "unknown", "minor": "minor"},
        ),
        End(name="end", text=_("Welcome to the team! Everything for staff is in the menu, under “For staff”.")),
        End(name="later", text=_("All right. The code works for some days more.")),
        End(name="unknown", text=_("This code does not work (any more). Please ask for a new one.")),
        End(name="minor", text=_("This is for adults. If the age here is not right, our team helps: write “person”.")),
    ),
)


def _code_message(here: Here) -> Text:
    code = here["made"]["code"]
    how = _("In the other chat, write: /start {code}").of(code=code)
    found = tuple(
        _("{channel}: {link}").of(channel=name, link=verbatim(prefix + code))
        for name, prefix in here.facts.people.links
    )
    return lines(how, *found)


add_chat = Conversation(
    name="add_chat",
    title=_("Another phone or app"),
    steps=(
        Confirm(
            name="sure",
            question=_("Use Putokaz on another phone or app too? I make a code for it. Keep it to yourself."),
            goto={"no": "later"},
        ),
        Do(name="made", does=IssueAddressCode, deed=lambda here: IssueAddressCode()),
        Tell(name="message", text=_code_message),  # no question: the code must not stay in the stored state
        End(
            name="end",
            text=lambda here: n_("It works once, for {n} minute.", "It works once, for {n} minutes.").of(
                n=here["made"]["minutes"]
            ),
        ),
        End(name="later", text=_("All right, nothing has changed.")),
    ),
)

link_address = Conversation(
    name="link_address",
    title=_("Joining two chats"),
    open_to_all=True,
    steps=(
        Write(name="code", question=_("Please write the code from the other chat."), check=clean_code),
        Confirm(
            name="sure",
            question=_("Join this chat with the other one? Both then show the same bookings and messages."),
            goto={"no": "later"},
        ),
        Do(
            name="linked",
            does=LinkAddress,
            deed=lambda here: LinkAddress(here["code"]),
            goto={"linked": "end", "unknown": "unknown", "taken": "taken"},
        ),
        End(name="end", text=_("Done: both chats are one now.")),
        End(name="later", text=_("All right, nothing has changed.")),
        End(name="unknown", text=_("This code does not work (any more). Please make a new one in the other chat.")),
        End(name="taken", text=_("This chat already belongs to somebody. It must be deleted first: “my data”.")),
    ),
)
