"""Performing the deeds of people about news and about being called, and of staff who call."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.campaigns import reach
from bot.caring.notices import tell_team
from bot.deeds.helping.requests import allowed, reaches
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.phones import read_phone
from conversations.deeds.campaigns import (
    AskCall,
    CountReach,
    DropCall,
    MarkCalled,
    Subscribe,
    Unsubscribe,
)
from conversations.help.callme import ANOTHER_CALL, HOURS, NOT_ANSWERED
from conversations.speech import Done, Say
from models.campaigns import subscription
from models.campaigns.audience import agreed_to_messages
from models.caring import callback, case, reading
from models.messages.message import Outgoing
from models.who.people import Address
from models.who.person import below_consent

TRIES_TOLD = 3
"""Of so many calls that nobody answered the person is told."""


# ---------------------------------------------------------------- what somebody wants to hear of


def subscribe(doing: Doing, deed: Subscribe) -> Done:
    """Subscribe who agreed to messages; who has not is asked first, and for a child a guardian is."""
    session, person = doing.session, doing.actor()
    if person.stopped_at is not None:
        return Done("stopped")
    own, by_guardian = agreed_to_messages(session, (person.id,))
    alone = bool(person.band) and not below_consent(session, person)
    if not by_guardian and not (own and alone):
        return Done("agree" if alone else "guardian")
    subscription.subscribe(session, doing.now, person.id, deed.topic)
    return Done("subscribed")


def unsubscribe(doing: Doing, deed: Unsubscribe) -> Done:
    """One's own subscription ends at once."""
    ended = subscription.unsubscribe(doing.session, doing.person_id, deed.topic)
    last = not subscription.topics_of(doing.session, doing.person_id)
    if deed.topic == "week" or last:  # one that waits for the morning does not come any more
        mine = select(Address.id).where(Address.person_id == doing.person_id)
        doing.session.execute(
            update(Outgoing)
            .where(Outgoing.address_id.in_(mine), Outgoing.kind == "digest", Outgoing.state == "waiting")
            .values(state="cancelled", reason="unsubscribed")
        )
    return Done("ended" if ended else "none")


def count_reach(doing: Doing, deed: CountReach) -> Done:
    """Count by day; nobody is named."""
    reach.count(doing.session, doing.now, doing.rules, deed.kind, deed.about_id, deed.what)
    return Done("done")


# ---------------------------------------------------------------- call me


def ask_call(doing: Doing, deed: AskCall) -> Done:
    """Note the number and the hour beside the person's request, and tell the team that somebody waits."""
    phone = read_phone(deed.phone, "")
    if phone is None or deed.wanted not in HOURS:
        return Done("unreadable")
    request, _new = case.open_request(doing.session, doing.now, doing.person_id, doing.address_id or None)
    if not callback.ask(doing.session, doing.now, request.id, doing.person_id, phone.number, deed.wanted):
        return Done("changed")
    fresh = case.add_message(doing.session, doing.now, request, doing.person_id, deed.words, about=case.CALL)
    told = tell_team(doing, request) if fresh else len(reading.readers(doing.session, request))
    return Done("asked" if told else "nobody")


def mark_called(doing: Doing, deed: MarkCalled) -> Done:
    """Staff have called. With an answer the number goes; how long it took stays, and who called."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    outcome = callback.called(doing.session, doing.now, request.id, doing.person_id, reached=deed.reached)
    doing.audit(f"callback.{outcome}", f"request {request.id}")
    wish = callback.waiting(doing.session, request.id) if outcome == "tried" else None
    if wish is not None and wish.tries <= TRIES_TOLD:
        again = doing.button(request.person_id, ANOTHER_CALL, "call_again", {})
        reaches(doing, request, Say(NOT_ANSWERED, (again,)))
    return Done(outcome)


def drop_call(doing: Doing, _deed: DropCall) -> Done:
    """The number goes at once, and the team reads in the request that nobody needs to call."""
    wish = callback.of_person(doing.session, doing.person_id)
    if wish is None:
        return Done("gone")
    request, _new = case.open_request(doing.session, doing.now, doing.person_id, doing.address_id or None)
    callback.end(doing.session, wish.request_id)
    if case.add_message(doing.session, doing.now, request, doing.person_id, "", about=case.CALL_OFF):
        tell_team(doing, request)
    doing.audit("callback.dropped", f"request {request.id}")
    return Done("dropped")


PERFORM: Performers = {
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
    CountReach: count_reach,
    AskCall: ask_call,
    DropCall: drop_call,
    MarkCalled: mark_called,
}
