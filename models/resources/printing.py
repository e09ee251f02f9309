"""The print queue: papers that people send, until they are printed; then what was sent is deleted at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Instant, When, partial_index, to
from models.house import next_number
from models.messages import webchat
from models.messages.message import StoredAttachment
from models.offers.listing import Listing
from models.places.locking import lock_people
from models.resources.resource import Resource, resource_of, zone_of
from models.visits.opening import week_of
from models.who.acting import speaks_for
from models.who.merging import survivor

KEPT = timedelta(days=7)
"""How long a paper that nobody printed is kept."""
WARNED = timedelta(days=1)
"""How long before its deletion the person is told."""
PAGES_MOST = 500
OPEN_MOST = 10
"""The most papers of one person that wait at once."""
KINDS = ("pdf", "docx", "photo", "stick")
REASONS = ("pages", "unreadable", "unsuitable", "broken")
"""Why staff do not print something: too many pages, cannot be opened, not for here, the printer is broken."""
USED_UP = ("refused", "cancelled", "lapsed")
"""States of papers that were not printed and will not be: they use up no pages."""


class PrintJob(Base):
    """A paper to be printed for a person. `number` is what they say when they collect it.

    `kind` is what was sent; "stick": the file is brought along and nothing is kept here. `pages` is None until somebody
    has counted them. States: waiting; printed (it can be collected); collected; refused (see REASONS); cancelled (by
    the person); lapsed (nobody printed it until `until`). The file is `attachment_id`: it is gone in every state but
    the first. `warned_at`: the person was told that it will be deleted.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_print_job_person_id", "person_id"),
        Index("ix_print_job_listing_id_state", "listing_id", "state"),
        partial_index("ix_print_job_waiting", "until", where="state = 'waiting'"),
        CheckConstraint("state IN ('waiting', 'printed', 'collected', 'refused', 'cancelled', 'lapsed')", name="state"),
    )

    id: Mapped[Id]
    number: Mapped[int]
    listing_id: Mapped[int] = mapped_column(to("listing"))
    person_id: Mapped[int] = mapped_column(to("person"))
    sent_by_id: Mapped[int] = mapped_column(to("person"))
    attachment_id: Mapped[int | None] = mapped_column(to("attachment", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(8))
    pages: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    reason: Mapped[str] = mapped_column(String(16), default="")
    until: Mapped[When]
    warned_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[When]
    changed_at: Mapped[When]


@dataclass(frozen=True, slots=True)
class Sent:
    """How sending a paper ended: "waiting" (`job` is in the queue, `left` pages are left this week); "quota" (`left`
    pages are left, which is too few); "many" (too many wait already); "closed"; "denied"; "lost" (the file is not
    there).
    """

    outcome: str
    job: PrintJob | None = None
    left: int = 0


def used_in_week(session: Session, listing: Listing, person_id: int, now: datetime) -> int:
    """How many pages a person has had printed, or waits for, in the week of `now` by the clock of the site."""
    begins, ends = week_of(now, zone_of(session, listing))
    counted = select(func.coalesce(func.sum(func.coalesce(PrintJob.pages, 1)), 0)).where(
        PrintJob.listing_id == listing.id,
        PrintJob.person_id == person_id,
        PrintJob.state.not_in(USED_UP),
        PrintJob.created_at >= begins,
        PrintJob.created_at < ends,
    )
    return int(session.scalar(counted) or 0)


def send(
    session: Session,
    now: datetime,
    *,
    listing_id: int,
    person_id: int,
    sent_by_id: int,
    kind: str,
    pages: int | None,
    attachment_id: int | None = None,
) -> Sent:
    """Put a paper into the queue. Pages that nobody has counted yet count as one. The person is locked first."""
    person_id = survivor(session, person_id)
    if person_id not in lock_people(session, (person_id,)) or not speaks_for(session, sent_by_id, person_id):
        return Sent("denied")
    found = resource_of(session, listing_id)
    if found is None or found[0].state != "open" or not found[1].week_pages:
        return Sent("closed")
    listing, resource = found
    left = resource.week_pages - used_in_week(session, listing, person_id, now)
    if (pages or 1) > left:
        return Sent("quota", left=max(0, left))
    waiting = select(func.count()).where(PrintJob.person_id == person_id, PrintJob.state == "waiting")
    if (session.scalar(waiting) or 0) >= OPEN_MOST:
        return Sent("many", left=left)
    if attachment_id is not None and not _keep(session, now, attachment_id, sent_by_id):
        return Sent("lost", left=left)
    job = PrintJob(
        number=next_number(session, "print"),
        listing_id=listing_id,
        person_id=person_id,
        sent_by_id=sent_by_id,
        attachment_id=attachment_id,
        kind=kind,
        pages=pages,
        until=now + KEPT,
        created_at=now,
        changed_at=now,
    )
    session.add(job)
    session.flush()
    return Sent("waiting", job, left - (pages or 1))


def _keep(session: Session, now: datetime, attachment_id: int, sent_by_id: int) -> bool:
    """Keep what was sent as long as it may wait; False where it is not there, or somebody else's."""
    file = session.get(StoredAttachment, attachment_id)
    if file is None or file.person_id != sent_by_id:
        return False
    file.keep_until = now + KEPT
    session.flush()
    return True


def locked(session: Session, job_id: int) -> PrintJob | None:
    """A paper, locked and read afresh."""
    return session.get(PrintJob, job_id, with_for_update=True, populate_existing=True)


def printed(session: Session, now: datetime, job: PrintJob, pages: int) -> None:
    """A locked, waiting paper is printed on so many pages: what was sent is deleted in the same transaction."""
    job.pages = pages
    _end(session, now, job, "printed")
    resource = session.get(Resource, job.listing_id, with_for_update=True, populate_existing=True)
    if resource is not None and resource.paper is not None:
        resource.paper = max(0, resource.paper - pages)
    session.flush()


def refuse(session: Session, now: datetime, job: PrintJob, reason: str) -> None:
    """A locked, waiting paper is not printed. Raises ValueError for a reason there is not."""
    if reason not in REASONS:
        raise ValueError(f"there is no reason {reason!r}")
    job.reason = reason
    _end(session, now, job, "refused")


def cancel(session: Session, now: datetime, job: PrintJob) -> None:
    """A locked, waiting paper is taken back."""
    _end(session, now, job, "cancelled")


def collected(session: Session, now: datetime, job: PrintJob) -> None:
    """A locked, printed paper was collected."""
    job.state, job.changed_at = "collected", now
    session.flush()


def _end(session: Session, now: datetime, job: PrintJob, state: str) -> None:
    job.state, job.changed_at = state, now
    session.flush()
    _forget(session, now, job)


def _forget(session: Session, now: datetime, job: PrintJob) -> None:
    """Delete what was sent, and every copy of it that staff were shown on the web page."""
    file = session.get(StoredAttachment, job.attachment_id) if job.attachment_id is not None else None
    job.attachment_id = None
    session.flush()
    if file is not None:
        webchat.forget_file(session, now, file.content)
        session.execute(delete(StoredAttachment).where(StoredAttachment.id == file.id))
        session.expire(job)
        session.expunge(file)


# ---------------------------------------------------------------- the sweep


def to_warn(session: Session, now: datetime, *, most: int = 50) -> list[PrintJob]:
    """Papers that will be deleted tomorrow and whose people were not told yet: they count as told from now on."""
    wanted = select(PrintJob).where(
        PrintJob.state == "waiting", PrintJob.until <= now + WARNED, PrintJob.until > now, PrintJob.warned_at.is_(None)
    )
    found = list(session.scalars(wanted.order_by(PrintJob.until).limit(most).with_for_update(skip_locked=True)))
    for job in found:
        job.warned_at = now
    session.flush()
    return found


def lapse(session: Session, now: datetime, *, most: int = 50) -> list[PrintJob]:
    """Delete what nobody printed in time. The papers, which have no file any more."""
    over = select(PrintJob).where(PrintJob.state == "waiting", PrintJob.until <= now)
    found = list(session.scalars(over.order_by(PrintJob.until).limit(most).with_for_update(skip_locked=True)))
    for job in found:
        _end(session, now, job, "lapsed")
    return found


def forget_person(session: Session, now: datetime, person_id: int) -> None:
    """Somebody is erased: what they sent is deleted, and nothing of theirs waits any more."""
    rows = select(PrintJob).where(PrintJob.person_id == person_id, PrintJob.state == "waiting")
    for job in session.scalars(rows.with_for_update()).all():
        _end(session, now, job, "cancelled")
    session.execute(
        update(PrintJob)
        .where((PrintJob.person_id == person_id) | (PrintJob.sent_by_id == person_id))
        .values(attachment_id=None)
    )


def of_person(session: Session, person_id: int) -> list[PrintJob]:
    """What a person has in the queue or can collect, the newest first."""
    wanted = select(PrintJob).where(PrintJob.person_id == person_id, PrintJob.state.in_(("waiting", "printed")))
    return list(session.scalars(wanted.order_by(PrintJob.id.desc())))


def queue(session: Session, organisations: set[int]) -> list[PrintJob]:
    """The queue of some organisations: what waits, the oldest first, then what can be collected."""
    wanted = (
        select(PrintJob)
        .join(Listing, Listing.id == PrintJob.listing_id)
        .where(Listing.organisation_id.in_(organisations), PrintJob.state.in_(("waiting", "printed")))
        .order_by(PrintJob.state != "waiting", PrintJob.id)
    )
    return list(session.scalars(wanted))
