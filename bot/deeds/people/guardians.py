"""Performing the deeds between guardians and children: codes, links, consent for somebody else."""

from __future__ import annotations

import json
from datetime import datetime

from bot.arriving.knowing import me_of
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.people.people import keepers
from bot.language.tongue import tongue
from bot.telling import earlier
from conversations.blocks import GOES_ON, WITH_DEADLINE
from conversations.deeds.people import (
    AddChild,
    AgreeForChild,
    ConfirmGuardian,
    IssueGuardianCode,
    LeaveChild,
    LookAtCode,
    SetChildReminders,
)
from conversations.people.words import (
    CHILD_MAY,
    CHILD_MAY_NO_MORE,
    CHILD_MAY_NOT_YET,
    GO_ON_BOOKING,
    GO_ON_CALL,
    MEANINGS,
    guardian_card,
)
from conversations.speech import Done, Say, lines
from conversations.steps import Json
from models import code
from models.messages.reminder import replan_person, stop_reminding
from models.offers.listing import Listing
from models.who import consent, erasure
from models.who import person as people
from models.who.people import OneTimeCode, Person


def issue_code(doing: Doing, deed: IssueGuardianCode) -> Done:
    """A code for the guardian of who acts, good for as long as an unconfirmed child is kept."""
    child = doing.session.get_one(Person, doing.person_id)
    if not me_of(doing.session, child).needs_guardian:
        return Done("not_needed")
    chosen = json.dumps({"listing": deed.listing_id, "session": deed.session_id}) if deed.listing_id else ""
    made = code.issue(doing.session, doing.now, "guardian", child.id, people.CHILD_CODE_LASTS, chosen)
    code.use_up(doing.session, doing.now, people.PAPER, child.id)
    short = code.issue_typed(doing.session, doing.now, people.PAPER, child.id, people.CHILD_CODE_LASTS, chosen)
    doing.audit("guardian code made", f"person {child.id}")
    return Done("made", {"code": made, "short": short, "days": people.CHILD_CODE_LASTS.days})


def look_at_code(doing: Doing, deed: LookAtCode) -> Done:
    """What a code is for; whoever is of age, or has not said yet, may look."""
    given_for = code.used_for(doing.session, deed.code, "guardian")
    if given_for is not None and people.speaks_for(doing.session, doing.person_id, given_for) is not None:
        return Done("already")
    row = code.look(doing.session, doing.now, deed.code, "guardian", doing.person_id)
    if row is None:
        return Done("unknown")
    outcome = people.why_guardian(doing.session, row, _actor(doing))
    if outcome == "minor" and not _actor(doing).band:
        outcome = "good"  # a newcomer is asked next
    if outcome != "good":
        return Done(outcome)
    child = _child(doing, row)
    return Done("good", {"called": child.called, "band": child.band})


def confirm(doing: Doing, deed: ConfirmGuardian) -> Done:
    """Link guardian and child and record what was agreed to: authorised again, whatever was looked at before."""
    row = code.look(doing.session, doing.now, deed.code, "guardian", doing.person_id)
    if row is None:
        return Done("unknown")
    guardian = _actor(doing)
    outcome = people.why_guardian(doing.session, row, guardian)
    if outcome != "good":
        return Done(outcome)
    child = _child(doing, row)
    row.used_at = doing.now
    code.use_up(doing.session, doing.now, people.PAPER, child.id)
    people.link(doing.session, doing.now, guardian.id, child.id, deed.relation, reminders="reminders" in deed.purposes)
    _consent(doing, child.id, deed.purposes)
    if "reminders" in deed.purposes:
        _remind(doing, child.id, wanted=True)
    may = consent.stands(doing.session, child.id, "attend")
    doing.tell(child.id, child_may(doing, row) if may else Say(CHILD_MAY_NOT_YET), "confirmation")
    doing.audit("guardian confirmed", f"person {child.id}", purposes=list(deed.purposes))
    return Done("confirmed", {"may_book": may})


def add_child(doing: Doing, deed: AddChild) -> Done:
    """A child without a chat, spoken for by who acts, who must be of age."""
    guardian = _actor(doing)
    if not people.is_adult(guardian):
        return Done("minor")
    child = people.add_child(doing.session, doing.now, guardian, deed.called, deed.band)
    if child is None:
        return Done("too_many")
    people.link(doing.session, doing.now, guardian.id, child.id, deed.relation, reminders="reminders" in deed.purposes)
    _consent(doing, child.id, deed.purposes)
    doing.audit("child added", f"person {child.id}", purposes=list(deed.purposes))
    return Done("added", {"child": child.id})


