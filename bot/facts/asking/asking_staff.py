"""What staff may know of surveys, votes, clubs and boxes: of their own organisations, never who said what unnamed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.campaigns.judging import count
from bot.facts.helping import costs
from bot.facts.lookup import Lookup
from bot.telling import after_quiet
from conversations.facts.asking import Asked, BoxRow, EntryRow, Months, ProposalRow, SurveyRow, Told
from conversations.facts.staff import Reach
from conversations.speech import Moment, Words
from models.asking import box as boxes
from models.asking import club, survey_results
from models.asking.box import Box, BoxEntry
from models.asking.club import Club, Proposal
from models.asking.survey import Survey, again, taken_part
from models.campaigns.audience import Audience
from models.offers.listing import Listing
from models.who.people import Person
from models.who.staff import organisations_of


def asked(question: Mapping[str, Any]) -> Asked:
    """A stored question."""
    choices = tuple((str(key), Words.of(words)) for key, words in (question.get("choices") or {}).items())
    return Asked(str(question["key"]), str(question["kind"]), Words.of(question["text"]), choices)


class StaffAsking:
    """The staff's half."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def mine(self) -> set[int]:
        """The organisations of which the person is staff now."""
        return organisations_of(self.lookup.session, self.lookup.me.person_id)

    def moment(self, at: datetime, zone: str = "") -> Moment:
        """An instant as it is spoken in the house's zone, or in another."""
        return Moment(at, zone or self.lookup.rules.zone)

    # ------------------------------------------------------------ surveys

    def reach(self, draft: dict[str, Any]) -> Reach:
        """How many people a survey would ask now, and who not, by reason."""
        if not self.mine():
            return Reach(0)
        now = self.lookup.now
        at = max(datetime.fromisoformat(draft["due"]), now) if draft.get("due") else now
        counted = count(self.lookup.session, self.lookup.rules, at, Audience.of(draft), now=now, asks=True)
        most = int(draft.get("most") or 0)
        reached = min(counted.reached, most) if most else counted.reached
        paid = tuple(costs.told(cost, self.lookup.me.tag) for cost in counted.costs)
        zone = self.lookup.rules.zone
        opens = after_quiet(at, zone, self.lookup.rules)
        return Reach(reached, counted.left_out, Moment(opens, zone) if opens > self.lookup.now else None, paid)

    def surveys(self, offset: int, size: int) -> tuple[tuple[SurveyRow, ...], int]:
        """The surveys, newest first."""
        wanted = select(Survey).where(Survey.organisation_id.in_(self.mine()))
        total = self.lookup.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = self.lookup.session.scalars(wanted.order_by(Survey.id.desc()).offset(offset).limit(size))
        return tuple(self._row(row) for row in rows), total

    def _own(self, survey_id: int) -> Survey | None:
        row = self.lookup.session.get(Survey, survey_id)
        return row if row is not None and row.organisation_id in self.mine() else None

    def survey_row(self, survey_id: int) -> SurveyRow | None:
        """One of them, with results once it has ended."""
        row = self._own(survey_id)
        return self._row(row, whole=True) if row is not None else None

    def _row(self, row: Survey, *, whole: bool = False) -> SurveyRow:
        session = self.lookup.session
        people, answered = taken_part(session, row.id)
        return SurveyRow(
            id=row.id,
            title=Words.of(row.title),
            anonymous=row.anonymous,
            state=row.state,
            until=self.moment(row.closes_at),
            asked=people,
            answered=answered,
            broadcast_id=row.broadcast_id,
            questions=tuple(asked(question) for question in row.questions),
            results=self._told(row) if whole else (),
            back=row.results_id is not None,
            times=len(again(session, row.id)) if whole else 1,
        )

    def _told(self, row: Survey) -> tuple[Told, ...]:
        questions = {str(question["key"]): asked(question) for question in row.questions}
        return tuple(
            Told(questions[one.key], one.answered, one.counts, one.words, len(one.voices), one.few)
            for one in survey_results.results(self.lookup.session, row)
        )

    def months(self, survey_id: int) -> tuple[Months, ...]:
        """The same questions over time."""
        row = self._own(survey_id)
        if row is None:
            return ()
        series = survey_results.over_time(self.lookup.session, survey_id)
        return tuple(
            Months(
                asked(question),
                tuple(
                    (
                        Moment(one.created_at, self.lookup.rules.zone, "date"),
                        next((r.counts if not r.few else None for r in results if r.key == question["key"]), None),
                    )
                    for one, results in series
                ),
            )
            for question in row.questions
            if question["kind"] not in ("text", "voice")
        )

    # ------------------------------------------------------------ clubs

    def proposals(self) -> tuple[ProposalRow, ...]:
        """What members proposed and nobody has decided."""
        ids = select(Club.listing_id).join(Listing, Listing.id == Club.listing_id)
        mine = self.lookup.session.scalars(ids.where(Listing.organisation_id.in_(self.mine()))).all()
        return tuple(self._proposal(row) for one in mine for row in club.proposals(self.lookup.session, one, "new"))

    def accepted(self, listing_id: int) -> tuple[ProposalRow, ...]:
        """What was proposed to a club and accepted."""
        listing = self.lookup.session.get(Listing, listing_id)
        if listing is None or listing.organisation_id not in self.mine():
            return ()
        return tuple(self._proposal(row) for row in club.proposals(self.lookup.session, listing_id, "accepted"))

    def _proposal(self, row: Proposal) -> ProposalRow:
        listing = self.lookup.session.get_one(Listing, row.listing_id)
        return ProposalRow(row.id, row.listing_id, Words.of(listing.title), row.words)

    # ------------------------------------------------------------ boxes

    def _boxes(self) -> list[Box]:
        wanted = select(Box).where(Box.organisation_id.in_(self.mine()))
        return list(self.lookup.session.scalars(wanted.order_by(Box.state != "open", Box.id)))

    def box_rows(self) -> tuple[BoxRow, ...]:
        """The boxes, also closed ones."""
        session = self.lookup.session
        return tuple(
            BoxRow(
                row.id, row.code, row.kind, Words.of(row.title), row.state == "open", boxes.count_new(session, [row.id])
            )
            for row in self._boxes()
        )

    def entries(self, box_id: int, state: str) -> tuple[EntryRow, ...]:
        """What is in a box, in no order."""
        if box_id not in {row.id for row in self._boxes()}:
            return ()
        return tuple(self._entry(row) for row in boxes.entries(self.lookup.session, box_id, state))

    def entry(self, box_id: int, key: str) -> EntryRow | None:
        """One of them."""
        row = self.lookup.session.get(BoxEntry, key)
        if row is None or row.box_id != box_id or box_id not in {one.id for one in self._boxes()}:
            return None
        return self._entry(row)

    def _entry(self, row: BoxEntry) -> EntryRow:
        person = self.lookup.session.get(Person, row.person_id) if row.person_id is not None else None
        return EntryRow(
            key=row.key,
            words=row.words,
            voice=bool(row.media_type),
            publish=row.publish,
            name=person.called if person else "",
            named=person is not None,
            state=row.state,
            answer=Words.of(row.answer),
        )

    def new_in_boxes(self) -> int:
        """How much nobody has looked at yet."""
        return boxes.count_new(self.lookup.session, [row.id for row in self._boxes()])
