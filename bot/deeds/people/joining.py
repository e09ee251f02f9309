"""Performing the deeds by which somebody joins the team of an organisation."""

from __future__ import annotations

from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.people import (
    InviteStaff,
    JoinStaff,
    LookAtInvite,
)
from conversations.speech import Done
from models import code
from models.offers.programme import Organisation
from models.visits import professional
from models.who import person as people
from models.who import staff
from models.who.people import OneTimeCode


def look_at_invite(doing: Doing, deed: LookAtInvite) -> Done:
    """What a staff code grants."""
    row = _invite(doing, deed.code)
    if row is None:
        return Done("unknown")
    if doing.actor().band in people.MINORS:
        return Done("minor")
    organisation_id, role = staff.granted(row)
    organisation = doing.session.get_one(Organisation, organisation_id)
    return Done("good", {"organisation": dict(organisation.name), "role": role})


def join_staff(doing: Doing, deed: JoinStaff) -> Done:
    """Use a staff code: authorised again. Staff are of age and need no welcome."""
    row = _invite(doing, deed.code)
    if row is None:
        return Done("unknown")
    person = doing.actor()
    if person.band in people.MINORS:
        return Done("minor")
    if not person.band:
        people.set_band(doing.session, doing.now, person, "18+")
    person.welcomed_at = person.welcomed_at or doing.now
    staff.join(doing.session, doing.now, row, person)
    professional.open_calendar(doing.session, row, person.id)
    organisation_id, role = staff.granted(row)
    doing.audit("joined staff", f"organisation {organisation_id}", role=role)
    return Done("joined", {"role": role})


def invite_staff(doing: Doing, deed: InviteStaff) -> Done:
    """A staff code, for administrators of that organisation only."""
    leads = staff.leads(doing.session, doing.person_id)
    organisation_id = deed.organisation_id if deed.organisation_id is not None else next(iter(leads), None)
    if organisation_id is None or organisation_id not in leads or deed.role not in staff.ROLES:
        return Done("refused")
    made = staff.invite(doing.session, doing.now, organisation_id, deed.role, doing.person_id)
    doing.audit("invited staff", f"organisation {organisation_id}", role=deed.role)
    return Done("made", {"code": made, "days": staff.INVITE_LASTS.days})


def _invite(doing: Doing, typed: str) -> OneTimeCode | None:
    return code.look(doing.session, doing.now, typed, "staff", doing.person_id)


PERFORM: Performers = {
    LookAtInvite: look_at_invite,
    JoinStaff: join_staff,
    InviteStaff: invite_staff,
}
