"""Facts about surveys, votes, clubs and boxes, from the database."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.arriving.knowing import consented
from bot.facts.asking.asking_staff import StaffAsking, asked
from bot.facts.lookup import once
from bot.offering.describing import place_of
from conversations.facts.asking import BoxCard, Choice, ClubCard, PollCard, Shown, SurveyCard
from conversations.speech import Moment, Words
from models.asking import box as boxes
from models.asking import club, vote
from models.asking.box import Box
from models.asking.club import Club
from models.asking.survey import Survey, standing_of, waiting_for
from models.asking.survey_turn import refuses
from models.asking.vote import Poll, PollOption, Tally
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.offers.programme import Organisation
from models.who.people import Person

DATES_MOST = 4
SHOWN_MOST = 10


class KnownAsking(StaffAsking):
    """Everything about them, for the person who is talking."""

    def _organisation(self, organisation_id: int) -> Words:
        row = self.lookup.session.get(Organisation, organisation_id)
        return Words.of(row.name) if row else Words()

    def survey(self, survey_id: int) -> SurveyCard | None:
        """A survey, as the person stands to it."""
        row = self.lookup.session.get(Survey, survey_id)
        if row is None:
            return None
        return SurveyCard(
            id=row.id,
            title=Words.of(row.title),
            organisation=self._organisation(row.organisation_id),
            anonymous=row.anonymous,
            questions=tuple(asked(question) for question in row.questions),
            standing=standing_of(self.lookup.session, self.lookup.now, row, self.lookup.me.person_id),
            until=self.moment(row.closes_at),
        )

    @once
    def waiting(self) -> tuple[SurveyCard, ...]:
        """The surveys that the person was asked to answer, and still can."""
        ids = waiting_for(self.lookup.session, self.lookup.now, self.lookup.me.person_id)
        return tuple(card for one in ids if (card := self.survey(one)) is not None)

    def refuses(self) -> bool:
        """True for somebody who wants no questions."""
        return refuses(self.lookup.session, self.lookup.me.person_id)

    # ------------------------------------------------------------ votes

    def poll(self, poll_id: int) -> PollCard | None:
        """A vote; to staff of its organisation without being able to vote."""
        row = self.lookup.session.get(Poll, poll_id)
        return self._poll(row) if row is not None else None

    def _poll(self, row: Poll) -> PollCard:
        session, me = self.lookup.session, self.lookup.me.person_id
        may = vote.may_vote(session, row, me)
        chosen = vote.mine(session, row.id, me)
        tally = vote.tally(session, row)
        ended = not vote.is_open(row, self.lookup.now)
        staff = row.organisation_id in self.mine()
        knows = (may or staff) and (ended or (row.shows == "voted" and bool(chosen)))
        return PollCard(
            id=row.id,
            code=row.code,
            question=Words.of(row.question),
            choices=tuple(
                self._choice(option, row, tally, counted=knows and not tally.few, ended=ended and (may or staff))
                for option in vote.options_of(session, row.id)
            ),
            open=not ended,
            may=may,
            mine=chosen,
            total=tally.total,
            few=tally.few,
            until=self.moment(row.closes_at, row.zone),
            members=row.who == "members",
        )

    def _choice(self, option: PollOption, row: Poll, tally: Tally, *, counted: bool, ended: bool) -> Choice:
        return Choice(
            option.id,
            Words.of(option.words),
            Moment(option.at, row.zone) if option.at else None,
            tally.votes[option.id] if counted else None,
            first=ended and option.id in tally.first,
        )

    def polls(self, offset: int, size: int) -> tuple[tuple[PollCard, ...], int]:
        """The votes of the organisations, open ones first."""
        wanted = select(Poll).where(Poll.organisation_id.in_(self.mine()))
        total = self.lookup.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        ordered = wanted.order_by(Poll.state != "open", Poll.id.desc())
        rows = self.lookup.session.scalars(ordered.offset(offset).limit(size))
        return tuple(self._poll(row) for row in rows), total

    # ------------------------------------------------------------ clubs

    def club(self, listing_id: int) -> ClubCard | None:
        """A club that people may see."""
        session, me = self.lookup.session, self.lookup.me
        row = session.get(Listing, listing_id)
        if row is None or row.state in ("draft", "cancelled") or not club.is_club(session, listing_id):
            return None
        member = club.membership(session, listing_id, me.person_id) is not None
        seen = member or row.organisation_id in self.mine()
        coming = session.scalars(
            select(Meeting)
            .where(Meeting.listing_id == listing_id, Meeting.starts_at > self.lookup.now, Meeting.state == "planned")
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(DATES_MOST)
        )
        polls = vote.of_listing(session, listing_id) if seen else []
        return ClubCard(
            listing_id=row.id,
            title=Words.of(row.title),
            summary=Words.of(row.summary),
            place=place_of(session, row),
            organisation=self._organisation(row.organisation_id),
            open=row.state == "open",
            member=member,
            members=club.member_count(session, listing_id),
            dates=tuple(Moment(one.starts_at, one.zone) for one in coming),
            polls=tuple((one.id, Words.of(one.question)) for one in polls),
            consented=consented(session, session.get_one(Person, me.person_id)),
        )

    def clubs(self) -> tuple[ClubCard, ...]:
        """The clubs of the organisations."""
        wanted = select(Club.listing_id).join(Listing, Listing.id == Club.listing_id)
        mine = self.lookup.session.scalars(wanted.where(Listing.organisation_id.in_(self.mine())).order_by(Listing.id))
        return tuple(card for one in mine if (card := self.club(one)) is not None)

    # ------------------------------------------------------------ boxes

    def boxes(self) -> tuple[BoxCard, ...]:
        """The boxes that are open, those of the person's own town first."""
        town = self.lookup.me.town_id or 0
        wanted = select(Box).where(Box.state == "open").order_by(Box.town_id != town, Box.id)
        return tuple(self._box(row) for row in self.lookup.session.scalars(wanted))

    def box(self, box_id: int) -> BoxCard | None:
        """A box."""
        row = self.lookup.session.get(Box, box_id)
        return self._box(row, whole=True) if row is not None else None

    def _box(self, row: Box, *, whole: bool = False) -> BoxCard:
        session = self.lookup.session
        shown = boxes.published(session, row.id)[:SHOWN_MOST] if whole else []
        own = boxes.by_name(session, row.id, self.lookup.me.person_id) if whole else []
        return BoxCard(
            id=row.id,
            code=row.code,
            kind=row.kind,
            title=Words.of(row.title),
            intro=Words.of(row.intro),
            organisation=self._organisation(row.organisation_id),
            open=row.state == "open",
            shown=tuple(Shown(boxes.shown_words(one), Words.of(one.answer)) for one in shown),
            mine=tuple((one.key, one.words) for one in own),
        )
