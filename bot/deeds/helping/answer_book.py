"""Performing the deeds of staff about the answer book and about places: everything is audited, by numbers alone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.deeds.helping.requests import attachment_of
from bot.deeds.offers import staff_sessions
from bot.deeds.people.staff_rights import organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.facts.helping.reached import span
from bot.offering.describing import town_zone
from conversations.deeds.campaigns import (
    AddAnswer,
    CloseSite,
    ConfirmAnswer,
    CorrectAnswer,
    OpenSite,
    RetireAnswer,
    SetBus,
    SetHours,
    SetVoice,
)
from conversations.deeds.staff import CancelSession
from conversations.help.answers import TOPICS
from conversations.hours import read_spans
from conversations.speech import Done, Moment, Say, Words
from conversations.staff.informing import closing
from models.caring import answer_keeping
from models.caring.answer import AnswerCard
from models.messages.message import StoredAttachment
from models.offers import closures
from models.offers.closures import Closure, Opening
from models.offers.listing import Listing
from models.offers.programme import Site, Town
from models.visits.opening import week_json
from models.who.staff import organisations_of, team_of

REFUSED = Done("refused")
LANGUAGES = ("sr", "bg", "en")
LONGEST_REVIEW = 366


def _today(doing: Doing) -> date:
    return doing.now.astimezone(ZoneInfo(doing.rules.zone)).date()


def _card(doing: Doing, card_id: int) -> AnswerCard | None:
    """The card, locked, if who acts is staff of its organisation; the house's own are every staff's."""
    mine = organisations_of(doing.session, doing.person_id)
    card = answer_keeping.locked(doing.session, card_id) if mine else None
    return card if card is not None and (card.organisation_id is None or card.organisation_id in mine) else None


def add(doing: Doing, deed: AddAnswer) -> Done:
    """Add an answer to the book."""
    draft = deed.draft
    organisation = organisation_for(doing, draft.get("organisation"))
    if organisation is None or draft.get("topic") not in TOPICS:
        return REFUSED
    if not draft.get("question") or not draft.get("answer") or not draft.get("source"):
        return Done("incomplete")
    town = doing.session.get(Town, int(draft["town"])) if draft.get("town") else None
    country = town.country if town else str(draft.get("country") or "")
    days = min(max(int(draft.get("days") or answer_keeping.REVIEW.days), 1), LONGEST_REVIEW)
    card = answer_keeping.add(
        doing.session,
        organisation_id=organisation,
        owner_id=doing.person_id,
        topic=str(draft["topic"]),
        country=country,
        town_id=town.id if town else None,
        question=draft["question"],
        answer=draft["answer"],
        source=str(draft["source"])[:200],
        source_date=date.fromisoformat(draft["dated"]) if draft.get("dated") else _today(doing),
        review_on=date.fromordinal(_today(doing).toordinal() + days),
    )
    doing.audit("answer.added", f"answer:{card.id}")
    return Done("added", {"card": card.id, "code": card.code})


def confirm(doing: Doing, deed: ConfirmAnswer) -> Done:
    """Still true: the review date moves, and whoever says so looks after it."""
    card = _card(doing, deed.card_id)
    if card is None:
        return REFUSED
    answer_keeping.confirm(doing.session, card, _today(doing), doing.person_id)
    doing.audit("answer.confirmed", f"answer:{card.id}", until=card.review_on.isoformat())
    return Done("confirmed")


def correct(doing: Doing, deed: CorrectAnswer) -> Done:
    """Change words in one language."""
    card = _card(doing, deed.card_id)
    if card is None or deed.language not in LANGUAGES or not deed.words.strip():
        return REFUSED
    answer_keeping.correct(doing.session, card, deed.field, deed.language, deed.words.strip())
    doing.audit("answer.corrected", f"answer:{card.id}", field=deed.field, language=deed.language)
    return Done("saved")


def retire(doing: Doing, deed: RetireAnswer) -> Done:
    """Take it out of the book."""
    card = _card(doing, deed.card_id)
    if card is None:
        return REFUSED
    answer_keeping.retire(doing.session, doing.now, card)
    doing.audit("answer.retired", f"answer:{card.id}")
    return Done("retired")


def set_voice(doing: Doing, deed: SetVoice) -> Done:
    """Attach a voice note that who acts has just sent."""
    card = _card(doing, deed.card_id)
    if card is None or deed.language not in LANGUAGES:
        return REFUSED
    attachment_id = attachment_of(doing, deed.attachment)
    sent = doing.session.get(StoredAttachment, attachment_id) if attachment_id is not None else None
    if sent is None or sent.kind != "voice":
        return Done("lost")
    answer_keeping.set_voice(doing.session, doing.now, card.id, deed.language, sent.id)
    doing.audit("answer.voiced", f"answer:{card.id}", language=deed.language)
    return Done("saved")


# ---------------------------------------------------------------- places


def close_site(doing: Doing, deed: CloseSite) -> Done:
    """Enter that a site is closed. Meetings of one's own are cancelled if wanted; colleagues of others are told."""
    draft = deed.draft
    site_id = int(draft["site"])
    mine = _organisations_at(doing, site_id)
    if not mine:
        return REFUSED
    first, last, begins, ends = span(doing.session, site_id, draft, doing.rules.zone)
    zone = town_zone(doing.session, site_id, doing.rules.zone)
    if last < first or last < doing.now.astimezone(ZoneInfo(zone)).date():
        return Done("past")
    reason = str(draft.get("reason") or "")[:120]
    row = closures.close(
        doing.session,
        doing.now,
        site_id=site_id,
        organisation_id=min(mine),
        staff_id=doing.person_id,
        first=first,
        last=last,
        reason={"key": reason},
    )
    begins = max(begins, doing.now)
    own = [meeting.id for meeting in closures.meetings_between(doing.session, site_id, begins, ends, sorted(mine))]
    told = cancelled = 0
    for session_id in own if draft.get("cancel") else ():
        done = staff_sessions.cancel(doing, CancelSession(session_id, "closed", bool(draft.get("urgent"))))
        if done.outcome == "cancelled":
            cancelled, told = cancelled + 1, told + int(str(done.details["told"]))
    others = _tell_others(doing, row, begins, ends, mine)
    doing.audit("site.closed", f"site:{site_id}", closure=row.id, cancelled=cancelled, told=told)
    return Done("closed", {"meetings": cancelled, "told": told, "others": others})


