"""Performing the deeds about calls."""

from __future__ import annotations

from collections.abc import Callable

from bot.arriving.knowing import consented
from bot.arriving.numbers import number
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.phones import read_phone
from bot.offering.describing import name_for, title_of
from bot.offering.registered import tell_registered
from bot.telling import earlier
from conversations.calls import words
from conversations.deeds.calls import (
    DecideApplication,
    ForgetDeadline,
    OpenForm,
    RegisterInterest,
    RemindOfDeadline,
    WithdrawInterest,
)
from conversations.speech import Done, Moment, Say, Text, Words
from models.messages.reminder import recipients
from models.offers import call, deadline
from models.offers.listing import Listing
from models.who import person as people
from models.who.acting import may_change, speaks_for
from models.who.people import Person


def register(doing: Doing, deed: RegisterInterest) -> Done:
    """Register interest: who acts must speak for the person, and the consent that this needs must stand."""
    person = _spoken_for(doing, deed.person_id)
    if person is None:
        return Done("denied")
    if not consented(doing.session, person):
        return Done("consent")
    answers = {key: deed.answers[key] for key in ("why", "when", "reach") if key in deed.answers}
    phone = read_phone(str(deed.answers.get("phone") or ""), "")
    if phone is not None:
        answers["phone"] = phone.number
    try:
        application, new = call.register(doing.session, doing.now, deed.listing_id, person.id, answers, doing.person_id)
    except call.Refused as refused:
        return Done(refused.reason)
    if new:
        doing.audit("interest registered", f"application {application.number}", person=person.id)
        _tell_others(doing, application, words.registered_by_other)
        tell_registered(doing, application.listing_id)
    return Done("registered" if new else "already", {"number": application.number})


def _spoken_for(doing: Doing, person_id: int) -> Person | None:
    """The person to register or withdraw (0: who acts), if who acts may; a guardian's link is locked."""
    whom = person_id or doing.person_id
    if whom != doing.person_id:
        people.speaks_for(doing.session, doing.person_id, whom)
        if not speaks_for(doing.session, doing.person_id, whom, doing.now):
            return None
    person = doing.session.get(Person, whom)
    return person if person is not None and person.erased_at is None else None


def those_concerned(doing: Doing, application: call.Application) -> list[int]:
    """The person, their guardians who want to hear of them, and the guardian who registered: as for bookings."""
    concerned = recipients(doing.session, application.person_id)
    by = application.registered_by_id
    if by is not None and by not in concerned:
        concerned.append(by)
    return [one for one in concerned if speaks_for(doing.session, one, application.person_id, doing.now)]


def _tell_others(doing: Doing, application: call.Application, text: Callable[[Words, Text | str], Text]) -> None:
    """Tell the others concerned what the one who acts has done: the guardian, or the child."""
    listing = doing.session.get_one(Listing, application.listing_id)
    for person_id in those_concerned(doing, application):
        if person_id != doing.person_id:
            child = name_for(doing.session, application.person_id, person_id)
            button = doing.button(person_id, words.LOOK, "call", {"listing": listing.id})
            say = Say(text(Words.of(listing.title), child), (button,))
            doing.tell(person_id, say, "reminder", listing_id=listing.id)


def withdraw(doing: Doing, deed: WithdrawInterest) -> Done:
    """Withdraw one's own interest, or that of somebody one speaks for."""
    whom = deed.person_id or doing.person_id
    people.speaks_for(doing.session, doing.person_id, whom)
    found = call.application_of(doing.session, deed.listing_id, whom)
    by = found.registered_by_id or whom if found is not None else whom
    if found is None or not may_change(doing.session, doing.now, doing.person_id, whom, by):
        return Done("gone")
    try:
        application = call.withdraw(doing.session, doing.now, deed.listing_id, whom)
    except call.Refused:
        return Done("gone")
    doing.audit("interest withdrawn", f"application {application.number}", person=whom)
    _tell_others(doing, application, words.withdrawn_by_other)
    return Done("withdrawn")


