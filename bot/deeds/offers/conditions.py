"""Performing what people ask for about conditions: where they work, may they take part, tell me when it opens."""

from __future__ import annotations

from sqlalchemy import select

from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.offers.conditions import OPENING
from bot.offering import conditions
from conversations.deeds.conditions import AskEligibility, ChooseInstitution, RemindOpening
from conversations.speech import Done
from models.messages.reminder import Reminder
from models.offers.listing import Listing
from models.places import eligibility, quota
from models.who.acting import speaks_for
from models.who.merging import survivor
from models.who.people import Person


def choose_institution(doing: Doing, deed: ChooseInstitution) -> Done:
    """Note one's own institution, or forget it."""
    chosen = quota.choose_institution(doing.session, doing.now, doing.person_id, deed.institution or None)
    if not chosen:
        return Done("gone")
    doing.audit("institution.chosen", f"person:{doing.person_id}", institution=deed.institution or None)
    return Done("set")


def remind_opening(doing: Doing, deed: RemindOpening) -> Done:
    """Plan one message for the instant at which a listing opens."""
    listing = doing.session.get(Listing, deed.listing)
    if listing is None or listing.state != "open":
        return Done("gone")
    if listing.opens_at is None or listing.opens_at <= doing.now:
        return Done("open")
    plan_opening(doing, listing, doing.person_id)
    return Done("planned")


def plan_opening(doing: Doing, listing: Listing, person_id: int) -> None:
    """The row of a reminder that bookings open; asked for twice, it is one."""
    row = doing.session.scalars(
        select(Reminder).where(
            Reminder.about == OPENING, Reminder.about_id == listing.id, Reminder.recipient_id == person_id
        )
    ).first()
    if row is None:
        row = Reminder(about=OPENING, about_id=listing.id, recipient_id=person_id, before_minutes=0, sequence=0)
        doing.session.add(row)
    if listing.opens_at is not None:
        row.due_at, row.state, row.reason = listing.opens_at, "planned", ""
    doing.session.flush()


def ask_eligibility(doing: Doing, deed: AskEligibility) -> Done:
    """Have it checked whether somebody may take part, for oneself or somebody one speaks for."""
    listing = doing.session.get(Listing, deed.listing)
    person_id = survivor(doing.session, deed.person or doing.person_id)
    person = doing.session.get(Person, person_id, with_for_update=True)
    if listing is None or not listing.checked or listing.state != "open":
        return Done("gone")
    if person is None or not speaks_for(doing.session, doing.person_id, person_id, doing.now):
        return Done("denied")
    if eligibility.decision(doing.session, doing.now, listing, person_id) is not None:
        return Done("already")
    if not eligibility.ask(doing.session, doing.now, listing, person_id):
        return Done("already")
    doing.audit("eligibility.asked", f"listing:{listing.id}", person=person_id)
    conditions.tell_asked(doing, listing)
    return Done("asked")


PERFORM: Performers = {
    ChooseInstitution: choose_institution,
    RemindOpening: remind_opening,
    AskEligibility: ask_eligibility,
}
