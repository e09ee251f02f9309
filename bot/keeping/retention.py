"""How long things are kept: the times of the privacy page, enforced every day in small transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import CursorResult, String, and_, cast, delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.store import Store
from models.asking import together
from models.attending.absences import KEEP as ABSENCES
from models.attending.absences import AbsenceNotice
from models.attending.room_code import RoomCode
from models.audit import Audit
from models.campaigns.subscription import KEEP as KEEP_DIGESTS
from models.campaigns.subscription import Digest
from models.caring.callback import KEEP as KEEP_NUMBERS
from models.caring.callback import Callback
from models.caring.case import Request, RequestMessage
from models.caring.hand_over import CaseStep
from models.caring.safety import KEEP_WORDS
from models.lessons import feedback, learning, lesson_question
from models.lessons.leaning import Leaning
from models.messages import viber, webchat
from models.messages.conversation import Standing, Talk
from models.messages.message import Inbox, Note, Outgoing, StoredAttachment
from models.messages.money import PaidMessage
from models.offers.importing import KEPT as KEEP_SHEETS
from models.offers.importing import UNDER_WAY, SheetImport
from models.outings.buddy import BuddyPair, BuddyWish
from models.places.eligibility import Eligibility
from models.resources.printing import PrintJob
from models.visits.appointment import Appointment, BusyTime
from models.visits.professional import AppointmentRules
from models.who import apart, erasure, person
from models.who.acting import Mandate
from models.who.people import CodeTry, OneTimeCode

INBOX = timedelta(days=7)
"""Telegram keeps an update for 24 hours and other platforms less: nothing comes again after that."""
CHAT = timedelta(days=90)
BODIES = timedelta(days=2)
"""What was sent is not needed any more (web chats keep their own lines); staff see why something failed, not what."""
DOUBTS = timedelta(days=30)
"""A message in doubt can be sent again by staff for so long."""
CODES = timedelta(days=1)
AUDIT = timedelta(days=731)
"""24 months."""
BUDDIES = timedelta(days=365)
"""A school year: buddies help at its start."""
CHUNK = 500
"""Rows of one transaction: nobody's turn waits longer than for these."""

Step = Callable[[Session, datetime], int]


async def keep_no_longer(store: Store, now: datetime) -> int:
    """Delete or empty everything whose time is over at `now` (UTC). Returns how many rows that were."""
    total = 0
    for step in STEPS:
        while True:
            done = await store.write(partial(_run, step=step, now=now))
            total += done
            if done < CHUNK:
                break
    await store.write(lambda session: webchat.keep_no_longer(session, now))
    return total


def _run(session: Session, step: Step, now: datetime) -> int:
    return step(session, now)


def _delete(table: Any, key: Any, *over: Any) -> Callable[[Session], int]:
    """Delete a chunk of a table's rows."""

    def run(session: Session) -> int:
        these = select(key).where(*over).limit(CHUNK)
        return _count(session.execute(delete(table).where(key.in_(these)).execution_options(synchronize_session=False)))

    return run


def _inbox(session: Session, now: datetime) -> int:
    return _delete(Inbox, Inbox.id, Inbox.arrived_at < now - INBOX)(session)


def _codes(session: Session, now: datetime) -> int:
    over = or_(OneTimeCode.expires_at < now - CODES, OneTimeCode.used_at < now - CODES)
    return _delete(OneTimeCode, OneTimeCode.id, over)(session)


def _tries(session: Session, now: datetime) -> int:
    return _delete(CodeTry, CodeTry.id, CodeTry.at < now - CODES)(session)


def _standing(session: Session, now: datetime) -> int:
    return _delete(Standing, Standing.token, Standing.expires_at < now)(session)


def _attachments(session: Session, now: datetime) -> int:
    return _delete(StoredAttachment, StoredAttachment.id, StoredAttachment.keep_until < now)(session)


def _audit(session: Session, now: datetime) -> int:
    return _delete(Audit, Audit.id, Audit.at < now - AUDIT)(session)


