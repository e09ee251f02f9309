"""What falls due by itself with surveys, votes and boxes: they end in time, and staff hear of it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.deeds.asking.clubs_staff import tell_ended
from bot.doing import Doing
from bot.telling import after_quiet
from conversations.asking import notices
from conversations.speech import Say, Words
from models.asking import box as boxes
from models.asking import survey as surveys
from models.asking import vote
from models.asking.box import Box
from models.asking.club import Proposal
from models.campaigns import broadcast as broadcasts
from models.house import recall, remember
from models.offers.listing import Listing
from models.who.staff import team_of

REPORT = "survey_report"
BOXES = "boxes"
PROPOSALS = "proposals"
TOLD = "boxes told"
HOUR = 9
"""In this hour (house's zone) the team hears, once a day, what is new in boxes and was proposed in clubs."""
KEEPS = timedelta(hours=8)


def run(doing: Doing) -> None:
    """Everything of it, in one transaction."""
    _surveys(doing)
    for poll in vote.close_passed(doing.session, doing.now):
        tell_ended(doing, poll)
    if _once_a_day(doing):
        _boxes(doing)
        _proposals(doing)


def _surveys(doing: Doing) -> None:
    for row in surveys.close_passed(doing.session, doing.now):
        broadcasts.stop(doing.session, doing.now, row.broadcast_id)
        _people, answered = surveys.taken_part(doing.session, row.id)
        button = doing.button(row.author_id, notices.REPORT, REPORT, {"survey": row.id}, days=90)
        text = notices.ENDED.of(title=Words.of(row.title), n=answered)
        doing.tell(row.author_id, Say(text, (button,)), "reminder")


def _once_a_day(doing: Doing) -> bool:
    """True once a day, in the hour for it: a notice at the moment itself would say who had the phone in hand."""
    local = doing.now.astimezone(ZoneInfo(doing.rules.zone))
    today = local.date().isoformat()
    if local.hour != HOUR or (recall(doing.session, TOLD) or "") >= today:
        return False
    if after_quiet(doing.now, doing.rules.zone, doing.rules) > doing.now:
        return False
    remember(doing.session, TOLD, today)
    return True


def _boxes(doing: Doing) -> None:
    """In a number: how much nobody has looked at yet."""
    by_organisation: dict[int, list[int]] = {}
    for box_id, organisation_id in doing.session.execute(select(Box.id, Box.organisation_id).order_by(Box.id)):
        by_organisation.setdefault(organisation_id, []).append(box_id)
    for organisation_id, ids in by_organisation.items():
        n = boxes.count_new(doing.session, ids)
        for staff_id in team_of(doing.session, organisation_id) if n else ():
            button = doing.button(staff_id, notices.LOOK_IN, BOXES, {})
            doing.tell(staff_id, notices.new_in_box(n, button), "digest", expires_at=doing.now + KEEPS)


def _proposals(doing: Doing) -> None:
    """Members were told that the team looks at what they propose: for each club, how much waits for that."""
    waiting = (
        select(Listing, func.count(Proposal.id))
        .join(Proposal, Proposal.listing_id == Listing.id)
        .where(Proposal.state == "new")
        .group_by(Listing.id)
        .order_by(Listing.id)
    )
    for listing, n in doing.session.execute(waiting):
        for staff_id in team_of(doing.session, listing.organisation_id):
            button = doing.button(staff_id, notices.PROPOSALS, PROPOSALS, {"listing": listing.id})
            said = notices.proposals_wait(Words.of(listing.title), n, button)
            doing.tell(staff_id, said, "digest", expires_at=doing.now + KEEPS)
