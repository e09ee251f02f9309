"""What there is to know about safety cases, for the person who is talking. Words only for who may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.arriving.numbers import number
from bot.facts.lookup import Lookup
from conversations.facts.help import Line
from conversations.facts.safety import Case, CaseRow, OnDuty, Stepped
from conversations.speech import Moment
from models.caring import case, handling, reading, safety
from models.caring.case import Request
from models.caring.hand_over import SafetyCase
from models.messages.message import StoredAttachment
from models.who.people import Person
from models.who.staff import organisations_of

NEWS_MOST = 3


@dataclass(frozen=True, slots=True)
class KnownSafety:
    """What there is to know about safety, for the person who is talking."""

    lookup: Lookup

    def cases(self, offset: int, size: int) -> tuple[tuple[CaseRow, ...], int]:
        """Cases that nobody has closed: those this person has or may take, for administrators all of theirs."""
        session, me = self.lookup.session, self.lookup.me.person_id
        waiting = session.scalars(
            select(Request)
            .where(Request.kind == "safety", Request.state != "closed", Request.person_id != me)
            .order_by(Request.id)
        ).all()
        found = [request for request in waiting if reading.may_read(session, request, me) or self._oversees(request)]
        return tuple(self._row(request) for request in found[offset : offset + size]), len(found)

    def case(self, request_id: str) -> Case | None:
        """One of them."""
        session, me = self.lookup.session, self.lookup.me.person_id
        request = session.get(Request, number(request_id))
        if request is None or request.kind != "safety" or request.state == "closed" or request.person_id == me:
            return None
        readable = reading.may_read(session, request, me)
        if not readable and not self._oversees(request):
            return None
        names = self._names(set(reading.team(session, request)))
        others = tuple((str(one), called) for one, called in names.items() if one not in (me, request.taken_by_id))
        done = safety.steps(session, request.id)
        by = self._names({step.person_id for step in done})
        steps = tuple(
            Stepped(step.step, by.get(step.person_id, "") or str(step.person_id), self._moment(step.at))
            for step in done
        )
        if not readable:
            return Case(self._row(request), False, steps, others)
        hand_over = session.get(SafetyCase, request.id)
        return Case(
            self._row(request),
            True,
            steps,
            others,
            self._lines(request),
            request.concern,
            request.denied_at is not None,
            hand_over.write_here if hand_over else "",
        )

    def _lines(self, request: Request) -> tuple[Line, ...]:
        said = handling.messages(self.lookup.session, request.id)
        attached = [message.attachment_id for message in said if message.attachment_id is not None]
        kinds = {
            row.id: row.kind
            for row in self.lookup.session.execute(
                select(StoredAttachment.id, StoredAttachment.kind).where(StoredAttachment.id.in_(attached))
            )
        }
        return tuple(
            Line(
                self._moment(message.created_at),
                message.author_id != request.person_id,
                message.text,
                kinds.get(message.attachment_id, "") if message.attachment_id is not None else "",
            )
            for message in said
        )

    def _oversees(self, request: Request) -> bool:
        mine = organisations_of(self.lookup.session, self.lookup.me.person_id, roles=("admin",))
        return bool(mine & set(reading.team(self.lookup.session, request).values()))

    def _row(self, request: Request) -> CaseRow:
        mine = request.taken_by_id == self.lookup.me.person_id
        holder = "open" if request.state == "open" else "mine" if mine else "taken"
        unseen = case.unseen(self.lookup.session, request) if mine else 0
        return CaseRow(request.id, self._moment(request.created_at), holder, unseen)

    def _moment(self, at: datetime) -> Moment:
        return Moment(at, self.lookup.rules.zone, "short")

    def _names(self, people: set[int]) -> dict[int, str]:
        rows = self.lookup.session.execute(
            select(Person.id, Person.called).where(Person.id.in_(people)).order_by(Person.id)
        )
        return {row.id: row.called for row in rows}

    def round(self) -> tuple[OnDuty, ...]:
        """The safeguarding staff of this person's organisation, in the order in which they are asked."""
        session, me, now = self.lookup.session, self.lookup.me.person_id, self.lookup.now
        mine = organisations_of(session, me, roles=("admin", "safeguarding"))
        people = set(reading.with_role(session, "safeguarding", mine))
        names = self._names(people)
        rows = session.execute(
            select(safety.SafetyDuty.person_id, safety.SafetyDuty.away_until).where(
                safety.SafetyDuty.person_id.in_(people), safety.SafetyDuty.away_until > now
            )
        )
        away = {row.person_id: row.away_until for row in rows if row.away_until is not None}
        ranked = safety.order(session, people, now)
        ranked += [one for one in sorted(people) if one not in ranked]
        return tuple(
            OnDuty(one, names.get(one, ""), self._moment(away[one]) if one in away else None, one == me)
            for one in ranked
        )

    def own_word(self) -> tuple[str, bool]:
        """The safe word this person has chosen ("" for the one everybody has), and whether staff hear of it."""
        row = safety.safe_word(self.lookup.session, self.lookup.me.person_id)
        return (row.word, row.tells) if row else ("", False)

    def news(self) -> tuple[str, ...]:
        """What staff wrote to this person in their open case, the last few, the oldest first."""
        request = case.alive(self.lookup.session, self.lookup.me.person_id, "safety")
        said = handling.messages(self.lookup.session, request.id) if request else []
        return tuple(one.text for one in said if one.author_id != self.lookup.me.person_id and one.text)[-NEWS_MOST:]
