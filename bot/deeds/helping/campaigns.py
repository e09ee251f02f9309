"""Performing the deeds about news, announcements and calls: the person's side, and staff who announce."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import select, update

from bot.arriving.knowing import ALONE_ANYWHERE, ALONE_FROM
from bot.campaigns import reach
from bot.caring.notices import tell_team
from bot.deeds.helping.requests import allowed, attachment_of
from bot.deeds.people.staff_rights import organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.phones import read_phone
from bot.telling import before_quiet, zone_of
from conversations.deeds.campaigns import (
    AddEvidence,
    Announce,
    AskCall,
    CancelEvent,
    CountReach,
    MarkCalled,
    MoveEvent,
    RemindOfEvent,
    Subscribe,
    Unsubscribe,
)
from conversations.help.callme import HOURS
from conversations.speech import Done, Moment, Words
from conversations.staff.informing import announcing
from models.campaigns import subscription
from models.campaigns.audience import agreed_to_messages
from models.caring import callback, case, reading
from models.messages.message import Outgoing, StoredAttachment
from models.offers import announcement
from models.offers.announcement import Announcement
from models.offers.programme import Town
from models.who.people import Address, Person
from models.who.person import country_of
from models.who.staff import organisations_of

REFUSED = Done("refused")
_LINK = re.compile(r"https?://[^\s<>\"']{3,290}")


# ---------------------------------------------------------------- what somebody wants to hear of


def subscribe(doing: Doing, deed: Subscribe) -> Done:
    """Subscribe who agreed to messages; who has not is asked first, and for a child a guardian is."""
    session = doing.session
    person = session.get_one(Person, doing.person_id, with_for_update=True)
    if person.stopped_at is not None:
        return Done("stopped")
    own, by_guardian = agreed_to_messages(session, (person.id,))
    alone = bool(person.band) and person.band in ALONE_FROM.get(country_of(session, person), ALONE_ANYWHERE)
    if not by_guardian and not (own and alone):
        return Done("agree" if alone else "guardian")
    subscription.subscribe(session, doing.now, person.id, deed.topic)
    return Done("subscribed")


def unsubscribe(doing: Doing, deed: Unsubscribe) -> Done:
    """One's own subscription ends at once."""
    ended = subscription.unsubscribe(doing.session, doing.person_id, deed.topic)
    if deed.topic == "week":  # one that waits for the morning does not come any more
        mine = select(Address.id).where(Address.person_id == doing.person_id)
        doing.session.execute(
            update(Outgoing)
            .where(Outgoing.address_id.in_(mine), Outgoing.kind == "digest", Outgoing.state == "waiting")
            .values(state="cancelled", reason="unsubscribed")
        )
    return Done("ended" if ended else "none")


def count_reach(doing: Doing, deed: CountReach) -> Done:
    """Count by day; nobody is named."""
    reach.count(doing.session, doing.now, doing.rules, deed.kind, deed.about_id, deed.what)
    return Done("done")


def remind_of_event(doing: Doing, deed: RemindOfEvent) -> Done:
    """Plan a reminder an hour before, moved to before the quiet hours of the person's town."""
    row = announcement.locked(doing.session, deed.event_id)
    if row is None or row.state != "open":
        return Done("gone")
    zone = zone_of(doing.session, doing.session.get_one(Person, doing.person_id), doing.rules)
    due = before_quiet(row.starts_at - timedelta(minutes=announcement.BEFORE), zone, doing.rules)
    return Done(announcement.remind(doing.session, doing.now, row, doing.person_id, due))


# ---------------------------------------------------------------- call me


def ask_call(doing: Doing, deed: AskCall) -> Done:
    """Note the number and the hour beside the person's request, and tell the team that somebody waits."""
    phone = read_phone(deed.phone, "")
    if phone is None or deed.wanted not in HOURS:
        return Done("unreadable")
    request, _new = case.open_request(doing.session, doing.now, doing.person_id, doing.address_id or None)
    if not callback.ask(doing.session, doing.now, request.id, doing.person_id, phone.number, deed.wanted):
        return Done("changed")
    fresh = case.add_message(doing.session, doing.now, request, doing.person_id, deed.words, about=case.CALL)
    told = tell_team(doing, request) if fresh else len(reading.readers(doing.session, request))
    return Done("asked" if told else "nobody")


def mark_called(doing: Doing, deed: MarkCalled) -> Done:
    """Staff have called. With an answer the number goes; how long it took stays, and who called."""
    request = allowed(doing, deed.request_id)
    if request is None:
        return Done("gone")
    outcome = callback.called(doing.session, doing.now, request.id, doing.person_id, reached=deed.reached)
    doing.audit(f"callback.{outcome}", f"request {request.id}")
    return Done(outcome)


# ---------------------------------------------------------------- announcements


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
    people = announcement.move(
        doing.session, doing.now, row, starts_at, lambda at, zone: before_quiet(at, zone, doing.rules)
    )
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
    attachment_id = attachment_of(doing, deed.attachment) if deed.attachment else None
    photo = doing.session.get(StoredAttachment, attachment_id) if attachment_id is not None else None
    if photo is None and not _LINK.fullmatch(deed.link):
        return Done("lost")
    announcement.add_evidence(
        doing.session, doing.now, row, doing.person_id, link=deed.link, attachment_id=attachment_id
    )
    doing.audit("event.evidence", f"announcement:{row.id}")
    return Done("added")


PERFORM: Performers = {
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
    CountReach: count_reach,
    RemindOfEvent: remind_of_event,
    AskCall: ask_call,
    MarkCalled: mark_called,
    Announce: announce,
    MoveEvent: move_event,
    CancelEvent: cancel_event,
    AddEvidence: add_evidence,
}
