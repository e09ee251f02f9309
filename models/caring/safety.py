"""Safety cases: the round of those who are asked to take one, what has been done, who is away, the safe word."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, to
from models.caring import handling, reading
from models.caring.case import Request
from models.caring.hand_over import CaseStep, SafetyCase, asked

STEPS = ("seen", "talked", "centre", "police", "other")
"""What staff tick off themselves, in this order; "other" is any other service. Nothing of the content is kept."""
TRACES = ("asked", "handed", "admins", "false_alarm", "closed")
"""What the house notes beside it."""
KEEP_WORDS = timedelta(days=30)
"""What was written in a case stays readable for so long after it was closed."""
WORD_MOST = 40


class SafetyDuty(Base):
    """Where somebody of the safeguarding staff stands in the round (the smaller the earlier), and until when away."""

    __tablename__ = "safety_duty"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    turn: Mapped[int] = mapped_column(default=0)
    away_until: Mapped[datetime | None] = mapped_column(Instant)


class SafeWord(Base):
    """A word of a person's own that brings the quiet card; `tells` where safeguarding staff should hear of it."""

    __tablename__ = "safe_word"

    person_id: Mapped[int] = mapped_column(to("person", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(String(WORD_MOST), default="")
    tells: Mapped[bool] = mapped_column(default=False)


# ---------------------------------------------------------------- the round


def in_hand(session: Session, request: Request) -> SafetyCase:
    """How a case is handed over, locked; made where there is none yet."""
    row = session.get(SafetyCase, request.id, with_for_update=True, populate_existing=True)
    if row is None:
        row = SafetyCase(request_id=request.id, round=1, write_here="")
        session.add(row)
        session.flush()
    return row


def order(session: Session, people: set[int], now: datetime) -> list[int]:
    """Those people in the order in which they are asked; who is away comes only where nobody else is there."""
    duties = {row.person_id: row for row in session.scalars(select(SafetyDuty).where(SafetyDuty.person_id.in_(people)))}

    def key(person_id: int) -> tuple[bool, int, int]:
        duty = duties.get(person_id)
        away = duty is not None and duty.away_until is not None and duty.away_until > now
        return away, duty.turn if duty else 0, person_id

    ranked = sorted(people, key=key)
    there = [one for one in ranked if not key(one)[0]]
    return there or ranked


def new_round(session: Session, request: Request) -> SafetyCase:
    """From the first of the round again: everybody may be asked once more."""
    row = in_hand(session, request)
    if asked(session, request.id):
        row.round += 1
    row.asked_id, row.next_at = None, None
    session.flush()
    return row


def ask_next(session: Session, now: datetime, request: Request, next_at: datetime) -> int | None:
    """The next of the round is asked to take the case until `next_at`; None if all of them were already."""
    row = in_hand(session, request)
    already = asked(session, request.id)
    left = [one for one in order(session, set(reading.team(session, request)), now) if one not in already]
    if not left:
        return None
    row.asked_id, row.next_at = left[0], next_at
    note(session, now, request, "asked", left[0], row.round)
    return left[0]


def hand(session: Session, now: datetime, request: Request, to_id: int, next_at: datetime) -> None:
    """A case is given to somebody by name: they are asked now, and nobody else may read it until they are late."""
    row = new_round(session, request)
    handling.put_back(session, now, request)
    row.asked_id, row.next_at = to_id, next_at
    note(session, now, request, "handed", to_id, row.round)


def overdue(session: Session, now: datetime) -> list[int]:
    """The numbers of cases whose time to be taken is over at `now` (UTC)."""
    return list(
        session.scalars(
            select(SafetyCase.request_id)
            .join(Request, Request.id == SafetyCase.request_id)
            .where(Request.state == "open", SafetyCase.next_at <= now)
            .order_by(SafetyCase.next_at)
        )
    )


# ---------------------------------------------------------------- what is done


def note(session: Session, now: datetime, request: Request, step: str, person_id: int, of_round: int = 0) -> bool:
    """Write down a step. False if it was there: the first time counts. Raises ValueError for a step there is not."""
    if step not in STEPS and step not in TRACES:
        raise ValueError(f"there is no step {step!r}")
    found = select(CaseStep.id).where(CaseStep.request_id == request.id, CaseStep.step == step)
    if of_round:
        found = found.where(CaseStep.round == of_round, CaseStep.person_id == person_id)
    if session.scalars(found.limit(1)).first() is not None:
        return False
    session.add(CaseStep(request_id=request.id, step=step, person_id=person_id, round=of_round, at=now))
    session.flush()
    return True


def steps(session: Session, request_id: int) -> list[CaseStep]:
    """What was done in a case, the oldest first."""
    return list(session.scalars(select(CaseStep).where(CaseStep.request_id == request_id).order_by(CaseStep.id)))


def acknowledge(session: Session, now: datetime, request: Request, staff_id: int) -> bool:
    """Whoever opens an open case has taken it: the clock stops. False if somebody has it already."""
    row = in_hand(session, request)
    if request.state == "taken":
        return False
    handling.take(session, now, request, staff_id)
    row.asked_id, row.next_at = staff_id, None
    note(session, now, request, "seen", staff_id)
    return True


def end(session: Session, now: datetime, request: Request, staff_id: int, *, false_alarm: bool) -> None:
    """Close a case, as a false alarm or not."""
    row = in_hand(session, request)
    row.asked_id, row.next_at = None, None
    if false_alarm:
        note(session, now, request, "false_alarm", staff_id)
    note(session, now, request, "closed", staff_id)
    handling.close(session, now, request)


# ---------------------------------------------------------------- who is there, and the safe word


def duty(session: Session, person_id: int) -> SafetyDuty:
    """Somebody's place in the round, locked; made where there is none yet."""
    row = session.get(SafetyDuty, person_id, with_for_update=True)
    if row is None:
        row = SafetyDuty(person_id=person_id, turn=0)
        session.add(row)
        session.flush()
    return row


def first_of_round(session: Session, people: list[int], person_id: int) -> None:
    """Somebody is asked before all of `people`, who keep their order."""
    for turn, one in enumerate([person_id, *(other for other in people if other != person_id)], 1):
        duty(session, one).turn = turn
    session.flush()


def safe_word(session: Session, person_id: int) -> SafeWord | None:
    """What a person has chosen about the safe word."""
    return session.get(SafeWord, person_id)


def choose_word(session: Session, person_id: int, word: str | None, tells: bool | None) -> None:
    """Keep a safe word ("" for the one everybody has), or whether staff hear of it; None leaves it as it is."""
    row = session.get(SafeWord, person_id, with_for_update=True)
    if row is None:
        row = SafeWord(person_id=person_id, word="", tells=False)
        session.add(row)
    row.word = row.word if word is None else word[:WORD_MOST]
    row.tells = row.tells if tells is None else tells
    session.flush()


def join(session: Session, kept: int, other: int) -> None:
    """Two cases of one person are one now: the clock that runs out first runs on, a "no" to writing here counts."""
    theirs = session.get(SafetyCase, other)
    if theirs is None:
        return
    mine = in_hand(session, session.get_one(Request, kept))
    running = [at for at in (mine.next_at, theirs.next_at) if at is not None]
    mine.next_at = min(running, default=None)
    if "no" in (mine.write_here, theirs.write_here):
        mine.write_here = "no"
    session.execute(update(SafetyCase).where(SafetyCase.request_id == other).values(next_at=None, asked_id=None))
    session.flush()
