"""Joining the team of an organisation with a one-time code."""

from __future__ import annotations

from conversations.deeds import WithCode
from conversations.deeds.people import JoinStaff, LookAtInvite
from conversations.people.speaking import LANGUAGE_FIRST
from conversations.people.words import ROLES, clean_code, code_of
from conversations.script import Conversation
from conversations.speech import Text, Words, _
from conversations.steps import Asked, Confirm, Do, End, Here, Step, Write


def _invited(here: Here) -> Text:
    looked = here["looked"]
    return _("Role: {role}. Organisation: {organisation}. Is that right?").of(
        role=ROLES[looked["role"]], organisation=Words.of(looked["organisation"])
    )


def _welcome(here: Here) -> Text:
    if here["joined"].get("role") == "helper":
        return _("Welcome! “Settings” has “My families” now: there you ask a family whether you may act for it.")
    if here["joined"].get("role") == "professional":
        return _("Welcome! Your calendar is in the menu now. Nothing else of the organisation is shown to you.")
    return _("Welcome to the team! Everything for staff is in the menu, under “For staff”.")


def by_invitation(look: type[WithCode], join: type[WithCode], invited: Asked, welcome: Asked) -> tuple[Step, ...]:
    """The steps of somebody who comes with a code: it is looked at, agreed to and used."""
    return (
        *LANGUAGE_FIRST,
        Write(
            name="typed",
            question=_("Please write the code of the invitation."),
            check=clean_code,
            when=lambda here: not here.get("code"),
        ),
        Do(
            name="looked",
            does=look,
            deed=lambda here: look(code_of(here)),
            goto={"good": "sure", "unknown": "unknown", "minor": "minor"},
        ),
        Confirm(name="sure", question=invited, goto={"no": "later"}),
        Do(
            name="joined",
            does=join,
            deed=lambda here: join(code_of(here)),
            goto={"joined": "end", "unknown": "unknown", "minor": "minor"},
        ),
        End(name="end", text=welcome),
        End(name="later", text=_("All right. The code works for some days more.")),
        End(name="unknown", text=_("This code does not work (any more). Please ask for a new one.")),
        End(name="minor", text=_("This is for adults. If the age here is not right, our team helps: write “person”.")),
    )


join_staff = Conversation(
    name="join_staff",
    title=_("Joining the team"),
    open_to_all=True,
    steps=by_invitation(LookAtInvite, JoinStaff, _invited, _welcome),
)
