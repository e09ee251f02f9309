"""Forgetting what was told for one visit only: where people live and what a child had to say, and every copy of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.messages.conversation import Talk
from models.messages.message import Outgoing, StoredAttachment
from models.messages.webchat import WebLine
from models.visits.appointment import Appointment, VisitDetail
from models.visits.professional import Professional
from models.who.people import Address
from models.who.staff import StaffRole

LATEST = timedelta(days=1)


def forget(session: Session, appointment_id: int) -> bool:
    """Forget what was told for a visit: the row, what was recorded, and the messages in which staff were shown it."""
    detail = session.get(VisitDetail, appointment_id, with_for_update=True)
    if detail is None:
        return False
    row = session.get_one(Appointment, appointment_id)
    said = [words for words in (detail.address, detail.wish) if words]
    if detail.latitude is not None and detail.longitude is not None:
        said.append(str(detail.latitude))
    attachment = detail.attachment_id
    session.delete(detail)
    session.flush()
    readers = _readers(session, row)
    for words in said:
        _forget_words(session, readers, words, row.created_at)
    if attachment is not None:
        _forget_recording(session, attachment)
    session.flush()
    return True


def forget_over(session: Session, now: datetime, most: int = 100) -> int:
    """Forget the details of visits that are over or will not be: those of yesterday at the latest. Returns how many."""
    rows = session.scalars(
        select(Appointment)
        .join(VisitDetail, VisitDetail.appointment_id == Appointment.id)
        .where((Appointment.ends_at <= now) | (Appointment.state == "cancelled"))
        .order_by(Appointment.id)
        .limit(most)
    ).all()
    return sum(forget(session, row.id) for row in rows if row.state != "booked" or _on_another_day(now, row))


def _on_another_day(now: datetime, row: Appointment) -> bool:
    zone = ZoneInfo(row.zone)
    return now.astimezone(zone).date() > row.ends_at.astimezone(zone).date()


def _readers(session: Session, row: Appointment) -> Sequence[Address]:
    """The chats in which it may stand: of the professional, of staff there, and of who told it."""
    professional = session.get_one(Professional, row.professional_id)
    people = set(
        session.scalars(select(StaffRole.person_id).where(StaffRole.organisation_id == professional.organisation_id))
    )
    people |= {row.person_id, row.booked_by_id}
    if professional.person_id is not None:
        people.add(professional.person_id)
    return session.scalars(select(Address).where(Address.person_id.in_(people))).all()


def _forget_words(session: Session, readers: Sequence[Address], words: str, since: datetime) -> None:
    """Empty every message, web line and half-finished talk of these chats that has the words in it."""
    ids = [one.id for one in readers]
    web = [one.external_id for one in readers if one.channel == "webchat"]
    for message in session.scalars(
        select(Outgoing).where(Outgoing.address_id.in_(ids), Outgoing.created_at >= since - LATEST)
    ):
        if _says(message.body, words):
            if message.state == "waiting":
                message.state, message.reason = "cancelled", "visit over"
            message.body = {}
    for line in session.scalars(select(WebLine).where(WebLine.external_id.in_(web), WebLine.at >= since - LATEST)):
        if _says(line.body, words):
            line.body = {**line.body, "text": "…"}
    for talk in session.scalars(select(Talk).where(Talk.address_id.in_(ids))):
        if _says(talk.state, words):
            talk.state = {}


def _says(body: object, words: str) -> bool:
    return words in json.dumps(body, ensure_ascii=False) or json.dumps(words, ensure_ascii=False)[1:-1] in json.dumps(
        body, ensure_ascii=False
    )


def _forget_recording(session: Session, attachment_id: int) -> None:
    recorded = session.get(StoredAttachment, attachment_id)
    if recorded is None:
        return
    for message in session.scalars(
        select(Outgoing).where(Outgoing.created_at >= recorded.created_at, Outgoing.state.in_(("waiting", "sending")))
    ):
        if message.body.get("relay") == attachment_id:
            message.state, message.reason = "cancelled", "visit over"
    session.delete(recorded)


def forget_person(session: Session, person_id: int) -> None:
    """Forget whatever somebody who is erased told for visits; a calendar that was theirs is nobody's now."""
    told = select(Appointment.id).join(VisitDetail, VisitDetail.appointment_id == Appointment.id)
    for appointment_id in session.scalars(told.where(Appointment.person_id == person_id)).all():
        forget(session, appointment_id)
    session.execute(update(Professional).where(Professional.person_id == person_id).values(person_id=None))