def remind(doing: Doing, deed: RemindOfDeadline) -> Done:
    """Plan reminders of the deadline for who acts, and for those who hear of it with them."""
    try:
        deadline.plan_deadline(doing.session, doing.now, deed.listing_id, doing.person_id, earlier(doing.rules))
    except call.Refused as refused:
        return Done(refused.reason)
    for person_id in _hear_along(doing, deed.listing_id):
        deadline.plan_along(doing.session, doing.now, deed.listing_id, person_id, earlier(doing.rules))
    return Done("planned")


def _hear_along(doing: Doing, listing_id: int) -> list[int]:
    """Who is reminded with who acts: their own guardians who want it, and their children who have registered."""
    with_me = recipients(doing.session, doing.person_id)
    for application in call.applications_for(doing.session, listing_id):
        if speaks_for(doing.session, doing.person_id, application.person_id):
            with_me += recipients(doing.session, application.person_id)
    return [person_id for person_id in dict.fromkeys(with_me) if person_id != doing.person_id]


def forget(doing: Doing, deed: ForgetDeadline) -> Done:
    """Cancel one's own reminders of the deadline."""
    deadline.drop_deadline(doing.session, deed.listing_id, doing.person_id)
    return Done("done")


def deadline_moved(doing: Doing, listing_id: int) -> int:
    """A call's deadline was moved: plan its reminders anew, and tell who registered or asked to be reminded.

    Returns how many were told; for what is no call, nobody.
    """
    listing = doing.session.get_one(Listing, listing_id)
    if listing.block not in call.CALL_BLOCKS:
        return 0
    planned = deadline.replan_deadline(doing.session, doing.now, listing_id, earlier(doing.rules))
    if listing.closes_at is None or not call.is_open(listing, doing.now):
        return 0
    waiting = [row for row in call.applications_for(doing.session, listing_id) if row.state == "registered"]
    applied = {person_id for row in waiting for person_id in those_concerned(doing, row)}
    moment = Moment(listing.closes_at, call.zone_of(doing.session, listing))
    told = 0
    for person_id in sorted(applied | {row.recipient_id for row in planned}):
        button = doing.button(person_id, words.LOOK, "call", {"listing": listing_id})
        say = Say(words.moved(Words.of(listing.title), moment), (button,))
        told += (
            doing.tell(person_id, say, "invitation", expires_at=listing.closes_at, listing_id=listing_id) is not None
        )
    return told


def open_form(doing: Doing, deed: OpenForm) -> Done:
    """Staff read an application: recorded."""
    found = call.application_for_staff(doing.session, number(deed.number), doing.person_id)
    if found is None:
        return Done("gone")
    doing.audit("application_read", f"application {found.number}")
    return Done("open")


def decide(doing: Doing, deed: DecideApplication) -> Done:
    """Staff accept or refuse an application; the person is told, and how to ask about it."""
    try:
        found = call.decide(doing.session, doing.now, number(deed.number), doing.person_id, accepted=deed.accepted)
    except call.Refused:
        return Done("gone")
    doing.audit("application_decided", f"application {found.number}", state=found.state)
    title = title_of(doing.session, found.listing_id)
    for person_id in those_concerned(doing, found):
        button = doing.button(person_id, words.LOOK, "call", {"listing": found.listing_id})
        child = name_for(doing.session, found.person_id, person_id)
        say = Say(words.decided(title, child, accepted=deed.accepted), (button,))
        doing.tell(person_id, say, "offer", listing_id=found.listing_id)
    return Done("decided")


PERFORM: Performers = {
    OpenForm: open_form,
    DecideApplication: decide,
    RegisterInterest: register,
    WithdrawInterest: withdraw,
    RemindOfDeadline: remind,
    ForgetDeadline: forget,
}
