"""Forgetting what somebody said, was told, sent, wanted or could tap: in every table, and with their addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.asking import together
from models.attending.absences import AbsenceNotice
from models.campaigns.broadcast import Recipient
from models.campaigns.subscription import Digest, Subscription
from models.caring.callback import Callback
from models.caring.case import Request, RequestMessage, StaffNotice
from models.caring.desk import DESK
from models.caring.desk_people import forget_user
from models.caring.hand_over import SafetyCase
from models.caring.safety import SafetyDuty, SafeWord
from models.lessons import certificate, feedback, leading, learning
from models.lessons.leaning import Leaning
from models.lessons.lesson_question import LessonQuestion
from models.lessons.material import MaterialNotice
from models.messages import viber
from models.messages.conversation import Standing, Talk
from models.messages.message import Outgoing, StoredAttachment
from models.messages.reminder import Reminder
from models.messages.webchat import WebKey, WebLine
from models.offers.call import Application
from models.offers.importing import UNDER_WAY, SheetImport
from models.outings import buddy, trip
from models.places.eligibility import Eligibility
from models.places.quota import WorksAt
from models.resources import printing
from models.who.people import Address, CodeTry, Interest, OneTimeCode
from models.who.staff import RegistrationNotice, StaffChoice

ERASED = "erased"
"""Why an address is not active: it waits for its last message, then it is forgotten too."""


def forget_words(session: Session, now: datetime, person_id: int) -> None:
    """Whatever a person said, was told, sent, wanted or could tap."""
    addresses = select(Address.id).where(Address.person_id == person_id)
    requests = select(Request.id).where(Request.person_id == person_id)
    session.execute(
        update(Outgoing)
        .where(Outgoing.address_id.in_(addresses), Outgoing.state.in_(("waiting", "sending")))
        .values(state="cancelled", reason=ERASED)
    )
    session.execute(update(Outgoing).where(Outgoing.address_id.in_(addresses)).values(body={}))
    session.execute(update(Talk).where(Talk.address_id.in_(addresses)).values(state={}))
    session.execute(delete(Standing).where(Standing.person_id == person_id))
    session.execute(delete(RequestMessage).where(RequestMessage.request_id.in_(requests)))
    session.execute(update(RequestMessage).where(RequestMessage.author_id == person_id).values(text=""))
    session.execute(
        update(Request)
        .where(Request.person_id == person_id)
        .values(state="closed", concern="", address_id=None, changed_at=now)
    )
    session.execute(
        update(SafetyCase)
        .where(SafetyCase.request_id.in_(requests))
        .values(next_at=None, asked_id=None, write_here="")
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(SafeWord).where(SafeWord.person_id == person_id))
    session.execute(delete(SafetyDuty).where(SafetyDuty.person_id == person_id))
    printing.forget_person(session, now, person_id)
    session.execute(  # one that is under way comes to its end first: who is erased has no right to add the rest of it
        delete(SheetImport).where(SheetImport.person_id == person_id, SheetImport.state.not_in(UNDER_WAY))
    )
    sent = select(StoredAttachment.id).where(StoredAttachment.person_id == person_id)
    session.execute(update(RequestMessage).where(RequestMessage.attachment_id.in_(sent)).values(attachment_id=None))
    session.execute(delete(StoredAttachment).where(StoredAttachment.person_id == person_id))
    session.execute(update(Application).where(Application.person_id == person_id).values(answers={}))
    session.execute(
        update(Application)
        .where(Application.person_id == person_id, Application.state == "registered")
        .values(state="withdrawn", changed_at=now)
    )
    session.execute(
        update(Reminder)
        .where(Reminder.recipient_id == person_id, Reminder.state == "planned")
        .values(state="cancelled", reason=ERASED)
    )
    session.execute(delete(Interest).where(Interest.person_id == person_id))
    _erase_around(session, now, person_id)
    session.execute(delete(Subscription).where(Subscription.person_id == person_id))
    session.execute(delete(Digest).where(Digest.person_id == person_id))
    session.execute(delete(Callback).where(Callback.person_id == person_id))
    together.forget_person(session, person_id)
    session.execute(delete(StaffNotice).where(StaffNotice.person_id == person_id))
    session.execute(delete(RegistrationNotice).where(RegistrationNotice.person_id == person_id))
    session.execute(delete(StaffChoice).where(StaffChoice.person_id == person_id))
    session.execute(delete(WorksAt).where(WorksAt.person_id == person_id))
    session.execute(delete(Eligibility).where(Eligibility.person_id == person_id))
    session.execute(delete(CodeTry).where(CodeTry.person_id == person_id))
    session.execute(delete(OneTimeCode).where(OneTimeCode.subject_id == person_id, OneTimeCode.purpose != "staff"))
    for address in session.scalars(select(Address).where(Address.person_id == person_id)).all():
        _forget_chat(session, address)
        address.active, address.inactive_reason = False, ERASED
    session.flush()


def _erase_around(session: Session, now: datetime, person_id: int) -> None:
    """What was asked, felt, missed and completed around sessions."""
    for table in (LessonQuestion, AbsenceNotice, MaterialNotice, Leaning):
        session.execute(delete(table).where(table.person_id == person_id))
    feedback.forget(session, person_id)
    learning.forget(session, person_id)
    certificate.forget(session, now, person_id)
    leading.forget(session, now, person_id)
    buddy.forget(session, person_id)
    trip.forget(session, now, person_id)


def _forget_chat(session: Session, address: Address) -> None:
    if address.channel == "webchat":
        session.execute(delete(WebLine).where(WebLine.external_id == address.external_id))
        session.execute(delete(WebKey).where(WebKey.external_id == address.external_id))
    elif address.channel == viber.CHANNEL:
        viber.forget(session, address.external_id)


def forget_address(session: Session, address: Address) -> None:
    """Forget an address of somebody erased, with all that was written to it: the last step."""
    _forget_chat(session, address)
    if address.channel in ("telegram", DESK):
        forget_user(session, address.external_id)
    written = select(Outgoing.id).where(Outgoing.address_id == address.id)
    session.execute(update(Recipient).where(Recipient.outgoing_id.in_(written)).values(outgoing_id=None))
    session.execute(update(Request).where(Request.address_id == address.id).values(address_id=None))
    for notice in (StaffNotice, RegistrationNotice):
        session.execute(update(notice).where(notice.outgoing_id.in_(written)).values(outgoing_id=None))
    session.execute(delete(Outgoing).where(Outgoing.address_id == address.id))
    session.execute(delete(Talk).where(Talk.address_id == address.id))
    session.delete(address)
    session.flush()