def _organisations_at(doing: Doing, site_id: int) -> set[int]:
    """The organisations of who acts, if one of them has published something at the site."""
    mine = organisations_of(doing.session, doing.person_id)
    return mine if site_id in closures.sites_of(doing.session, mine) else set()


def _tell_others(doing: Doing, row: Closure, begins: datetime, ends: datetime, mine: set[int]) -> int:
    """Staff of other organisations with meetings there decide about these themselves. How many meetings that are."""
    site = doing.session.get_one(Site, row.site_id)
    count: dict[int, int] = {}
    for meeting in closures.meetings_between(doing.session, row.site_id, begins, ends):
        organisation = doing.session.get_one(Listing, meeting.listing_id).organisation_id
        if organisation not in mine:
            count[organisation] = count.get(organisation, 0) + 1
    for organisation, n in count.items():
        text = closing.AT_YOUR_SITE.of(
            n=n, site=Words.of(site.name), first=Moment(begins, town_zone(doing.session, site.id, "UTC"), "date")
        )
        for staff_id in team_of(doing.session, organisation):
            doing.tell(staff_id, Say(text), "offer")
    return sum(count.values())


def open_site(doing: Doing, deed: OpenSite) -> Done:
    """Take a closure back."""
    row = doing.session.get(Closure, deed.closure_id, with_for_update=True)
    if row is None or row.ended_at is not None or not _organisations_at(doing, row.site_id):
        return REFUSED
    row.ended_at = doing.now
    doing.audit("site.opened", f"site:{row.site_id}", closure=row.id)
    return Done("open")


def _opening(doing: Doing, site_id: int) -> Opening:
    row = doing.session.get(Opening, site_id, with_for_update=True)
    if row is None:
        row = Opening(site_id=site_id, hours={}, bus={}, on_holidays=False)
        doing.session.add(row)
        doing.session.flush()
    return row


def set_hours(doing: Doing, deed: SetHours) -> Done:
    """Set the hours of some weekdays."""
    if not _organisations_at(doing, deed.site_id):
        return REFUSED
    spans = read_spans(deed.hours) if deed.hours else ()
    if spans is None:
        return Done("unreadable")
    row = _opening(doing, deed.site_id)
    row.hours = {**row.hours, **week_json({day: spans for day in deed.weekdays if 0 <= day <= 6})}
    doing.audit("site.hours", f"site:{deed.site_id}")
    return Done("saved")


def set_bus(doing: Doing, deed: SetBus) -> Done:
    """Say how to get there."""
    if not _organisations_at(doing, deed.site_id) or deed.language not in LANGUAGES:
        return REFUSED
    row = _opening(doing, deed.site_id)
    row.bus = {**row.bus, deed.language: deed.words}
    doing.audit("site.bus", f"site:{deed.site_id}")
    return Done("saved")


PERFORM: Performers = {
    AddAnswer: add,
    ConfirmAnswer: confirm,
    CorrectAnswer: correct,
    RetireAnswer: retire,
    SetVoice: set_voice,
    CloseSite: close_site,
    OpenSite: open_site,
    SetHours: set_hours,
    SetBus: set_bus,
}
