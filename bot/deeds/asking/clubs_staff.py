"""Performing what staff do with clubs and votes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from bot.arriving.links import LOOK
from bot.campaigns.broadcasting import Reached, judge
from bot.deeds.people.staff_rights import listing_for, organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.asking import notices
from conversations.deeds.asking import ClosePoll, DecideProposal, MakeClub, OpenPoll
from conversations.speech import Button, Done, Moment, Say, Value, Words
from models.asking import club, vote
from models.asking.club import Club
from models.asking.vote import OPTIONS_MOST, Poll
from models.code import LETTERS, TYPED
from models.offers.listing import Listing
from models.offers.programme import Town
from models.who.staff import organisations_of

REFUSED = Done("refused")


def public_code() -> str:
    """A short code that can be read out, such as "ABCD-EFGH"."""
    short = "".join(secrets.choice(LETTERS) for _letter in range(TYPED))
    return f"{short[:4]}-{short[4:]}"


def make_club(doing: Doing, deed: MakeClub) -> Done:
    """From now on one can belong to it. Doing it twice changes nothing."""
    listing = listing_for(doing, deed.listing_id)
    if listing is None or listing.block != "OFF":
        return REFUSED
    if doing.session.get(Club, listing.id) is None:
        doing.session.add(Club(listing_id=listing.id))
        doing.session.flush()
        doing.audit("club.made", f"listing:{listing.id}")
    return Done("made")


def open_poll(doing: Doing, deed: OpenPoll) -> Done:
    """Open a vote; members of its club are told, those of an event have its code."""
    draft = deed.draft
    listing = listing_for(doing, int(draft["listing"])) if draft.get("listing") else None
    organisation = listing.organisation_id if listing else organisation_for(doing, draft.get("organisation"))
    if organisation is None or (draft.get("listing") and listing is None):
        return REFUSED
    options = [
        (option.get("words") or {}, datetime.fromisoformat(option["at"]) if option.get("at") else None)
        for option in (draft.get("options") or ())[:OPTIONS_MOST]
    ]
    members = draft.get("who") == "members"
    if len(options) < 2 or not draft.get("question") or not draft.get("closes"):
        return Done("incomplete")
    if members and (listing is None or not club.is_club(doing.session, listing.id)):
        return Done("incomplete")
    closes = datetime.fromisoformat(draft["closes"])
    if closes <= doing.now:
        return Done("past")
    town = doing.session.get(Town, listing.town_id) if listing and listing.town_id is not None else None
    poll = vote.add(
        doing.session,
        Poll(
            code=public_code(),
            organisation_id=organisation,
            listing_id=listing.id if listing else None,
            author_id=doing.person_id,
            question=draft["question"],
            who="members" if members else "all",
            shows="end" if draft.get("shows") == "end" else "voted",
            zone=town.zone if town else doing.rules.zone,
            closes_at=closes,
            created_at=doing.now,
        ),
        options,
    )
    doing.audit("poll.opened", f"poll:{poll.id}")
    return Done("opened", {"poll": poll.id, "code": poll.code, "told": _tell_members(doing, poll)})


def _tell_members(doing: Doing, poll: Poll) -> int:
    """Members who may be written to are asked to vote. Returns how many."""
    if poll.who != "members" or poll.listing_id is None:
        return 0
    people = club.members(doing.session, poll.listing_id)
    listing = doing.session.get_one(Listing, poll.listing_id)
    say = notices.vote_opened(
        Words.of(poll.question),
        Words.of(listing.title),
        Moment(poll.closes_at, poll.zone),
        Button(notices.VOTE, f"{LOOK}{poll.code}"),
    )
    told = 0
    for one in judge(doing.session, doing.rules, doing.now, people):
        if isinstance(one, Reached) and one.due < poll.closes_at:
            told += doing.tell(one.person_id, say, "invitation", due_at=one.due, expires_at=poll.closes_at) is not None
    return told


def close_poll(doing: Doing, deed: ClosePoll) -> Done:
    """End a vote before its time."""
    poll = doing.session.get(Poll, deed.poll_id)
    if poll is None or poll.organisation_id not in organisations_of(doing.session, doing.person_id):
        return REFUSED
    ended = vote.close(doing.session, doing.now, poll.id)
    if ended is None:
        return Done("over")
    doing.audit("poll.closed", f"poll:{poll.id}")
    return Done("closed")


def best_of(doing: Doing, poll: Poll) -> Sequence[Value]:
    """What has the most votes, as it is spoken."""
    first = vote.tally(doing.session, poll).first
    return tuple(
        Moment(option.at, poll.zone) if option.at else Words.of(option.words)
        for option in vote.options_of(doing.session, poll.id)
        if option.id in first
    )


def tell_ended(doing: Doing, poll: Poll) -> None:
    """Whoever opened a vote hears how it ended."""
    button = Button(notices.SEE, f"{LOOK}{poll.code}")
    say = notices.vote_ended(Words.of(poll.question), best_of(doing, poll), button)
    doing.tell(poll.author_id, say, "reminder")


def decide(doing: Doing, deed: DecideProposal) -> Done:
    """The member is told; whose it was need not be known any more then."""
    row = doing.session.get(club.Proposal, deed.proposal_id)
    if row is None or listing_for(doing, row.listing_id) is None:
        return REFUSED
    row = club.decide(doing.session, deed.proposal_id, "accepted" if deed.accept else "hidden")
    if row is None:
        return Done("gone")
    listing = doing.session.get_one(Listing, row.listing_id)
    if row.person_id is not None:
        text = notices.proposal_decided(row.words, Words.of(listing.title), accepted=deed.accept)
        doing.tell(row.person_id, Say(text), "reminder")
    club.let_go(doing.session, row)
    doing.audit("proposal.decided", f"proposal:{row.id}", accepted=deed.accept)
    return Done("accepted" if deed.accept else "hidden")


PERFORM: Performers = {
    MakeClub: make_club,
    OpenPoll: open_poll,
    ClosePoll: close_poll,
    DecideProposal: decide,
}
