"""A child, or somebody on a shared phone, gets a phone of their own: what is known of them moves there with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.chats import IssueAddressCode
from conversations.people.bringing import brings
from conversations.people.chats import code_message
from conversations.script import Conversation
from conversations.speech import Button, Say, Text, _, lines, n_, verbatim
from conversations.steps import Confirm, Do, End, Here, Tell

OWN_PHONE = _("📱 Has their own phone now")
YES = _("✅ Yes, that is the phone")


def _who(called: str) -> Text:
    return verbatim(called) if called else _("The child")


def question(called: str, name: str, counted: Mapping[str, Any], yes: Button, no: Button) -> Say:
    """What the chat that made the code is asked once a phone says that it is theirs."""
    return Say(
        lines(
            _("Another chat ({chat}) has used the code.").of(chat=name),
            brings(counted),
            _("Is that {name}'s own phone? If you do not know it, say no.").of(name=_who(called)),
        ),
        (yes, no),
    )


def moved(called: str) -> Text:
    """To the new phone, once it is theirs."""
    return _("Done, {name}: this is your chat now. Your bookings are here.").of(name=_who(called))


own_phone = Conversation(
    name="own_phone",
    title=_("Their own phone"),
    steps=(
        Confirm(
            name="sure",
            question=lambda here: lines(
                _("Does {name} have a phone now? I make a code for it.").of(name=_who(here["called"])),
                _("Bookings and messages go there then. What you agreed to stays as it is."),
            ),
            goto={"no": "later"},
        ),
        Do(
            name="made",
            does=IssueAddressCode,
            deed=lambda here: IssueAddressCode(int(here["person"])),
            goto={"made": "message", "refused": "refused"},
        ),
        Tell(name="message", text=code_message),
        End(
            name="end",
            text=lambda here: n_(
                "It works once, for {n} minute. Then I ask here whether it is the right phone.",
                "It works once, for {n} minutes. Then I ask here whether it is the right phone.",
            ).of(n=here["made"]["minutes"]),
        ),
        End(name="refused", text=_("That is not possible: there is a phone already, or the link has ended.")),
        End(name="later", text=_("All right, nothing has changed.")),
    ),
)


def whose(person_id: int, called: str) -> dict[str, object]:
    """The seed of this conversation."""
    return {"person": person_id, "called": called}


def of_child(here: Here) -> dict[str, object]:
    """The seed for the child that a guardian is looking at."""
    child = next(one for one in here.facts.people.children() if str(one.person_id) == str(here["child"]))
    return whose(child.person_id, child.called)


def of_sharer(here: Here) -> dict[str, object]:
    """The seed for who is being looked at of those on a shared phone."""
    one = next(one for one in here.facts.people.sharers() if str(one.person_id) == str(here["who"]))
    return whose(one.person_id, one.called)


def of_family(here: Here) -> dict[str, object]:
    """The seed for who gave the mandate that a helper is looking at."""
    one = next(one for one in here.facts.people.families() if str(one.mandate_id) == str(here["family"]))
    return whose(one.people[0][0], one.people[0][1])