def _mandates(session: Session, now: datetime) -> int:
    """Who acted for whom: as long as what they did is on record."""
    over = or_(Mandate.ended_at < now - AUDIT, Mandate.until < now - AUDIT)
    return _delete(Mandate, Mandate.id, over)(session)


def _notes(session: Session, now: datetime) -> int:
    return _delete(Note, Note.id, Note.created_at < now - CHAT)(session)


def _talks(session: Session, now: datetime) -> int:
    """Where a conversation stood, with what was typed in it."""
    return _delete(Talk, Talk.address_id, Talk.changed_at < now - CHAT)(session)


def _requests(session: Session, now: datetime) -> int:
    """What was written to staff and back."""
    these = select(RequestMessage.id).where(RequestMessage.created_at < now - CHAT, RequestMessage.text != "")
    emptied = update(RequestMessage).where(RequestMessage.id.in_(these.limit(CHUNK))).values(text="")
    return _count(session.execute(emptied.execution_options(synchronize_session=False)))


def _cases(session: Session, now: datetime) -> int:
    """What was written in a safety case that is over; and, after two years, what it was about and what was done."""
    over = select(Request.id).where(Request.kind == "safety", Request.state == "closed")
    words = select(RequestMessage.id).where(
        RequestMessage.request_id.in_(over.where(Request.changed_at < now - KEEP_WORDS)), RequestMessage.text != ""
    )
    emptied = update(RequestMessage).where(RequestMessage.id.in_(words.limit(CHUNK))).values(text="")
    done = _count(session.execute(emptied.execution_options(synchronize_session=False)))
    old = over.where(Request.changed_at < now - AUDIT)
    done += _delete(CaseStep, CaseStep.id, CaseStep.request_id.in_(old))(session)
    forgotten = update(Request).where(Request.id.in_(old.where(Request.concern != "").limit(CHUNK))).values(concern="")
    return done + _count(session.execute(forgotten.execution_options(synchronize_session=False)))


def _bodies(session: Session, now: datetime) -> int:
    """The words of messages that are done with."""
    over = or_(
        Outgoing.state.in_(("sent", "cancelled", "failed")) & (Outgoing.created_at < now - BODIES),
        (Outgoing.state == "unsure") & (Outgoing.created_at < now - DOUBTS),
    )
    full = func.length(cast(Outgoing.body, String)) > 2
    these = select(Outgoing.id).where(over, full, Outgoing.due_at < now - BODIES).limit(CHUNK)
    emptied = update(Outgoing).where(Outgoing.id.in_(these)).values(body={})
    return _count(session.execute(emptied.execution_options(synchronize_session=False)))


def _children(session: Session, now: datetime) -> int:
    """Children whose guardian did not confirm in time. Not while a code still works or staff are asked to help them."""
    children = person.unconfirmed(session, now, CHUNK)
    for child_id in children:
        erasure.erase(session, now, child_id)
    return len(children)


def _papers(session: Session, now: datetime) -> int:
    """That something was printed for somebody; the file itself went when it was printed."""
    over = (PrintJob.state != "waiting") & (PrintJob.changed_at < now - CHAT)
    return _delete(PrintJob, PrintJob.id, over)(session)


def _sheets(session: Session, now: datetime) -> int:
    """What was read from spreadsheets, unless it is still being added or taken back."""
    over = (SheetImport.created_at < now - KEEP_SHEETS) & SheetImport.state.not_in(UNDER_WAY)
    return _delete(SheetImport, SheetImport.id, over)(session)


def _appointments(session: Session, now: datetime) -> int:
    """Who had an appointment with whom: of discreet ones not longer than what is written to staff."""
    discreet = select(AppointmentRules.listing_id).where(AppointmentRules.discreet)
    over = or_(
        (Appointment.ends_at < now - CHAT) & Appointment.listing_id.in_(discreet), Appointment.ends_at < now - AUDIT
    )
    return _delete(Appointment, Appointment.id, over)(session)


def _busy(session: Session, now: datetime) -> int:
    """Time that is over takes nothing from anybody."""
    over = select(Appointment.id).where(Appointment.ends_at < now - INBOX, Appointment.id == BusyTime.appointment_id)
    return _delete(BusyTime, BusyTime.appointment_id, over.exists())(session)


