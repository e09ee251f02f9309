"""Everything held about a person, as plain data to hand over: what "my data" puts into its file.

Requests about somebody's safety are left out: a shared phone must not show them (people.md part 9).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from bot.facts.people.own_around import around
from bot.facts.people.own_outings import outings
from models.asking.together import held_about
from models.attending.attendance import Attendance
from models.campaigns.subscription import topics_of
from models.caring.callback import Callback
from models.caring.case import Request, RequestMessage
from models.messages.reminder import Reminder
from models.offers.call import Application
from models.offers.listing import Listing, Session
from models.offers.programme import Subject, Town
from models.places.booking import Booking
from models.places.eligibility import Eligibility
from models.places.quota import institution_of
from models.resources.printing import PrintJob
from models.visits.appointment import Appointment
from models.visits.professional import AppointmentRules
from models.who.acting import Mandate, hosts_of, sharers_of
from models.who.consent import Consent, Wording
from models.who.people import Address, Guardianship, Interest, Person

MESSAGES_MOST = 60
"""The newest messages to the team that fit into the file, which may have 50 kB."""


def everything(session: Database, person: Person) -> dict[str, Any]:
    """What is held about a person, with all times in UTC. Of others only their relation is named."""
    town = session.get(Town, person.town_id) if person.town_id is not None else None
    return {
        "called": person.called,
        "language": person.tag,
        "age_group": person.band,
        "town": town.name if town else None,
        "here_since": person.created_at.isoformat(),
        "messages_stopped_at": person.stopped_at.isoformat() if person.stopped_at else None,
        "chats": list(session.scalars(select(Address.channel).where(Address.person_id == person.id))),
        "interests": list(
            session.scalars(
                select(Subject.name)
                .join(Interest, Interest.subject_id == Subject.id)
                .where(Interest.person_id == person.id)
                .order_by(Subject.id)
            )
        ),
        **held_about(session, person.id),
        "subscribed_to": list(topics_of(session, person.id)),
        "call_backs": [
            {"number": phone, "hour": wanted, "state": state, "asked_at": at.isoformat()}
            for phone, wanted, state, at in session.execute(
                select(Callback.phone, Callback.wanted, Callback.state, Callback.created_at)
                .where(Callback.person_id == person.id)
                .order_by(Callback.id)
            )
        ],
        "institution": works.name if (works := institution_of(session, person.id)) else None,
        "may_take_part": _eligibility(session, person),
        "consents": _consents(session, person),
        "guardians": [
            {"relation": relation, "since": at.isoformat()}
            for relation, at in session.execute(
                select(Guardianship.relation, Guardianship.confirmed_at).where(
                    Guardianship.child_id == person.id, Guardianship.ended_at.is_(None)
                )
            )
        ],
        "children": [
            {"relation": relation, "called": called, "age_group": band, "since": at.isoformat()}
            for relation, called, band, at in session.execute(
                select(Guardianship.relation, Person.called, Person.band, Guardianship.confirmed_at)
                .join(Person, Person.id == Guardianship.child_id)
                .where(Guardianship.guardian_id == person.id, Guardianship.ended_at.is_(None))
            )
        ],
        "on_the_phone_of_others": len(hosts_of(session, person.id)),
        "others_on_this_phone": [one.called for one in sharers_of(session, person.id)],
        "helpers": _helpers(session, person),
        "appointments": _appointments(session, person),
        "bookings": [
            {"number": number, "state": state, "title": title, "starts_at": starts.isoformat()}
            for number, state, title, starts in session.execute(
                select(Booking.number, Booking.state, Listing.title, Session.starts_at)
                .join(Session, Session.id == Booking.session_id)
                .join(Listing, Listing.id == Session.listing_id)
                .where(Booking.person_id == person.id)
                .order_by(Booking.id.desc())
                .limit(100)
            )
        ],
        "attendance": [
            {"number": number, "state": state, "at": starts.isoformat(), "exam": result or None}
            for number, state, result, starts in session.execute(
                select(Booking.number, Attendance.state, Attendance.result, Session.starts_at)
                .join(Booking, Booking.id == Attendance.booking_id)
                .join(Session, Session.id == Attendance.session_id)
                .where(Booking.person_id == person.id)
                .order_by(Attendance.id.desc())
                .limit(100)
            )
        ],
        "papers_seen_for": list(
            session.scalars(
                select(Booking.number)
                .where(Booking.person_id == person.id, Booking.shown_at.is_not(None))
                .order_by(Booking.number)
            )
        ),
        "papers_to_print": [
            {"number": number, "state": state, "pages": pages, "sent_at": at.isoformat()}
            for number, state, pages, at in session.execute(
                select(PrintJob.number, PrintJob.state, PrintJob.pages, PrintJob.created_at)
                .where(PrintJob.person_id == person.id)
                .order_by(PrintJob.id)
            )
        ],
        "applications": [
            {"number": number, "state": state, "title": title, "answers": answers}
            for number, state, title, answers in session.execute(
                select(Application.number, Application.state, Listing.title, Application.answers)
                .join(Listing, Listing.id == Application.listing_id)
                .where(Application.person_id == person.id)
                .order_by(Application.id)
            )
        ],
        **around(session, person),
        **outings(session, person),
        "reminders_planned": [
            at.isoformat()
            for at in session.scalars(
                select(Reminder.due_at)
                .where(Reminder.recipient_id == person.id, Reminder.state == "planned")
                .order_by(Reminder.due_at)
                .limit(100)
            )
        ],
        "messages_to_the_team": [
            {"mine": author == person.id, "text": text, "at": at.isoformat()}
            for author, text, at in session.execute(
                select(RequestMessage.author_id, RequestMessage.text, RequestMessage.created_at)
                .join(Request, Request.id == RequestMessage.request_id)
                .where(Request.person_id == person.id, Request.kind != "safety")
                .order_by(RequestMessage.id.desc())
                .limit(MESSAGES_MOST)
            )
        ],
    }


def _helpers(session: Database, person: Person) -> list[dict[str, Any]]:
    """Who may or might act for the person by their own word, and for whom they may: ended ones too."""
    rows = session.scalars(
        select(Mandate).where(or_(Mandate.person_id == person.id, Mandate.helper_id == person.id)).order_by(Mandate.id)
    )
    return [
        {
            "mine": row.person_id == person.id,
            "with_children": row.children,
            "method": row.method,
            "form": row.form,
            "given_at": row.given_at.isoformat(),
            "until": row.until.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in rows
    ]


def _eligibility(session: Database, person: Person) -> list[dict[str, Any]]:
    """What was decided, by whom it is not said; there is no ground in it, because none is kept."""
    rows = session.execute(
        select(Eligibility, Listing.title)
        .outerjoin(Listing, Listing.id == Eligibility.listing_id)
        .where(Eligibility.person_id == person.id)
        .order_by(Eligibility.id)
    )
    return [
        {
            "title": title,
            "may_take_part": row.eligible,
            "asked_at": row.asked_at.isoformat(),
            "decided_on": row.decided_on.isoformat() if row.decided_on else None,
            "until": row.until.isoformat() if row.until else None,
        }
        for row, title in rows
    ]


def _appointments(session: Database, person: Person) -> list[dict[str, Any]]:
    """When and where they were, and how they stood; what a discreet one was about stands nowhere."""
    rows = session.execute(
        select(Appointment, Listing.title, AppointmentRules.discreet)
        .join(Listing, Listing.id == Appointment.listing_id)
        .join(AppointmentRules, AppointmentRules.listing_id == Listing.id)
        .where(Appointment.person_id == person.id)
        .order_by(Appointment.id.desc())
        .limit(100)
    )
    return [
        {
            "number": row.number,
            "state": row.state,
            "starts_at": row.starts_at.isoformat(),
            "at_home": row.home,
            **({} if discreet else {"title": title}),
        }
        for row, title, discreet in rows
    ]


def _consents(session: Database, person: Person) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Consent, Wording.text)
        .join(Wording, Wording.id == Consent.wording_id)
        .where(Consent.person_id == person.id)
        .order_by(Consent.id)
    ).all()
    return [
        {
            "purpose": row.purpose,
            "given_at": row.given_at.isoformat(),
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "by": "me" if row.given_by_id == person.id else "guardian",
            "channel": row.channel,
            "method": row.method,
            "wording": words,
        }
        for row, words in rows
    ]
