"""Performing the deeds about calls."""

from __future__ import annotations

from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.knowing import me_of
from bot.language.phones import read_phone
from bot.telling import before_quiet
from conversations.calls.words import LOOK, decided, moved
from conversations.deeds.calls import (
    DecideApplication,
    ForgetDeadline,
    OpenForm,
    RegisterInterest,
    RemindOfDeadline,
    WithdrawInterest,
)
from conversations.speech import Done, Moment, Say, Words
from models import call
from models.listing import Listing
from models.people import Person
from models.reminder import Earlier


def earlier(doing: Doing) -> Earlier:
    """The house's quiet hours, as models ask for them."""
    return lambda at, zone: before_quiet(at, zone, doing.rules)


def register(doing: Doing, deed: RegisterInterest) -> Done:
    """Register one's own interest, if the consent that this needs is there."""
    me = me_of(doing.session, doing.session.get_one(Person, doing.person_id))
    if not me.may_book:
        return Done("consent")
    answers = {key: deed.answers[key] for key in ("why", "when", "reach") if key in deed.answers}
    phone = read_phone(str(deed.answers.get("phone") or ""), "")
    if phone is not None:
        answers["phone"] = phone.number
    try:
        application, new = call.register(doing.session, doing.now, deed.listing_id, doing.person_id, answers)
    except call.Refused as refused:
        return Done(refused.reason)
    return Done("registered" if new else "already", {"number": application.number})


def withdraw(doing: Doing, deed: WithdrawInterest) -> Done:
    """Withdraw one's own interest."""
    try:
        call.withdraw(doing.session, doing.now, deed.listing_id, doing.person_id)
    except call.Refused:
        return Done("gone")
    return Done("withdrawn")


def remind(doing: Doing, deed: RemindOfDeadline) -> Done:
    """Plan reminders of the deadline for who acts."""
    try:
        call.plan_deadline(doing.session, doing.now, deed.listing_id, doing.person_id, earlier(doing))
    except call.Refused as refused:
        return Done(refused.reason)
    return Done("planned")


def forget(doing: Doing, deed: ForgetDeadline) -> Done:
    """Cancel one's own reminders of the deadline."""
    call.drop_deadline(doing.session, deed.listing_id, doing.person_id)
    return Done("done")


def deadline_moved(doing: Doing, listing_id: int) -> int:
    """A call's deadline was moved: plan its reminders anew, and tell who registered or asked to be reminded.

    Returns how many were told; for what is no call, nobody.
    """
    listing = doing.session.get_one(Listing, listing_id)
    if listing.block not in call.CALL_BLOCKS:
        return 0
    planned = call.replan_deadline(doing.session, doing.now, listing_id, earlier(doing))
    if listing.closes_at is None or not call.is_open(listing, doing.now):
        return 0
    applied = {row.person_id for row in call.applications_for(doing.session, listing_id) if row.state == "registered"}
    moment = Moment(listing.closes_at, call.zone_of(doing.session, listing))
    told = 0
    for person_id in sorted(applied | {row.recipient_id for row in planned}):
        button = doing.button(person_id, LOOK, "call", {"listing": listing_id})
        say = Say(moved(Words.of(listing.title), moment), (button,))
        told += doing.tell(person_id, say, "invitation", expires_at=listing.closes_at) is not None
    return told


def open_form(doing: Doing, deed: OpenForm) -> Done:
    """Staff read an application: recorded."""
    found = call.application_for_staff(doing.session, _number(deed.number), doing.person_id)
    if found is None:
        return Done("gone")
    doing.audit("application_read", f"application {found.number}")
    return Done("open")


def decide(doing: Doing, deed: DecideApplication) -> Done:
    """Staff accept or refuse an application; the person is told, and how to ask about it."""
    try:
        found = call.decide(doing.session, doing.now, _number(deed.number), doing.person_id, accepted=deed.accepted)
    except call.Refused:
        return Done("gone")
    doing.audit("application_decided", f"application {found.number}", state=found.state)
    title = Words.of(doing.session.get_one(Listing, found.listing_id).title)
    button = doing.button(found.person_id, LOOK, "call", {"listing": found.listing_id})
    doing.tell(found.person_id, Say(decided(title, accepted=deed.accepted), (button,)), "offer")
    return Done("decided")


def _number(typed: str) -> int:
    """The number of an application; 0, which none has, for what is no number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0


PERFORM: Performers = {
    OpenForm: open_form,
    DecideApplication: decide,
    RegisterInterest: register,
    WithdrawInterest: withdraw,
    RemindOfDeadline: remind,
    ForgetDeadline: forget,
}
