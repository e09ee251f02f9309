"""Performing the deeds about people: what somebody says of themself, agrees to, stops or has erased."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from bot.deeds.people import acting, apart, chats, growing, guardians, joining, paper, sharing, two_again
from bot.deeds.people.agreeing import agree_alone
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.people.people import keepers
from bot.language.languages import BY_TAG
from conversations.deeds.people import (
    Agree,
    EraseMe,
    SetBand,
    SetCalled,
    SetInterests,
    SetLanguage,
    Settle,
    SetTown,
    StartMessages,
    StopMessages,
    Withdraw,
)
from conversations.people.words import ATTEND, CHILD_MAY_NO_MORE, NEWS, privacy_card
from conversations.speech import Done, Say
from models.messages.reminder import stop_reminding
from models.prepared import Prepared
from models.who import consent, erasure
from models.who import person as people
from models.who.people import Person
from models.who.profile import change, profile_of

_SPEAK = Prepared(
    lambda _dialect: (
        update(Person).where(Person.id == bindparam("person")).values(tag=bindparam("tag"), language_chosen=True)
    )
)


def set_language(doing: Doing, deed: SetLanguage) -> Done:
    """Speak a language from now on; one that there is not is left alone."""
    if deed.tag in BY_TAG:
        _SPEAK.run(doing.session, person=doing.person_id, tag=deed.tag)
    return Done("set")


def set_band(doing: Doing, deed: SetBand) -> Done:
    """Store the age band."""
    told = profile_of(doing.session, doing.person_id)
    return Done("set" if people.set_band(doing.session, doing.now, told, deed.band) else "person")


def set_town(doing: Doing, deed: SetTown) -> Done:
    """Store the town."""
    told = profile_of(doing.session, doing.person_id)
    return Done("set" if people.set_town(doing.session, told, deed.town) else "person")


def set_interests(doing: Doing, deed: SetInterests) -> Done:
    """Store the interests."""
    people.set_interests(doing.session, doing.person_id, deed.subjects)
    return Done("set")


def set_called(doing: Doing, deed: SetCalled) -> Done:
    """Store what the person wants to be called."""
    doing.actor().called = deed.called
    return Done("set")


def settle(doing: Doing, deed: Settle) -> Done:
    """End the welcome; record the consents of who may give them alone."""
    person = profile_of(doing.session, doing.person_id)
    if person.welcomed_at is None:
        change(doing.session, person.id, welcomed_at=doing.now)
    if person.band and not people.below_consent(doing.session, person):
        shown = {"attend": privacy_card(keepers(doing.session))}
        agree_alone(doing, person, shown | {"messages": NEWS} if deed.messages else shown)
    return Done("settled")


def agree(doing: Doing, deed: Agree) -> Done:
    """Record a consent of one's own, given later."""
    person = profile_of(doing.session, doing.person_id)
    if not person.band or people.below_consent(doing.session, person):
        return Done("guardian")
    agree_alone(doing, person, {deed.purpose: NEWS if deed.purpose == "messages" else ATTEND})
    return Done("agreed")


def withdraw(doing: Doing, deed: Withdraw) -> Done:
    """Take back what one agreed to, for oneself or for a child one speaks for (or spoke for)."""
    session, who = doing.session, deed.child_id if deed.child_id is not None else doing.person_id
    purposes = consent.PURPOSES if deed.purpose == "all" else (deed.purpose,)
    ended = consent.withdraw(session, doing.now, who, purposes, given_by_id=doing.person_id)
    if not ended:
        return Done("nothing")
    cancelled = erasure.end_bookings(session, doing.now, who) if "attend" in purposes else 0
    if deed.child_id is not None:
        link = people.speaks_for(session, doing.person_id, who)
        if link is not None and "reminders" in purposes:
            link.reminders = False
            stop_reminding(session, doing.person_id, who, "not wanted")
        if "attend" in purposes and not consent.stands(session, who, "attend"):
            doing.tell(who, Say(CHILD_MAY_NO_MORE), "confirmation")
    doing.audit("consent withdrawn", f"person {who}", purpose=deed.purpose, cancelled=cancelled)
    return Done("withdrawn", {"cancelled": cancelled})


def stop_messages(doing: Doing, _deed: StopMessages) -> Done:
    """Write nothing unasked any more."""
    person = doing.actor()
    person.stopped_at = person.stopped_at or doing.now
    doing.audit("stopped", f"person {doing.person_id}")
    return Done("stopped")


def start_messages(doing: Doing, _deed: StartMessages) -> Done:
    """Write again."""
    doing.actor().stopped_at = None
    doing.audit("started", f"person {doing.person_id}")
    return Done("started")


def erase_me(doing: Doing, _deed: EraseMe) -> Done:
    """Erase who acts, and tell children who lost their guardian's consent by it."""
    doing.audit("erased", f"person {doing.person_id}")
    erased = erasure.erase(doing.session, doing.now, doing.person_id)
    for child_id in erased.left_behind:
        if not consent.stands(doing.session, child_id, "attend"):
            doing.tell(child_id, Say(CHILD_MAY_NO_MORE), "confirmation")
    return Done("erased")


PERFORM: Performers = {
    SetLanguage: set_language,
    SetBand: set_band,
    SetTown: set_town,
    SetInterests: set_interests,
    SetCalled: set_called,
    Settle: settle,
    Agree: agree,
    Withdraw: withdraw,
    StopMessages: stop_messages,
    StartMessages: start_messages,
    EraseMe: erase_me,
    **growing.PERFORM,
    **paper.OWN,
    **guardians.PERFORM,
    **joining.PERFORM,
    **chats.PERFORM,
    **apart.PERFORM,
    **two_again.PERFORM,
    **sharing.PERFORM,
    **acting.PERFORM,
}
