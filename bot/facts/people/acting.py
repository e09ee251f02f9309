"""Mandates as conversations see them, for the family and for the helper."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.facts.lookup import Lookup
from bot.offering.describing import called_as_helper
from conversations.facts.people import Acting, Helper
from conversations.speech import Moment, Words
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.offers.series import goes_on
from models.places.booking import ACTIVE, Booking
from models.who.acting import HELPER, Mandate, covered, mandates_for, mandates_of, sharers_of
from models.who.people import Guardianship, Person
from models.who.staff import StaffRole, organisations_of


def acting(lookup: Lookup, row: Mandate) -> Acting:
    """One mandate."""
    session = lookup.session
    people = covered(session, row)
    booked = session.scalar(
        select(func.count())
        .select_from(Booking)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(
            Booking.person_id.in_([one.id for one in people]),
            Booking.booked_by_id == row.helper_id,
            Booking.state.in_(ACTIVE),
            goes_on(lookup.now),
        )
    )
    return Acting(
        mandate_id=row.id,
        helper=called_as_helper(session, row.helper_id),
        organisation=Words.of(session.get_one(Organisation, row.organisation_id).name),
        family=session.get_one(Person, row.person_id).called,
        until=Moment(row.until, lookup.rules.zone, "date"),
        form=row.form,
        people=tuple((one.id, one.called) for one in people),
        booked=booked or 0,
    )


def concerning(lookup: Lookup) -> list[Mandate]:
    """The mandates that stand for the person, their children, or who shares their phone; each once."""
    session, me = lookup.session, lookup.me.person_id
    children = session.scalars(
        select(Guardianship.child_id).where(Guardianship.guardian_id == me, Guardianship.ended_at.is_(None))
    )
    people = [me, *children, *(one.id for one in sharers_of(session, me))]
    found = {row.id: row for person_id in people for row in mandates_for(session, lookup.now, person_id)}
    return [found[key] for key in sorted(found)]


def helpers_of_staff(lookup: Lookup) -> tuple[Helper, ...]:
    """The helpers of the organisations in which the person is staff, with the families each acts for there."""
    session = lookup.session
    mine = organisations_of(session, lookup.me.person_id)
    wanted = select(StaffRole.person_id).where(
        StaffRole.organisation_id.in_(mine), StaffRole.role == HELPER, StaffRole.ended_at.is_(None)
    )
    found = []
    for helper_id in sorted(set(session.scalars(wanted))):
        families = [row for row in mandates_of(session, lookup.now, helper_id) if row.organisation_id in mine]
        found.append(Helper(helper_id, called_as_helper(session, helper_id), len(families)))
    return tuple(found)
