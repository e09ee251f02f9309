"""What must hold of the mechanisms behind the services, whatever happened: read from the database alone, by number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.arriving.links import WEEK
from models.asking.survey import Survey, SurveyAnswer, SurveyPerson
from models.asking.vote import Ballot, Poll
from models.attending.attendance import Attendance
from models.audit import Audit
from models.campaigns.subscription import APART, Digest
from models.lessons.certificate import Certificate
from models.lessons.feedback import Feedback
from models.messages.message import Outgoing, StoredAttachment
from models.messages.reminder import Reminder
from models.offers.listing import Session as Meeting
from models.places.booking import ACTIVE, Booking
from models.resources.printing import PrintJob
from models.visits.appointment import Appointment, BusyTime


def mechanisms(session: Session, now: datetime) -> list[str]:
    """Every invariant of a mechanism that does not hold (M1-M9), in words. Empty when all is well."""
    return [
        *_series(session),
        *_calendars(session, now),
        *_seats(session),
        *_papers(session),
        *_answers(session),
        *_digests(session),
        *_feedback(session),
        *_certificates(session),
        *_reminded(session),
    ]


def _twice(session: Session, what: Sequence[Any], *where: Any) -> Iterable[tuple[Any, ...]]:
    """The values of some columns that more than one row has."""
    rows = select(*what).where(*where).group_by(*what).having(func.count() > 1)
    return [tuple(row) for row in session.execute(rows)]


def _series(session: Session) -> list[str]:
    """A series has its places at its first unit alone, and nobody has two of them."""
    astray = session.scalars(
        select(Booking.number)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Meeting.first_id.is_not(None), Booking.state.in_(ACTIVE))
    )
    whole = func.coalesce(Meeting.first_id, Meeting.id)
    twice = session.execute(
        select(Booking.person_id, whole)
        .join(Meeting, Meeting.id == Booking.session_id)
        .where(Booking.state.in_(ACTIVE))
        .group_by(Booking.person_id, whole)
        .having(func.count() > 1)
    )
    marks = _twice(session, (Attendance.booking_id, Attendance.session_id))
    return [
        *(f"M1: booking {number} lives at a later unit of its series" for number in astray),
        *(f"M1: person {row[0]} has two places in series {row[1]}" for row in twice),
        *(f"M1: booking {row[0]} is marked twice in session {row[1]}" for row in marks),
    ]


def _calendars(session: Session, now: datetime) -> list[str]:
    """No professional has two people at once, and what is to come is guarded in the database."""
    found = []
    rows = session.scalars(
        select(Appointment)
        .where(Appointment.state != "cancelled")
        .order_by(Appointment.professional_id, Appointment.starts_at, Appointment.id)
    ).all()
    for one, other in pairwise(rows):
        if one.professional_id == other.professional_id and other.starts_at < one.ends_at:
            found.append(f"M2: appointments {one.number} and {other.number} are at the same time")
    cells = select(BusyTime.appointment_id, func.count()).group_by(BusyTime.appointment_id)
    guarded = {row[0]: row[1] for row in session.execute(cells)}
    for row in rows:
        least = (row.ends_at - row.starts_at) // timedelta(minutes=5)
        if row.state == "booked" and row.starts_at > now and guarded.get(row.id, 0) < least:
            found.append(f"M2: the time of appointment {row.number} is not kept")
    return found


def _seats(session: Session) -> list[str]:
    """Never more people than seats, and one session for each slot."""
    over = session.execute(
        select(Meeting.id, func.count(), Meeting.capacity)
        .join(Booking, Booking.session_id == Meeting.id)
        .where(Meeting.slot, Booking.state == "booked")
        .group_by(Meeting.id, Meeting.capacity)
        .having(func.count() > Meeting.capacity)
    )
    twice = _twice(session, (Meeting.listing_id, Meeting.starts_at), Meeting.slot.is_(True))
    return [
        *(f"M3: slot {row[0]} has {row[1]} people at {row[2]} seats" for row in over),
        *(f"M3: resource {row[0]} has two slots at the same time" for row in twice),
    ]


def _papers(session: Session) -> list[str]:
    """What was printed, refused or taken back is not kept."""
    kept = session.scalars(
        select(PrintJob.number).where(PrintJob.state != "waiting", PrintJob.attachment_id.is_not(None))
    )
    return [f"M4: the file of paper {number} is still there" for number in kept]


def _answers(session: Session) -> list[str]:
    """To each question no more answers than people who took part; one voice for each person in a vote."""
    found = []
    for survey in session.scalars(select(Survey)):
        done = session.scalar(
            select(func.count())
            .select_from(SurveyPerson)
            .where(SurveyPerson.survey_id == survey.id, SurveyPerson.state == "done")
        )
        counted = select(SurveyAnswer.question, func.count()).where(SurveyAnswer.survey_id == survey.id)
        for question, count in session.execute(counted.group_by(SurveyAnswer.question)):
            if count > (done or 0):
                found.append(f"M5: survey {survey.id} has {count} answers to {question} of {done} people")
    voices = session.execute(
        select(Ballot.poll_id).join(Poll, Poll.id == Ballot.poll_id).where(Poll.state == "closed").distinct()
    )
    return [*found, *(f"M5: vote {row[0]} has ended and still knows who chose what" for row in voices)]


def _digests(session: Session) -> list[str]:
    """Nobody has two digests within a week, whatever the week was called."""
    found, before = [], dict[int, datetime]()
    written = select(Outgoing.address_id, Outgoing.created_at, Outgoing.body).where(Outgoing.kind == "digest")
    for address_id, at, body in session.execute(written.order_by(Outgoing.created_at, Outgoing.id)):
        if f'"{WEEK}"' not in json.dumps(body):  # what staff are told in a number is of this class too
            continue
        if address_id in before and at - before[address_id] < APART - timedelta(days=1):
            found.append(f"M6: address {address_id} got two digests in a week")
        before[address_id] = at
    twice = _twice(session, (Digest.person_id, Digest.week))
    return [*found, *(f"M6: person {row[0]} has two digests of one week" for row in twice)]


def _feedback(session: Session) -> list[str]:
    """Each person is asked once about a session."""
    twice = _twice(session, (Feedback.session_id, Feedback.person_id), Feedback.person_id.is_not(None))
    return [f"M7: person {row[1]} was asked twice about session {row[0]}" for row in twice]


def _certificates(session: Session) -> list[str]:
    """A number and a code for each certificate, and one that is good for each person and listing."""
    valid = _twice(
        session,
        (Certificate.listing_id, Certificate.person_id),
        Certificate.revoked_at.is_(None),
        Certificate.person_id.is_not(None),
    )
    return [
        *(f"M8: number {row[0]} stands on two certificates" for row in _twice(session, (Certificate.number,))),
        *(f"M8: two certificates have the same code ({len(row)})" for row in _twice(session, (Certificate.code,))),
        *(f"M8: person {row[1]} has two certificates of listing {row[0]}" for row in valid),
    ]


def _reminded(session: Session) -> list[str]:
    """Nobody is reminded twice of the same, so long before it, at the same time."""
    what = (
        Reminder.about,
        Reminder.about_id,
        Reminder.session_id,
        Reminder.recipient_id,
        Reminder.before_minutes,
        Reminder.due_at,
    )
    sent = _twice(session, what, Reminder.state.in_(("queued", "sent", "unsure")))
    return [f"M9: a reminder of {row[0]} {row[1]} came twice" for row in sent]


def made_of(session: Session) -> dict[str, Any]:
    """What became of it all, in a form that two runs can be compared by: nothing lost, nothing twice, all audited."""

    def rows(*what: Any) -> list[tuple[Any, ...]]:
        found = session.execute(select(*what))
        return sorted(map(tuple, found), key=repr)

    audited = session.execute(select(Audit.action, func.count()).group_by(Audit.action).order_by(Audit.action))
    return {
        "appointments": rows(
            Appointment.number, Appointment.person_id, Appointment.starts_at, Appointment.state, Appointment.sequence
        ),
        "attendance": rows(Attendance.booking_id, Attendance.session_id, Attendance.state),
        "line": rows(Booking.number, Booking.line, Booking.state),
        "papers": rows(PrintJob.number, PrintJob.state, PrintJob.pages),
        "files": session.scalar(select(func.count()).select_from(StoredAttachment)),
        "taken part": rows(SurveyPerson.survey_id, SurveyPerson.person_id, SurveyPerson.state),
        "answers": rows(SurveyAnswer.survey_id, SurveyAnswer.question, SurveyAnswer.value),
        "digests": rows(Digest.person_id, Digest.week, Digest.state),
        "certificates": rows(Certificate.number, Certificate.person_id, Certificate.listing_id),
        "audited": [tuple(row) for row in audited],
    }
