"""Erasing a person: what names them goes, what must be counted stays without them, places become free.

Every table that points at a person or an address is named in `HANDLED`; a test fails for one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, or_, select, update
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
from models.messages.reminder import Reminder, stop_reminding
from models.messages.webchat import WebKey, WebLine
from models.offers.call import Application, withdraw_all
from models.offers.importing import UNDER_WAY, SheetImport
from models.outings import buddy, trip
from models.places.eligibility import Eligibility
from models.places.quota import WorksAt
from models.places.waiting_list import cancel_all_future
from models.resources import printing
from models.visits import appointing, visit_memory
from models.who import acting, apart, consent, person
from models.who.consent import Consent, PaperForm
from models.who.people import Address, CodeTry, Guardianship, Interest, OneTimeCode, Person
from models.who.staff import RegistrationNotice, StaffChoice, StaffRole

ERASED = "erased"
"""Why an address is not active: it waits for its last message, then it is forgotten too."""

HANDLED = frozenset(
    {
        "address", "application", "attachment", "booking", "code_try", "consent", "guardianship", "interest",
        "one_time_code", "outgoing", "reminder", "request", "request_message", "standing", "staff_notice",
        "staff_role", "talk", "sharing", "mandate", "paper_form", "staff_choice", "registration_notice",
        "paid_message", "print_job", "sheet_import",
        "safe_word", "safety_duty",
        "subscription", "digest", "callback", "appointment", "professional",
        "leader", "lesson_question", "learning_note", "feedback", "absence_notice", "material_notice",
        "certificate", "leaning",
        "works_at", "eligibility",
        "trip_consent", "buddy_wish", "buddy_pair",
        "survey_person", "survey_turn", "membership", "proposal", "ballot", "box_entry",
    }
)  # fmt: skip
"""Tables that erasure empties of a person, or in which only the number of somebody without a name stays."""

KEPT = frozenset(
    {
        "broadcast", "recipient", "listing", "hotline", "desk_group", "desk_topic", "desk_card", "ready_answer",
        "material", "survey", "poll", "box", "answer_card", "closure", "announcement", "evidence",
        "case_step", "safety_case", "head_count", "trip_step", "attendance",
    }
)  # fmt: skip
"""Tables in which only the number stays: who wrote a broadcast or a listing, who was sent one, who checked."""


@dataclass(slots=True)
class Erased:
    """Who was erased (the person, and children only they spoke for), and children who lost a consent by it."""

    people: list[int] = field(default_factory=list)
    left_behind: list[int] = field(default_factory=list)


def erase(session: Session, now: datetime, person_id: int) -> Erased:
    """Erase a person and the children that only they speak for. Addresses follow with `forget_address`.

    Erasing somebody twice changes nothing. A freed place is offered on by the next round of the waiting list.
    """
    erased = Erased()
    _erase(session, now, person_id, erased)
    session.flush()
    session.expire_all()
    return erased


def _erase(session: Session, now: datetime, person_id: int, erased: Erased) -> None:
    somebody = session.get(Person, person_id, with_for_update=True)
    if somebody is None or somebody.erased_at is not None:
        return
    erased.people.append(person_id)
    cancel_all_future(session, now, person_id, ERASED, lambda _meeting: None)
    appointing.cancel_all(session, now, person_id, ERASED)
    visit_memory.forget_person(session, person_id)
    _leave_children(session, now, person_id, erased)
    for sharer_id in acting.end_all(session, now, person_id):
        if not _reached_otherwise(session, sharer_id):
            _erase(session, now, sharer_id, erased)
    _erase_words(session, now, person_id)
    session.execute(
        update(Guardianship)
        .where(
            or_(Guardianship.child_id == person_id, Guardianship.guardian_id == person_id),
            Guardianship.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    session.execute(
        update(Consent)
        .where(or_(Consent.person_id == person_id, Consent.given_by_id == person_id), Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    session.execute(
        update(StaffRole).where(StaffRole.person_id == person_id, StaffRole.ended_at.is_(None)).values(ended_at=now)
    )
    somebody.called, somebody.band, somebody.town_id = "", "", None
    somebody.band_at = somebody.welcomed_at = somebody.ask_band_at = None
    somebody.language_chosen = False
    somebody.stopped_at = somebody.stopped_at or now
    somebody.erased_at = now
    session.flush()
    session.execute(update(Person).where(Person.merged_into_id == person_id).values(erased_at=now))
    apart.forget(session, person_id)
    _end_forms(session, now, person_id, erased)
    session.execute(update(PaperForm).where(PaperForm.child_id == person_id).values(number=""))


def _end_forms(session: Session, now: datetime, child_id: int, erased: Erased, guardian_id: int | None = None) -> None:
    """The paper forms of a child end, and the people without a chat who are known from them alone are forgotten."""
    for form in consent.forms_for(session, child_id):
        if guardian_id is not None and form.guardian_id != guardian_id:
            continue
        form.ended_at = now
        session.flush()
        if not _known_otherwise(session, form.guardian_id):
            _erase(session, now, form.guardian_id, erased)


def _reached_otherwise(session: Session, person_id: int) -> bool:
    chat = select(Address.id).where(Address.person_id == person_id)
    return bool(acting.hosts_of(session, person_id)) or session.scalars(chat.limit(1)).first() is not None


def leave_phone(session: Session, now: datetime, host_id: int, person_id: int) -> bool:
    """Somebody shares a phone no more; without any other they are erased. True if they were."""
    acting.unshare(session, now, host_id, person_id)
    if _reached_otherwise(session, person_id):
        return False
    erase(session, now, person_id)
    return True


def _known_otherwise(session: Session, guardian_id: int) -> bool:
    chat = select(Address.id).where(Address.person_id == guardian_id)
    speaks = select(Guardianship.id).where(Guardianship.guardian_id == guardian_id, Guardianship.ended_at.is_(None))
    return any(session.scalars(found.limit(1)).first() is not None for found in (chat, speaks))


def end_forms(session: Session, now: datetime, child_id: int, guardian_id: int) -> None:
    """The forms of one guardian for a child end, with whoever is known from them alone."""
    _end_forms(session, now, child_id, Erased(), guardian_id)


def take_back_form(session: Session, now: datetime, form: PaperForm) -> int:
    """Everything that stands on a form ends; returns how many bookings and registrations ended with it."""
    ended = leave(session, now, form.guardian_id, form.child_id)
    end_forms(session, now, form.child_id, form.guardian_id)
    return ended


def _leave_children(session: Session, now: datetime, guardian_id: int, erased: Erased) -> None:
    children = session.scalars(
        select(Guardianship.child_id).where(Guardianship.guardian_id == guardian_id, Guardianship.ended_at.is_(None))
    ).all()
    for child_id in children:
        if person.depends_on(session, child_id, guardian_id):
            _erase(session, now, child_id, erased)
        else:
            leave(session, now, guardian_id, child_id)
            erased.left_behind.append(child_id)


def leave(session: Session, now: datetime, guardian_id: int, child_id: int) -> int:
    """A guardian speaks for a child no more: what they agreed to ends; returns how many bookings ended with it."""
    link = person.speaks_for(session, guardian_id, child_id)
    if link is not None:
        link.ended_at = now
        stop_reminding(session, guardian_id, child_id, "they left")
    consent.withdraw(session, now, child_id, consent.PURPOSES, given_by_id=guardian_id)
    trip.withdraw_of(session, now, guardian_id, child_id)
    return end_bookings(session, now, child_id)


def end_bookings(session: Session, now: datetime, person_id: int) -> int:
    """Cancel what is booked or registered of somebody who may not take part any more; returns how much it was."""
    if consent.stands(session, person_id, "attend"):
        return 0
    cancelled, _offered = cancel_all_future(session, now, person_id, "consent", lambda _meeting: None)
    visits = appointing.cancel_all(session, now, person_id, "consent")
    return len(cancelled) + len(visits) + withdraw_all(session, now, person_id)


def _erase_words(session: Session, now: datetime, person_id: int) -> None:
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