def _ledger(session: Session, now: datetime) -> int:
    """Whom a paid message went to; the sums of the months stay."""
    return _delete(PaidMessage, PaidMessage.id, PaidMessage.at < now - AUDIT)(session)


def _digests(session: Session, now: datetime) -> int:
    """That somebody had a digest: only as long as it keeps a second one away."""
    old = select(Digest.person_id, Digest.week).where(Digest.created_at < now - KEEP_DIGESTS).limit(CHUNK)
    these = tuple_(Digest.person_id, Digest.week).in_(old)  # not all of a person's: the newest keeps a second one away
    return _count(session.execute(delete(Digest).where(these).execution_options(synchronize_session=False)))


def _numbers(session: Session, now: datetime) -> int:
    """Numbers that were given for a call which nobody made."""
    these = select(Callback.id).where(Callback.created_at < now - KEEP_NUMBERS, Callback.phone != "").limit(CHUNK)
    ended = update(Callback).where(Callback.id.in_(these)).values(phone="", state="ended")
    return _count(session.execute(ended.execution_options(synchronize_session=False)))


def _asking(session: Session, now: datetime) -> int:
    """What was said in surveys and boxes, and old proposals."""
    return together.keep_no_longer(session, now, CHUNK)


def _questions(session: Session, now: datetime) -> int:
    """Questions for lessons, two weeks after."""
    return lesson_question.over(session, now, CHUNK)


def _learning(session: Session, now: datetime) -> int:
    """How the learning went, half a year after the lesson."""
    return learning.over(session, now, CHUNK)


def _answers(session: Session, now: datetime) -> int:
    """Whose answer it was, a month after."""
    return feedback.forget_names(session, now, CHUNK)


def _leanings(session: Session, now: datetime) -> int:
    """What interests somebody: the day that they were told."""
    return _delete(Leaning, Leaning.person_id, Leaning.until < now)(session)


def _absences(session: Session, now: datetime) -> int:
    """That somebody was missed, and why."""
    return _delete(AbsenceNotice, AbsenceNotice.id, AbsenceNotice.at < now - ABSENCES)(session)


def _room_codes(session: Session, now: datetime) -> int:
    """Codes of rooms, a day after."""
    return _delete(RoomCode, RoomCode.session_id, RoomCode.created_at < now - CODES)(session)


def _eligibility(session: Session, now: datetime) -> int:
    """Whether somebody may take part: as long as it is needed and can be asked about; undecided, a chat's time."""
    over = or_(
        Eligibility.until < (now - CHAT).date(),
        Eligibility.decided_on < (now - AUDIT).date(),
        and_(Eligibility.eligible.is_(None), Eligibility.asked_at < now - CHAT),
    )
    return _delete(Eligibility, Eligibility.id, over)(session)


def _buddies(session: Session, now: datetime) -> int:
    """Who wished for a buddy, and who had one."""
    done = _delete(BuddyPair, BuddyPair.id, BuddyPair.at < now - BUDDIES)(session)
    old = select(BuddyWish.listing_id, BuddyWish.person_id).where(BuddyWish.at < now - BUDDIES).limit(CHUNK)
    these = tuple_(BuddyWish.listing_id, BuddyWish.person_id).in_(old)
    return done + _count(session.execute(delete(BuddyWish).where(these).execution_options(synchronize_session=False)))


STEPS: tuple[Step, ...] = (
    _buddies,
    _appointments,
    _busy,
    _eligibility,
    _questions,
    _learning,
    _answers,
    _leanings,
    _absences,
    _room_codes,
    _digests,
    _numbers,
    _asking,
    _inbox,
    _codes,
    _tries,
    _standing,
    _attachments,
    _audit,
    _mandates,
    _notes,
    _talks,
    _requests,
    _cases,
    _bodies,
    _ledger,
    _papers,
    _sheets,
    _children,
    viber.keep_no_longer,
    apart.keep_no_longer,
)


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
