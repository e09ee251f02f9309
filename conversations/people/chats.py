"""The chats of one person: another phone or app joins, one is chosen for reminders, one is let go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.deeds.chats import (
    AskToJoin,
    IssueAddressCode,
    JoinChats,
    LookAtAddressCode,
    PreferChat,
    RefuseChat,
    UnlinkChat,
)
from conversations.facts.people import Chat
from conversations.people.bringing import brings
from conversations.people.handing_on import pages
from conversations.people.words import clean_code, code_of
from conversations.script import Conversation
from conversations.speech import Button, Moment, Say, Text, _, lines, n_
from conversations.standing import About, StandingAction
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Tell, Write

CANNOT: Mapping[str, Text] = {
    "ages": _("The age groups of the two chats are different, so they stay two. Our team helps: write “person”."),
    "kin": _("These two chats are two people who are linked with each other, so they stay two."),
    "taken_back": _(
        "In one of the chats “taking part” was taken back. Say yes again in “my data” there, then try again."
    ),
    "asking": _("Both chats have a question to different teams. Once one is answered, this works."),
}
"""Why two chats stay two."""

_GONE = _("This code does not work (any more). Please make a new one in the other chat.")

# ---------------------------------------------------------------- what the other chat is told


def question_to_owner(name: str, counted: Mapping[str, Any], yes: Button, no: Button) -> Say:
    """What the chat that made the code is asked once the other one wants to join."""
    return Say(
        lines(
            _("Another chat ({chat}) wants to be one with this one: both would show the same.").of(chat=name),
            brings(counted),
            _("Is that you? If you do not know it, say no."),
        ),
        (yes, no),
    )


YES = _("✅ Yes, that is me")
NO = _("No, I do not know it")
JOINED = _("Done: both chats are one now.")
REFUSED = _("The other chat said no. Nothing has changed.")
CLASH = _("Two bookings may be at the same time now: please look at “my bookings”.")


def taken_away(name: str) -> Say:
    """What the other chats are told when one has left."""
    return Say(_("A chat was taken away from you: {chat}. Everything else stays here.").of(chat=name))


# ---------------------------------------------------------------- making a code


def code_message(here: Here) -> Text:
    """How a code is used, after a step "made"."""
    made = here["made"]
    how = _("In the other chat, write: /start {code}").of(code=made["short"])
    return lines(how, *pages(here, made["code"]))


add_chat = Conversation(
    name="add_chat",
    title=_("Another phone or app"),
    steps=(
        Confirm(
            name="sure",
            question=_("Use Putokaz on another phone or app too? I make a code for it. Keep it to yourself."),
            goto={"no": "later"},
        ),
        Do(
            name="made",
            does=IssueAddressCode,
            deed=lambda here: IssueAddressCode(),
            goto={"made": "message", "refused": "later"},
        ),
        Tell(name="message", text=code_message),  # no question: the code must not stay in the stored state
        End(
            name="end",
            text=lambda here: n_(
                "It works once, for {n} minute. Then I ask here whether it was you.",
                "It works once, for {n} minutes. Then I ask here whether it was you.",
            ).of(n=here["made"]["minutes"]),
        ),
        End(name="later", text=_("All right, nothing has changed.")),
    ),
)


# ---------------------------------------------------------------- using it


def _joining(here: Here) -> Text:
    counted = brings(here["looked"].get("brings") or {})
    if here["looked"].get("own"):
        return lines(_("Is this your own phone now? Your bookings and messages come here then."), counted)
    if counted is None:
        return _("Join this chat with the other one? Both then show the same bookings and messages.")
    return lines(
        _("Join this chat with the other one? Only if the other phone is yours too: whoever has it sees all of this."),
        counted,
    )


def _to_be_confirmed(here: Here) -> Text:
    if here["looked"].get("own"):
        return _("Now look at the other phone: there I ask whether this is right. After its yes, it all comes here.")
    return _("Now look at the other chat: it asks whether this is you. After its yes, both are one.")


_WHY = {reason: reason for reason in CANNOT}

link_address = Conversation(
    name="link_address",
    title=_("Joining two chats"),
    open_to_all=True,
    steps=(
        Write(
            name="typed",
            question=_("Please write the code from the other chat."),
            check=clean_code,
            when=lambda here: not here.get("code"),
        ),
        Do(
            name="looked",
            does=LookAtAddressCode,
            deed=lambda here: LookAtAddressCode(code_of(here)),
            goto={"good": "sure", "same": "same", "unknown": "unknown", **_WHY},
        ),
        Confirm(name="sure", question=_joining, goto={"no": "later"}),
        Do(
            name="asked",
            does=AskToJoin,
            deed=lambda here: AskToJoin(code_of(here)),
            goto={"asked": "end", "same": "same", "unknown": "unknown", "unreachable": "unknown", **_WHY},
        ),
        End(name="end", text=_to_be_confirmed),
        End(name="same", text=_("These two chats are one already.")),
        End(name="later", text=_("All right, nothing has changed.")),
        End(name="unknown", text=_GONE),
        *(End(name=reason, text=why) for reason, why in CANNOT.items()),
    ),
)


def _joined(about: About) -> Text:
    done = (
        _("Done: {name} writes from their own phone now.").of(name=about["called"]) if about.get("called") else JOINED
    )
    return lines(done, CLASH) if about.get("clash") else done


_ANSWERED = _("This is answered already, or it is too late. Under settings you see which chats are yours.")

STANDING: tuple[StandingAction, ...] = (
    StandingAction(
        name="join_chats",
        does=JoinChats,
        deed=lambda about: JoinChats(int(about["person"]), int(about["address"]), about.get("into")),
        says={"joined": _joined, "gone": _GONE, **CANNOT},
    ),
    StandingAction(
        name="refuse_chat",
        does=RefuseChat,
        deed=lambda about: RefuseChat(int(about["person"]), int(about["address"]), about.get("into")),
        says={
            "refused": _("Good that you looked. Nothing was joined. Please make no code for anybody else."),
            "gone": _ANSWERED,
        },
    ),
)


# ---------------------------------------------------------------- all of them


def _chat(here: Here) -> Chat | None:
    return next((chat for chat in here.facts.people.chats() if str(chat.address_id) == str(here.get("chat"))), None)


def _about(chat: Chat) -> Text:
    heard = _("Last message: {day}").of(day=Moment(chat.heard.at, chat.heard.zone, "date")) if chat.heard else None
    return lines(
        _name(chat),
        heard,
        _("🔔 Reminders come here.") if chat.reminders else None,
        None if chat.active else _("⚠️ It cannot be reached."),
    )


def _name(chat: Chat) -> Text:
    return _("{chat} (this one)").of(chat=chat.name) if chat.this else _("{chat}").of(chat=chat.name)


def _items(here: Here, offset: int, size: int) -> Page:
    known = here.facts.people.chats()
    return Page(
        tuple(Item(str(chat.address_id), _about(chat), _name(chat)) for chat in known[offset : offset + size]),
        len(known),
    )


def _further(here: Here) -> Mapping[str, Text]:
    ways = {
        "add": _("➕ Another phone or app"),
        "code": _("🔑 I have a code"),
        "others": _("👥 Others on this phone"),
    }
    if here.facts.people.joined() is not None:
        ways["apart"] = _("✂️ We are two people")
    return ways


def _card(here: Here) -> Text:
    chat = _chat(here)
    return _about(chat) if chat else _("This chat is not joined any more.")


def _ways(here: Here) -> Mapping[str, Text]:
    chat = _chat(here)
    if chat is None:
        return {"back": _("All right")}
    ways = {"last": _("Reminders to where I wrote last")} if chat.chosen else {"here": _("🔔 Reminders to this chat")}
    if len(here.facts.people.chats()) > 1:
        ways["unlink"] = _("❌ Take this chat away")
    return {**ways, "back": _("All right")}


def _unlinking(here: Here) -> Text:
    chat = _chat(here)
    if chat is not None and chat.this:
        return _("This chat will know nothing more of you. Everything stays in the others. Take it away?")
    return _("The other phone will see nothing of you any more. Everything stays here. Take it away?")


chats = Conversation(
    name="chats",
    title=_("My phones and apps"),
    steps=(
        Browse(
            name="chat",
            question=_("Here we can reach each other:"),
            items=_items,
            empty="end",
            choices=_further,
            goto={
                "add": Open("add_chat"),
                "code": Open("link_address"),
                "others": Open("sharing"),
                "apart": Open("apart"),
            },
        ),
        Choose(
            name="what",
            question=_card,
            choices=_ways,
            goto={"here": "prefer", "last": "prefer", "unlink": "sure", "back": "end"},
            otherwise="end",
        ),
        Do(
            name="prefer",
            does=PreferChat,
            deed=lambda here: PreferChat(int(here["chat"]) if here["what"] == "here" else None),
            goto={"set": "saved", "gone": "gone"},
        ),
        Confirm(name="sure", question=_unlinking, goto={"no": "end"}),
        Do(
            name="unlinked",
            does=UnlinkChat,
            deed=lambda here: UnlinkChat(int(here["chat"])),
            goto={"unlinked": "away", "only": "gone"},
        ),
        End(name="away", text=_("Done: that chat is apart now.")),
        End(name="saved", text=_("Done, it is saved.")),
        End(name="gone", text=_("This chat is not joined any more.")),
        End(name="end", text=_("All right.")),
    ),
)
