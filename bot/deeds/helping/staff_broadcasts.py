"""Performing the deeds of staff about broadcasts and about notes: send, stop, report; look at what needs somebody."""

from __future__ import annotations

from datetime import datetime

from bot.arriving.numbers import number
from bot.arriving.sent import sent
from bot.campaigns.broadcasting import KEEPS, step
from bot.campaigns.judging import count
from bot.campaigns.reports import broadcast_report
from bot.deeds.people.staff_rights import audience_for, listing_for, organisation_for, own
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.deeds.staff import ReportBroadcast, SendBroadcast, SettleNote, StopBroadcast
from conversations.speech import Done, Say
from conversations.staff import notices
from conversations.staff.writing import reports
from models.campaigns import broadcast as broadcasts
from models.campaigns.broadcast import Broadcast
from models.messages.message import Note, Outgoing, StoredAttachment
from models.messages.sending import resend
from models.offers.announcement import Announcement
from models.who.people import Address
from models.who.staff import organisations_of

REFUSED = Done("refused")


def send(doing: Doing, deed: SendBroadcast) -> Done:
    """Plan a broadcast; one that is due now begins in this transaction."""
    draft = deed.draft
    organisation = organisation_for(doing, draft.get("organisation"))
    listing = draft.get("listing")
    if organisation is None or (listing is not None and listing_for(doing, listing) is None):
        return REFUSED
    event = draft.get("announcement")
    if event is not None:
        announced = doing.session.get(Announcement, int(event))
        if announced is None or announced.organisation_id != organisation:
            return REFUSED
    in_digest = bool(draft.get("in_digest"))
    texts = {language: words for language, words in (draft.get("texts") or {}).items() if words}
    invited = listing_for(doing, int(listing)) if draft.get("invites") and listing is not None else None
    if invited is not None and not texts:
        texts = dict(invited.title)
    audience = audience_for(doing, draft)
    if audience is None:
        return REFUSED
    ref = str(draft.get("attachment") or "")
    attachment = sent(doing, ref)
    if ref and attachment is None:
        return Done("lost")
    due = datetime.fromisoformat(draft["due"]) if draft.get("due") else None
    free_only = bool(draft.get("free_only"))
    counted = count(
        doing.session,
        doing.rules,
        due or doing.now,
        audience,
        now=doing.now,
        free_only=free_only,
        messages=2 if attachment else 1,
    )
    if not texts or not counted.total:
        return Done("nobody")
    if not counted.affordable and not in_digest:
        return Done("unpaid")
    row = broadcasts.plan(
        doing.session,
        doing.now,
        organisation_id=organisation,
        author_id=doing.person_id,
        audience=audience.to_json(),
        texts=texts,
        listing_id=listing,
        due_at=due,
        counted=counted.reached,
        free_only=free_only,
        announcement_id=int(event) if event is not None else None,
        topic=audience.topics[0] if len(audience.topics) == 1 else "",
        in_digest=in_digest,
        attachment_id=_kept(doing, attachment, due),
        invites=invited is not None,
    )
    doing.audit("broadcast.planned", f"broadcast:{row.id}", counted=counted.reached)
    if in_digest or (row.due_at is not None and row.due_at > doing.now):
        return Done("scheduled", {"broadcast": row.id})
    step(doing)
    return Done("sending", {"broadcast": row.id})


def _kept(doing: Doing, row: StoredAttachment | None, due: datetime | None) -> int | None:
    """What comes along is kept until the last message can have left."""
    if row is None:
        return None
    row.keep_until = max(due or doing.now, doing.now) + KEEPS * 2
    return row.id


def stop(doing: Doing, deed: StopBroadcast) -> Done:
    """Stop what still waits."""
    if own(doing, Broadcast, deed.broadcast_id) is None:
        return REFUSED
    spared = broadcasts.stop(doing.session, doing.now, deed.broadcast_id)
    if spared is None:
        return Done("over")
    doing.audit("broadcast.stopped", f"broadcast:{deed.broadcast_id}", spared=spared)
    return Done("stopped", {"spared": spared})


def report(doing: Doing, deed: ReportBroadcast) -> Done:
    """Hand over the report as a spreadsheet, where it was asked for."""
    row = own(doing, Broadcast, deed.broadcast_id)
    if row is None:
        return REFUSED
    doing.hand(Say(reports.HERE, document=broadcast_report(doing.session, row, doing.voice)))
    doing.audit("broadcast.reported", f"broadcast:{row.id}")
    return Done("sent")


def settle_note(doing: Doing, deed: SettleNote) -> Done:
    """Answer a note. A message in doubt may be sent again, or its receiver asked whether it came: by administrators,
    since a note does not say whose message it is about (docs/decisions/0030).
    """
    roles = ("staff", "admin") if deed.answer == "seen" else ("admin",)
    if not organisations_of(doing.session, doing.person_id, roles=roles):
        return REFUSED
    note = doing.session.get(Note, number(deed.key), with_for_update=True)
    if note is None or note.seen_at is not None:
        return Done("gone")
    if deed.answer == "resend" and not (note.outgoing_id and resend(doing.session, doing.now, note.outgoing_id)):
        return Done("gone")
    if deed.answer == "ask":
        message = doing.session.get(Outgoing, note.outgoing_id) if note.outgoing_id else None
        address = doing.session.get(Address, message.address_id) if message else None
        if address is None:
            return Done("gone")
        doing.tell(address.person_id, notices.did_it_arrive(), "reminder")
    note.seen_at = doing.now
    doing.audit(f"note.{deed.answer}", f"note:{note.id}")
    return Done("done")


PERFORM: Performers = {SendBroadcast: send, StopBroadcast: stop, ReportBroadcast: report, SettleNote: settle_note}
