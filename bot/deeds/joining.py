"""Performing the deeds by which somebody joins: staff an organisation, another chat the same person."""

from __future__ import annotations

from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.people import (
    InviteStaff,
    IssueAddressCode,
    JoinStaff,
    LinkAddress,
    LookAtInvite,
)
from conversations.speech import Done
from models import code, erasure, staff
from models import person as people
from models.people import Address, OneTimeCode, Person
from models.programme import Organisation


def look_at_invite(doing: Doing, deed: LookAtInvite) -> Done:
    """What a staff code grants."""
    row = _invite(doing, deed.code)
    if row is None:
        return Done("unknown")
    if _actor(doing).band in people.MINORS:
        return Done("minor")
    organisation_id, role = staff.granted(row)
    organisation = doing.session.get_one(Organisation, organisation_id)
    return Done("good", {"organisation": dict(organisation.name), "role": role})


def join_staff(doing: Doing, deed: JoinStaff) -> Done:
    """Use a staff code: authorised again. Staff are of age and need no welcome."""
    row = _invite(doing, deed.code)
    if row is None:
        return Done("unknown")
    person = _actor(doing)
    if person.band in people.MINORS:
        return Done("minor")
    if not person.band:
        people.set_band(doing.session, doing.now, person, "18+")
    person.welcomed_at = person.welcomed_at or doing.now
    staff.join(doing.session, doing.now, row, person)
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


def issue_address_code(doing: Doing, _deed: IssueAddressCode) -> Done:
    """A code that joins another chat of who acts."""
    made = code.issue(doing.session, doing.now, "address", doing.person_id, people.ADDRESS_CODE_LASTS)
    minutes = int(people.ADDRESS_CODE_LASTS.total_seconds() // 60)
    return Done("made", {"code": made, "minutes": minutes})


def link_address(doing: Doing, deed: LinkAddress) -> Done:
    """Give this chat to the person the code speaks for; the newcomer it belonged to is nobody any more."""
    row = code.look(doing.session, doing.now, deed.code, "address", doing.person_id)
    owner = doing.session.get(Person, row.subject_id) if row is not None and row.subject_id is not None else None
    if row is None or owner is None or owner.erased_at is not None:
        return Done("unknown")
    newcomer = _actor(doing)
    if newcomer.id == owner.id:
        return Done("linked")
    if newcomer.welcomed_at is not None or newcomer.band:
        return Done("taken")
    row.used_at = doing.now
    people.move_address(doing.session, doing.session.get_one(Address, doing.address_id), owner.id)
    erasure.erase(doing.session, doing.now, newcomer.id)
    doing.audit("address linked", f"person {owner.id}", channel=doing.channel)
    return Done("linked")


def _actor(doing: Doing) -> Person:
    return doing.session.get_one(Person, doing.person_id, with_for_update=True)


def _invite(doing: Doing, typed: str) -> OneTimeCode | None:
    return code.look(doing.session, doing.now, typed, "staff", doing.person_id)


PERFORM: Performers = {
    LookAtInvite: look_at_invite,
    JoinStaff: join_staff,
    InviteStaff: invite_staff,
    IssueAddressCode: issue_address_code,
    LinkAddress: link_address,
}
