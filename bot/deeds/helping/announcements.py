"""Performing the deeds about announcements: staff announce, move, cancel and prove them; people are reminded."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.arriving.sent import attachment_of
from bot.deeds.people.staff_rights import organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.telling import before_quiet, earlier, zone_of
from conversations.deeds.campaigns import (
    AddEvidence,
    Announce,
    CancelEvent,
    MoveEvent,
    RemindOfEvent,
)
from conversations.speech import Done, Moment, Words
from conversations.staff.informing import announcing
from models.offers import announcement
from models.offers.announcement import Announcement
from models.offers.programme import Town
from models.who.people import Person
from models.who.staff import organisations_of

REFUSED = Done("refused")
_LINK = re.compile(r"https?://[^\s<>\"']{3,290}")


def remind_of_event(doing: Doing, deed: RemindOfEvent) -> Done:
    """Plan a reminder an hour before, moved to before the quiet hours of the person's town."""
    row = announcement.locked(doing.session, deed.event_id)
    if row is None or row.state != "open":
        return Done("gone")
    zone = zone_of(doing.session, doing.session.get_one(Person, doing.person_id), doing.rules)
    due = before_quiet(row.starts_at - timedelta(minutes=announcement.BEFORE), zone, doing.rules)
    return Done(announcement.remind(doing.session, doing.now, row, doing.person_id, due))


# ---------------------------------------------------------------- staff


def announce(doing: Doing, deed: Announce) -> Done:
    """Announce something for an organisation of one's own."""
    draft = deed.draft
    organisation = organisation_for(doing, draft.get("organisation"))
    if organisation is None:
        return REFUSED
    starts_at = datetime.fromisoformat(draft["at"])
    if starts_at <= doing.now:
        return Done("past")
    town = doing.session.get(Town, int(draft["town"])) if draft.get("town") else None
    row = announcement.announce(
        doing.session,
        doing.now,
        organisation_id=organisation,
        author_id=doing.person_id,
        topic=str(draft["topic"]),
        title=draft["title"],
        place=draft["place"],
        starts_at=starts_at,
        zone=town.zone if town else doing.rules.zone,
    )
    doing.audit("event.announced", f"announcement:{row.id}")
    return Done("announced", {"event": row.id, "code": row.code})


def _mine(doing: Doing, event_id: int) -> Announcement | None:
    """The announcement, locked, if who acts is staff of its organisation."""
    row = announcement.locked(doing.session, event_id)
    if row is None or row.organisation_id not in organisations_of(doing.session, doing.person_id):
        return None
    return row


def move_event(doing: Doing, deed: MoveEvent) -> Done:
    """It takes place at another time: whoever asked for a reminder is told, once."""
    row = _mine(doing, deed.event_id)
    if row is None:
        return REFUSED
    starts_at = datetime.fromisoformat(deed.starts_at)
    if row.state != "open" or starts_at <= doing.now:
        return Done("past")
    told = 0
    before = row.starts_at
    people = announcement.move(doing.session, doing.now, row, starts_at, earlier(doing.rules))
    say = announcing.moved(Words.of(row.title), Moment(row.starts_at, row.zone), Words.of(row.place))
    for person_id in people:
        told += doing.tell(person_id, say, "reminder", expires_at=max(before, row.starts_at)) is not None
    doing.audit("event.moved", f"announcement:{row.id}", told=told)
    return Done("moved", {"told": told})


def cancel_event(doing: Doing, deed: CancelEvent) -> Done:
    """It does not take place: whoever asked for a reminder is told, once."""
    row = _mine(doing, deed.event_id)
    if row is None:
        return REFUSED
    if row.state != "open" or row.starts_at <= doing.now:
        return Done("over")
    told = 0
    say = announcing.cancelled(Words.of(row.title), Moment(row.starts_at, row.zone))
    for person_id in announcement.cancel(doing.session, row):
        told += doing.tell(person_id, say, "reminder", expires_at=row.starts_at) is not None
    doing.audit("event.cancelled", f"announcement:{row.id}", told=told)
    return Done("cancelled", {"told": told})


def add_evidence(doing: Doing, deed: AddEvidence) -> Done:
    """Add a link or a photo, for the report."""
    row = _mine(doing, deed.event_id)
    if row is None:
        return REFUSED
    attachment_id = attachment_of(doing, deed.attachment)
    if attachment_id is None and not _LINK.fullmatch(deed.link):
        return Done("lost")
    announcement.add_evidence(
        doing.session, doing.now, row, doing.person_id, link=deed.link, attachment_id=attachment_id
    )
    doing.audit("event.evidence", f"announcement:{row.id}")
    return Done("added")


PERFORM: Performers = {
    RemindOfEvent: remind_of_event,
    Announce: announce,
    MoveEvent: move_event,
    CancelEvent: cancel_event,
    AddEvidence: add_evidence,
}
