"""Performing the deeds about papers: sent by people, printed by staff; and what time does to those nobody prints."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.arriving.knowing import consented
from bot.arriving.sent import sent
from bot.deeds.people.staff_rights import listing_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.offering import papers
from bot.offering.describing import place_of
from conversations.deeds.resources import HandlePaper, SendPaper, TakePaperBack
from conversations.resources import printing as words
from conversations.speech import Done, Say
from models.messages.message import StoredAttachment
from models.offers.listing import Listing
from models.resources import printing
from models.resources.printing import PrintJob
from models.who.acting import speaks_for
from models.who.people import Person


def send(doing: Doing, deed: SendPaper) -> Done:
    """Look at what was sent, and put it into the queue. What cannot be printed is deleted at once."""
    person = doing.session.get_one(Person, doing.person_id)
    if not consented(doing.session, person):
        return Done("consent")
    paper: papers.Paper | str = papers.Paper("stick", deed.pages or None)
    file: StoredAttachment | None = None
    if deed.attachment or not deed.pages:
        file = sent(doing, deed.attachment)
        paper = papers.look(file.content) if file is not None else "lost"
    if isinstance(paper, str):
        _drop(doing.session, file)
        return Done(paper)
    ended = printing.send(
        doing.session,
        doing.now,
        listing_id=deed.listing,
        person_id=doing.person_id,
        sent_by_id=doing.person_id,
        kind=paper.kind,
        pages=paper.pages,
        attachment_id=file.id if file is not None else None,
    )
    if ended.job is None:
        _drop(doing.session, file)
        return Done(ended.outcome, {"left": ended.left})
    job = ended.job
    doing.audit("print.sent", f"print:{job.id}", kind=job.kind, pages=job.pages)
    back = doing.button(doing.person_id, words.TAKE_BACK, "no_print", {"job": job.id}, days=printing.KEPT.days)
    return Done(
        "waiting",
        {"number": job.number, "pages": job.pages, "left": ended.left, "job": job.id, "back": back.tap},
    )


def _drop(session: Session, file: StoredAttachment | None) -> None:
    if file is not None:
        session.delete(file)
        session.flush()


def take_back(doing: Doing, deed: TakePaperBack) -> Done:
    """Only while it waits, and only what one speaks for."""
    job = printing.locked(doing.session, deed.job)
    if job is None or job.state != "waiting" or not speaks_for(doing.session, doing.person_id, job.person_id):
        return Done("gone")
    printing.cancel(doing.session, doing.now, job)
    doing.audit("print.cancelled", f"print:{job.id}")
    return Done("taken", {"kept": job.kind != "stick"})


def handle(doing: Doing, deed: HandlePaper) -> Done:
    """Printed, refused or collected: by staff of the listing's organisation. The person is told."""
    job = printing.locked(doing.session, deed.job)
    listing = listing_for(doing, job.listing_id) if job is not None else None
    if job is None or listing is None:
        return Done("refused")
    if job.state != ("printed" if deed.act == "collected" else "waiting"):
        return Done("gone")
    if deed.act == "printed":
        if not 1 <= deed.pages <= printing.PAGES_MOST:
            return Done("pages")
        printing.printed(doing.session, doing.now, job, deed.pages)
        _tell(doing, job, Say(words.printed(job.number, place_of(doing.session, listing), kept=job.kind != "stick")))
    elif deed.act == "refused" and deed.reason in printing.REASONS:
        printing.refuse(doing.session, doing.now, job, deed.reason)
        _tell(doing, job, Say(words.refused(job.number, deed.reason)))
    elif deed.act == "collected":
        printing.collected(doing.session, doing.now, job)
    else:
        return Done("gone")
    doing.audit(f"print.{deed.act}", f"print:{job.id}", pages=job.pages)
    return Done("done")


def _tell(doing: Doing, job: PrintJob, say: Say) -> None:
    doing.tell(job.sent_by_id, say, "confirmation")


def sweep(doing: Doing) -> None:
    """What time does to papers: people are told a day before a file is deleted, and when it is."""
    for job in printing.to_warn(doing.session, doing.now):
        _remind(doing, job, Say(words.will_be_deleted(job.number, kept=job.kind != "stick")))
    for job in printing.lapse(doing.session, doing.now):
        _remind(doing, job, Say(words.deleted(job.number, kept=job.kind != "stick")))


def _remind(doing: Doing, job: PrintJob, say: Say) -> None:
    """Unasked, so quiet hours count; what is printed at the listing is the way back."""
    listing = doing.session.get_one(Listing, job.listing_id)
    again = doing.button(job.sent_by_id, words.AGAIN, "see_printing", {"listing": listing.id})
    doing.tell(job.sent_by_id, Say(say.text, (again,)), "reminder")


PERFORM: Performers = {SendPaper: send, TakePaperBack: take_back, HandlePaper: handle}