def agree_for_child(doing: Doing, deed: AgreeForChild) -> Done:
    """One more purpose, for a child one speaks for."""
    link = people.speaks_for(doing.session, doing.person_id, deed.child_id)
    if link is None or (link.grown_at is not None and deed.purpose in (*consent.OWN, "reminders")):
        return Done("not_yours")
    before = consent.stands(doing.session, deed.child_id, "attend")
    _consent(doing, deed.child_id, (deed.purpose,))
    if deed.purpose == "reminders":
        link.reminders = True
        _remind(doing, deed.child_id, wanted=True)
    if deed.purpose == "attend" and not before:
        doing.tell(deed.child_id, Say(CHILD_MAY), "confirmation")
    doing.audit("consent given", f"person {deed.child_id}", purposes=[deed.purpose])
    return Done("agreed")


def set_reminders(doing: Doing, deed: SetChildReminders) -> Done:
    """The guardian's own switch."""
    link = people.speaks_for(doing.session, doing.person_id, deed.child_id)
    if link is None:
        return Done("not_yours")
    if deed.wanted and link.grown_at is not None:  # it is the young person's to say by now
        return Done("not_yours")
    link.reminders = deed.wanted
    _remind(doing, deed.child_id, wanted=deed.wanted)
    return Done("set")


def _remind(doing: Doing, child_id: int, *, wanted: bool) -> None:
    """Reminders of what is booked already begin or end with the guardian's word."""
    doing.session.flush()
    if wanted:
        replan_person(doing.session, doing.now, child_id, earlier(doing.rules))
    else:
        stop_reminding(doing.session, doing.person_id, child_id, "not wanted")


def leave_child(doing: Doing, deed: LeaveChild) -> Done:
    """Speak for a child no more."""
    if people.speaks_for(doing.session, doing.person_id, deed.child_id) is None:
        return Done("not_yours")
    before = consent.stands(doing.session, deed.child_id, "attend")
    if people.depends_on(doing.session, deed.child_id, doing.person_id):
        erasure.erase(doing.session, doing.now, deed.child_id)
    else:
        erasure.leave(doing.session, doing.now, doing.person_id, deed.child_id)
        if before and not consent.stands(doing.session, deed.child_id, "attend"):
            doing.tell(deed.child_id, Say(CHILD_MAY_NO_MORE), "confirmation")
    doing.audit("guardian left", f"person {deed.child_id}")
    return Done("left")


def _actor(doing: Doing) -> Person:
    return doing.session.get_one(Person, doing.person_id)


def _child(doing: Doing, row: OneTimeCode) -> Person:
    return doing.session.get_one(Person, row.subject_id)


def child_may(doing: Doing, row: OneTimeCode) -> Say:
    """The good news, with the way on to what the child had chosen, where that is still there."""
    chosen = json.loads(row.details) if row.details else {}
    listing = doing.session.get(Listing, chosen.get("listing", 0))
    if row.subject_id is None or listing is None or listing.state != "open":
        return Say(CHILD_MAY)
    if listing.block != "OFF":
        label = GO_ON_CALL if listing.block in WITH_DEADLINE else GO_ON_BOOKING
        return Say(CHILD_MAY, (doing.button(row.subject_id, label, GOES_ON[listing.block], {"listing": listing.id}),))
    about: dict[str, Json] = {"listing": listing.id}
    if chosen.get("session"):
        about["session"] = str(chosen["session"])
    return Say(CHILD_MAY, (doing.button(row.subject_id, GO_ON_BOOKING, "see_offer", about),))


def _consent(doing: Doing, child_id: int, purposes: tuple[str, ...]) -> None:
    give_for(doing, child_id, _actor(doing), purposes)


def give_for(
    doing: Doing,
    child_id: int,
    guardian: Person,
    purposes: tuple[str, ...],
    *,
    form_id: int | None = None,
    given_at: datetime | None = None,
) -> None:
    """Each purpose with the words it was agreed to: the card, which names nobody, and what the purpose means.

    With a `form_id` it was given on that paper form, at `given_at` (UTC).
    """
    card, speak = guardian_card(keepers(doing.session)), tongue(guardian.tag).speak
    consent.give(
        doing.session,
        given_at or doing.now,
        child_id,
        guardian.id,
        {purpose: speak(lines(card, MEANINGS[purpose])) for purpose in purposes if purpose in MEANINGS},
        guardian.tag,
        channel=doing.channel,
        method="paper" if form_id is not None else "chat",
        form_id=form_id,
    )


PERFORM: Performers = {
    IssueGuardianCode: issue_code,
    LookAtCode: look_at_code,
    ConfirmGuardian: confirm,
    AddChild: add_child,
    AgreeForChild: agree_for_child,
    SetChildReminders: set_reminders,
    LeaveChild: leave_child,
}
