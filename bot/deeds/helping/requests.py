"""Performing the deeds about requests, the team's side. Every one asks again who acts and whether they may."""

from __future__ import annotations

from bot.arriving.numbers import number
from bot.arriving.sent import attachment_of
from bot.caring.notices import tell_handed
from bot.caring.safeguarding import begin
from bot.deeds.helping.safety import close_case, give_case
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.help import AnswerRequest, CloseRequest, HandOver, OpenRequest, TakeRequest
from conversations.deeds.safety import CloseCase, GiveCase
from conversations.help.thread import SHOW, SOMETHING_NEW, WRITE_BACK, attached, from_team
from conversations.speech import Done, Say
from models.caring import case, handling, reading, safety
from models.who.people import Address, Person


def allowed(doing: Doing, request_id: str) -> case.Request | None:
    """The request, locked, if who acts may read it and nobody has closed it."""
    request = handling.locked(doing.session, number(request_id))
    if request is None or request.state == "closed" or not reading.may_read(doing.session, request, doing.person_id):
        return None
    return request


def open_request(doing: Doing, deed: OpenRequest) -> Done:
    """Record that it was read, mark its messages as seen, and show what was attached to them."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    if request.kind == "safety":  # whoever opens a case has it
        safety.acknowledge(doing.session, doing.now, request, doing.person_id)
    doing.audit("request_read", f"request {request.id}", kind=request.kind)
    for message in handling.mark_seen(doing.session, doing.now, request):
        if message.attachment_id is not None:
            doing.hand(Say(attached(message.text), relay=message.attachment_id))
    return Done("open")


def answer_request(doing: Doing, deed: AnswerRequest) -> Done:
    """Send the team's answer to where the person wrote from, with a button to write back."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    attachment_id = attachment_of(doing, deed.attachment)
    if (deed.attachment and attachment_id is None) or not (deed.words or deed.attachment):
        return Done("lost")
    if request.kind == "safety":
        safety.acknowledge(doing.session, doing.now, request, doing.person_id)
        if safety.in_hand(doing.session, request).write_here == "no":
            return Done("not_here")
        say = Say(SOMETHING_NEW, (doing.button(request.person_id, SHOW, "quiet_news", {}),))
    else:
        button = doing.button(request.person_id, WRITE_BACK, "write_back", {"answering": True})
        say = Say(from_team(deed.words, sent=attachment_id is not None), (button,), relay=attachment_id)
    if not reaches(doing, request, say):
        return Done("unreachable")
    handling.mark_seen(doing.session, doing.now, request)
    case.add_message(doing.session, doing.now, request, doing.person_id, deed.words, attachment_id)
    if request.state == "open":
        handling.take(doing.session, doing.now, request, doing.person_id)
    doing.audit("request_answered", f"request {request.id}", kind=request.kind)
    return Done("sent")


def reaches(doing: Doing, request: case.Request, say: Say) -> bool:
    """Send to the address the person wrote from, else to the one that reaches them best. False if none does."""
    person = doing.session.get_one(Person, request.person_id)
    address = doing.session.get(Address, request.address_id) if request.address_id else None
    if person.erased_at is None and address is not None and address.active and address.person_id == person.id:
        doing.tell_at(address, say, "reply")
        return True
    return doing.tell(person.id, say, "reply") is not None


def take_request(doing: Doing, deed: TakeRequest) -> Done:
    """The request is of who acts now."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    if request.kind == "safety":
        safety.acknowledge(doing.session, doing.now, request, doing.person_id)
    else:
        handling.take(doing.session, doing.now, request, doing.person_id)
    doing.audit("request_taken", f"request {request.id}", kind=request.kind)
    return Done("taken")


def hand_over(doing: Doing, deed: HandOver) -> Done:
    """Give it to a colleague who may read it too, or back to everybody; a case goes to somebody by name, or round."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    if not deed.to:
        handling.put_back(doing.session, doing.now, request)
        if request.kind == "safety":
            safety.in_hand(doing.session, request).next_at = None
            begin(doing, request)
        doing.audit("request_put_back", f"request {request.id}", kind=request.kind)
        return Done("back")
    if request.kind == "safety":
        return give_case(doing, GiveCase(deed.request_id, deed.to))
    to_id = number(deed.to)
    if not reading.may_read(doing.session, request, to_id):
        return Done("gone")
    handling.take(doing.session, doing.now, request, to_id)
    doing.audit("request_handed", f"request {request.id}", kind=request.kind, to=to_id)
    tell_handed(doing, request, to_id)
    return Done("handed")


def close_request(doing: Doing, deed: CloseRequest) -> Done:
    """End it."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    if request.kind == "safety":
        return close_case(doing, CloseCase(deed.request_id, false_alarm=False))
    handling.close(doing.session, doing.now, request)
    doing.audit("request_closed", f"request {request.id}", kind=request.kind)
    return Done("closed")


PERFORM: Performers = {
    OpenRequest: open_request,
    AnswerRequest: answer_request,
    TakeRequest: take_request,
    HandOver: hand_over,
    CloseRequest: close_request,
}
