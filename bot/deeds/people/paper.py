"""Performing the deeds of staff about consent on paper: recorded for a child that shows its code, and taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.arriving.knowing import me_of
from bot.deeds.people.guardians import child_may, give_for
from bot.deeds.people.staff_rights import organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.telling import zone_of
from conversations.deeds.people import EndMyPaper
from conversations.deeds.staff import EndPaper, LookAtPaper, RecordPaper
from conversations.people.words import CHILD_MAY_NO_MORE, CHILD_MAY_NOT_YET
from conversations.speech import Done, Say
from models import code
from models.who import consent, erasure
from models.who import person as people
from models.who.people import OneTimeCode, Person

SIGNED_SINCE = timedelta(days=3 * 365)
"""A form that was signed longer ago is asked for anew."""


def look(doing: Doing, deed: LookAtPaper) -> Done:
    """Whose code it is: "called" and "band", for staff alone."""
    if organisation_for(doing, deed.organisation_id) is None:
        return Done("refused")
    found = _waiting(doing, deed.code)
    if isinstance(found, str):
        return Done(found)
    child = doing.session.get_one(Person, found.subject_id)
    return Done("good", {"called": child.called, "band": child.band})


def _waiting(doing: Doing, typed: str) -> OneTimeCode | str:
    """The code's row, locked, if its child still waits for a guardian; else why not."""
    row = code.look(doing.session, doing.now, typed, people.PAPER, doing.person_id)
    child = doing.session.get(Person, row.subject_id) if row is not None and row.subject_id is not None else None
    if row is None or child is None or child.erased_at is not None or child.id == doing.person_id:
        return "unknown"
    return row if me_of(doing.session, child).needs_guardian else "not_needed"


def record(doing: Doing, deed: RecordPaper) -> Done:
    """Record what a guardian ticked and signed on paper; the child is told as after a yes in the chat."""
    organisation_id = organisation_for(doing, deed.organisation_id)
    if organisation_id is None:
        return Done("refused")
    found = _waiting(doing, deed.code)
    if isinstance(found, str):
        return Done(found)
    signed = date.fromisoformat(deed.signed_on)
    zone = ZoneInfo(doing.rules.zone)
    today = doing.now.astimezone(zone).date()
    if not today - SIGNED_SINCE <= signed <= today:
        return Done("date")
    if consent.live_form(doing.session, organisation_id, deed.number) is not None:
        return Done("taken")
    child = doing.session.get_one(Person, found.subject_id, with_for_update=True)
    child.called = child.called or deed.called
    code.use_up(doing.session, doing.now, people.PAPER, child.id)
    guardian = people.add_without_chat(doing.session, doing.now, child, deed.guardian, "18+")
    form = _form(doing, deed, organisation_id, child.id, guardian.id, signed)
    people.link(doing.session, doing.now, guardian.id, child.id, deed.relation, reminders=False)
    purposes = tuple(purpose for purpose in deed.purposes if purpose in consent.ON_PAPER)
    noon = datetime.combine(signed, time(12), ZoneInfo(zone_of(doing.session, child, doing.rules))).astimezone(UTC)
    give_for(doing, child.id, guardian, purposes, form_id=form.id, given_at=min(noon, doing.now))
    may = consent.stands(doing.session, child.id, "attend")
    doing.tell(child.id, child_may(doing, found) if may else Say(CHILD_MAY_NOT_YET), "confirmation")
    doing.audit("paper consent recorded", f"person {child.id}", form=form.id, purposes=list(purposes))
    return Done("recorded")


def _form(
    doing: Doing, deed: RecordPaper, organisation_id: int, child_id: int, guardian_id: int, signed: date
) -> consent.PaperForm:
    form = consent.PaperForm(
        number=deed.number,
        organisation_id=organisation_id,
        child_id=child_id,
        guardian_id=guardian_id,
        recorded_by_id=doing.person_id,
        signed_on=signed,
        created_at=doing.now,
    )
    doing.session.add(form)
    doing.session.flush()
    return form


def end(doing: Doing, deed: EndPaper) -> Done:
    """Staff take back a form of their organisation: the guardian has asked for it."""
    organisation_id = organisation_for(doing, deed.organisation_id)
    if organisation_id is None:
        return Done("refused")
    form = consent.live_form(doing.session, organisation_id, deed.number)
    if form is None:
        return Done("unknown")
    return Done("ended", {"cancelled": take_back(doing, form)})


def take_back(doing: Doing, form: consent.PaperForm) -> int:
    """End a form that who acts may end, and tell the child. Returns how many bookings and registrations ended."""
    child_id, form_id = form.child_id, form.id
    before = consent.stands(doing.session, child_id, "attend")
    ended = erasure.take_back_form(doing.session, doing.now, form)
    if before and child_id != doing.person_id and not consent.stands(doing.session, child_id, "attend"):
        doing.tell(child_id, Say(CHILD_MAY_NO_MORE), "confirmation")
    doing.audit("paper consent ended", f"person {child_id}", form=form_id, cancelled=ended)
    return ended


def end_mine(doing: Doing, _deed: EndMyPaper) -> Done:
    """The child itself takes back what stands on paper for it."""
    forms = consent.forms_for(doing.session, doing.person_id)
    for form in forms:
        take_back(doing, form)
    return Done("ended" if forms else "nothing")


PERFORM: Performers = {LookAtPaper: look, RecordPaper: record, EndPaper: end}
"""What staff do with paper forms."""
OWN: Performers = {EndMyPaper: end_mine}
"""What the child does."""
