"""Performing what staff do with clubs and votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.arriving.links import LOOK
from bot.campaigns.judging import Reached, judge
from bot.deeds.people.staff_rights import listing_for, organisation_for, own
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.asking import notices
from conversations.deeds.asking import ClosePoll, DecideProposal, MakeClub, OpenPoll
from conversations.speech import Button, Done, Moment, Say, Value, Words, said
from models.asking import club, vote
from models.asking.club import Club
from models.asking.vote import OPTIONS_MOST, Poll
from models.code import fresh_typed, written
from models.offers.listing import Listing
from models.offers.programme import Town

REFUSED = Done("refused")
TOLD_AT_ONCE = 8
"""Votes that one message tells of, each with its button; of more the club's card shows the rest."""


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
    done = add_poll(doing, deed.draft)
    if done.outcome != "opened":
        return done
    return Done("opened", {**done.details, "told": tell_members(doing, [int(str(done.details["poll"]))])})


def add_poll(doing: Doing, draft: Mapping[str, Any]) -> Done:
    """Open a vote, and tell nobody yet."""
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
            code=written(fresh_typed()),
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
    return Done("opened", {"poll": poll.id, "code": poll.code})


def tell_members(doing: Doing, polls: Sequence[int]) -> int:
    """Members who may be written to are asked to vote, once for several votes of one club. Returns how often."""
    rows = [poll for one in polls if (poll := doing.session.get(Poll, one)) is not None and poll.who == "members"]
    clubs = dict.fromkeys(row.listing_id for row in rows if row.listing_id is not None)
    return sum(
        _tell_of(doing, listing_id, [row for row in rows if row.listing_id == listing_id]) for listing_id in clubs
    )


def _tell_of(doing: Doing, listing_id: int, polls: Sequence[Poll]) -> int:
    """One message for each member: more would be held back on the same day. What ends first is told first."""
    listing = doing.session.get_one(Listing, listing_id)
    polls = sorted(polls, key=lambda row: (row.closes_at, row.id))
    until = [Moment(poll.closes_at, poll.zone) for poll in polls]
    if len(polls) == 1:
        button = Button(notices.VOTE, f"{LOOK}{polls[0].code}")
        say = notices.vote_opened(Words.of(polls[0].question), Words.of(listing.title), until[0], button)
    else:
        named = [(Words.of(poll.question), ends) for poll, ends in zip(polls, until, strict=True)][:TOLD_AT_ONCE]
        buttons = [Button(said(Words.of(poll.question)), f"{LOOK}{poll.code}") for poll in polls[:TOLD_AT_ONCE]]
        if len(polls) > TOLD_AT_ONCE:
            buttons.append(Button(notices.SEE, f"{LOOK}{listing.code}"))
        say = notices.votes_opened(Words.of(listing.title), len(polls), named, buttons)
    told = 0
    for one in judge(doing.session, doing.rules, doing.now, club.members(doing.session, listing_id)):
        if isinstance(one, Reached) and one.due < until[0].at:
            told += doing.tell(one.person_id, say, "invitation", due_at=one.due, expires_at=until[-1].at) is not None
    return told


def close_poll(doing: Doing, deed: ClosePoll) -> Done:
    """End a vote before its time."""
    poll = own(doing, Poll, deed.poll_id)
    if poll is None:
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
