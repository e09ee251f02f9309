"""One-time codes: once, not for long, for their purpose only, and not to be guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import code
from models.who.people import CodeTry, OneTimeCode, Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def somebody(session: Session) -> int:
    made = Person(created_at=NOW)
    session.add(made)
    session.flush()
    return made.id


def test_a_code_has_128_bits_and_only_its_hash_is_kept(session: Session) -> None:
    made = code.issue(session, NOW, "guardian", somebody(session), WEEK)
    row = session.scalars(select(OneTimeCode)).one()
    assert len(made) == 22
    assert made not in (row.hash, row.details)


def test_a_code_works_once_until_its_time_and_for_its_purpose(session: Session) -> None:
    child, adult = somebody(session), somebody(session)
    made = code.issue(session, NOW, "guardian", child, WEEK)
    assert code.look(session, NOW, made, "staff", adult) is None
    assert code.look(session, NOW + WEEK, made, "guardian", adult) is None
    row = code.look(session, NOW + WEEK - timedelta(seconds=1), made, "guardian", adult)
    assert row is not None
    assert row.subject_id == child
    row.used_at = NOW
    session.flush()
    assert code.look(session, NOW, made, "guardian", adult) is None


def test_who_guesses_ten_times_within_an_hour_learns_nothing_any_more(session: Session) -> None:
    guesser, other = somebody(session), somebody(session)
    made = code.issue(session, NOW, "guardian", other, WEEK)
    for _try in range(code.TRIES_EACH):
        assert code.look(session, NOW, "wrong", "guardian", guesser) is None
    assert code.look(session, NOW, made, "guardian", guesser) is None, "even the right one"
    assert code.look(session, NOW, made, "guardian", other) is not None, "others do not notice"
    later = NOW + timedelta(hours=1)
    assert code.look(session, later, made, "guardian", guesser) is not None


def test_a_thousand_wrong_codes_an_hour_stop_everybody(session: Session) -> None:
    made = code.issue(session, NOW, "guardian", None, WEEK)
    people = [somebody(session) for _person in range(code.TRIES_ALL // code.TRIES_EACH + 1)]
    for person_id in people[:-1]:
        for _try in range(code.TRIES_EACH):
            code.wrong(session, NOW, person_id)
    assert code.look(session, NOW, made, "guardian", people[-1]) is None


def test_tries_are_forgotten_after_an_hour(session: Session) -> None:
    guesser = somebody(session)
    code.wrong(session, NOW, guesser)
    code.wrong(session, NOW + timedelta(hours=2), guesser)
    assert len(session.scalars(select(CodeTry)).all()) == 1
