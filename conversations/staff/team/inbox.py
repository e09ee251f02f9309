"""The inbox: who waits for an answer from the team, what they wrote, and the answer back."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.campaigns import MarkCalled
from conversations.deeds.help import AnswerRequest, CloseRequest, HandOver, OpenRequest, TakeRequest
from conversations.help.thread import as_text, in_list, who
from conversations.script import Conversation
from conversations.speech import Text, _
from conversations.staff.team import replying
from conversations.standing import StandingAction
from conversations.steps import Attach, Browse, Choose, Confirm, Do, End, Here, Item, Open, Page, Step, Tell


def _items(here: Here, offset: int, size: int) -> Page:
    waiting, total = here.facts.help.inbox(offset, size)
    items = tuple(Item(str(one.request_id), in_list(one), _("Open: {who}").of(who=who(one))) for one in waiting)
    return Page(items, total)


def _thread(here: Here) -> Text:
    thread = here.facts.help.thread(here["request"])
    return as_text(thread) if thread else _("This request is closed, or it is not yours to see.")


def _ways(here: Here) -> Mapping[str, Text]:
    thread = here.facts.help.thread(here["request"])
    if thread is None:
        return {"list": _("All requests")}
    called = {"called": _("☎️ I have called"), "missed": _("☎️ Nobody answered")} if thread.call else {}
    ways = {**called, "answer": _("Answer")}
    if not thread.waiting.mine:
        ways["take"] = _("I take it")
    if thread.waiting.taken or here.facts.help.colleagues(here["request"]):
        ways["hand"] = _("Hand over")
    if thread.waiting.kind == "place":
        ways["cleaned"] = _("🧹 It is clean now")
    if thread.joined:
        ways["two"] = _("✂️ They are two people")
    return {**ways, "close": _("Close"), "list": _("All requests")}


def _colleagues(here: Here) -> Mapping[str, Text]:
    found: dict[str, Text] = {"everybody": _("Back to everybody")}
    for person_id, called in here.facts.help.colleagues(here["request"]):
        found[person_id] = replying.colleague(person_id, called)
    return found


def _answer(here: Here) -> AnswerRequest:
    sent = here["answer"] or {}
    return AnswerRequest(here["request"], str(sent.get("text") or ""), str(sent.get("attachment") or ""))


def _hand(here: Here) -> HandOver:
    return HandOver(here["request"], "" if here["to"] == "everybody" else here["to"])


_STEPS: tuple[Step, ...] = (
    Browse(
        name="request",
        question=_("These people wait for an answer. Opening one is recorded."),
        items=_items,
        empty="none",
    ),
    Do(
        name="open",
        does=OpenRequest,
        deed=lambda here: OpenRequest(here["request"]),
        goto={"open": "what", "gone": "gone"},
    ),
    Choose(
        name="what",
        question=_thread,
        choices=_ways,
        page=8,
        goto={
            "called": "call",
            "missed": "call",
            "answer": "answer",
            "take": "take",
            "hand": "to",
            "cleaned": Open("cleaned", lambda here: {"request": here["request"]}),
            "two": Open("two", lambda here: {"request": here["request"]}),
            "close": "sure",
            "list": "request",
        },
    ),
    Do(
        name="call",
        does=MarkCalled,
        deed=lambda here: MarkCalled(here["request"], here["what"] == "called"),
        goto={"called": "is_called", "tried": "what", "gone": "gone"},
    ),
    Tell(name="is_called", text=_("✅ Noted. The number is deleted."), otherwise="what"),
    Attach(
        name="answer",
        question=_("Write the answer, or send a photo or a voice note. It goes out as it is, from our team."),
        kinds=("voice", "photo", "file"),
        check=replying.answer,
    ),
    Do(
        name="send",
        does=AnswerRequest,
        deed=_answer,
        goto={"sent": "sent", "unreachable": "unreachable", "lost": "lost", "gone": "gone", "not_here": "gone"},
    ),
    Do(
        name="take",
        does=TakeRequest,
        deed=lambda here: TakeRequest(here["request"]),
        goto={"taken": "what", "gone": "gone"},
    ),
    Choose(name="to", question=_("Who goes on with it?"), choices=_colleagues),
    Do(name="hand", does=HandOver, deed=_hand, goto={"handed": "handed", "back": "back", "gone": "gone"}),
    Confirm(
        name="sure",
        question=_("Close this request? If the person writes again, a new one opens."),
        yes=_("Yes, close it"),
        no=_("No"),
        goto={"no": "what"},
    ),
    Do(
        name="close",
        does=CloseRequest,
        deed=lambda here: CloseRequest(here["request"]),
        goto={"closed": "closed", "gone": "gone"},
    ),
    *replying.ENDED,
    End(name="lost", text=_("That file did not arrive in one piece. Nothing was sent. Please try again.")),
    End(name="handed", text=_("Handed over. Your colleague has been told.")),
    End(name="back", text=_("Everybody in the team can take it again.")),
    End(name="gone", text=_("This request is closed, or it is not yours to see.")),
    End(name="none", text=_("Nobody is waiting for an answer.")),
)

inbox = Conversation(
    name="inbox",
    title=_("Inbox"),
    command="inbox",
    about=_("who waits for an answer"),
    role="staff",
    alone=True,
    steps=_STEPS,
)

CONVERSATIONS: tuple[Conversation, ...] = (inbox,)
STANDING: tuple[StandingAction, ...] = (
    StandingAction(name="request", opens="inbox"),
    StandingAction(name="inbox", opens="inbox"),
)
