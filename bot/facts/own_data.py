"""Everything held about a person, as plain data to hand over: what "my data" puts into its file.

Requests about somebody's safety are left out: a shared phone must not show them (people.md part 9).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Database

from models.acting import Mandate, hosts_of, sharers_of
from models.booking import Booking
from models.call import Application
from models.case import Request, RequestMessage
from models.consent import Consent, Wording
from models.listing import Listing, Session
from models.people import Address, Guardianship, Interest, Person
from models.programme import Subject, Town
from models.reminder import Reminder

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
        "applications": [
            {"number": number, "state": state, "title": title, "answers": answers}
            for number, state, title, answers in session.execute(
                select(Application.number, Application.state, Listing.title, Application.answers)
                .join(Listing, Listing.id == Application.listing_id)
                .where(Application.person_id == person.id)
                .order_by(Application.id)
            )
        ],
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
