"""Erasing a person: what names them goes, what must be counted stays without them, places become free.

Every table that points at a person or an address is named in `HANDLED`; a test fails for one that is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.messages.reminder import stop_reminding
from models.offers.call import withdraw_all
from models.outings import trip
from models.places.waiting_list import cancel_all_future
from models.visits import appointing, visit_memory
from models.who import acting, apart, consent, person
from models.who.consent import Consent, PaperForm
from models.who.forgetting import ERASED, forget_words
from models.who.people import Address, Guardianship, Person
from models.who.staff import StaffRole

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
    forget_words(session, now, person_id)
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
