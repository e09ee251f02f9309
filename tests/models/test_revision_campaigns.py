"""The revision of answers, news and places: down again with rows in it, nothing goes to people who did not ask."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.sample import load
from bot.searching.index_tables import ensure
from bot.store import sqlite_engine
from models.campaigns import broadcast, reach, subscription
from models.caring.answer import AnswerCard
from models.migrating import migrate
from models.offers import closures
from models.offers.announcement import Announcement, remind
from models.offers.programme import Organisation, Site
from models.who.people import Person
from tests.house import MONDAY


def test_going_back_stops_what_only_subscribers_should_get(tmp_path: Path) -> None:
    engine = sqlite_engine(f"sqlite:///{tmp_path / 'm.db'}")
    migrate(engine)
    with Session(engine) as session:
        ensure(session)
        load(session, MONDAY)
        person = Person(tag="bg", created_at=MONDAY)
        session.add(person)
        session.flush()
        organisation = session.scalars(select(Organisation.id)).first() or 0
        site = session.scalars(select(Site.id)).first() or 0
        event = session.scalars(select(Announcement)).one()
        subscription.subscribe(session, MONDAY, person.id, "jobs")
        remind(session, MONDAY, event, person.id, MONDAY + timedelta(hours=2))
        reach.count(session, MONDAY.date(), "site", site, "page")
        closures.close(
            session,
            MONDAY,
            site_id=site,
            organisation_id=organisation,
            staff_id=person.id,
            first=MONDAY.date(),
            last=MONDAY.date(),
            reason={"key": "repair"},
        )
        for topic in ("jobs", ""):
            broadcast.plan(
                session,
                MONDAY,
                organisation_id=organisation,
                author_id=person.id,
                audience={"topics": [topic] if topic else []},
                texts={"en": "DEMO"},
                listing_id=None,
                due_at=MONDAY + timedelta(days=1),
                counted=1,
                topic=topic,
            )
        session.scalars(select(AnswerCard).where(AnswerCard.code == "rs-work")).one().retired_at = MONDAY
        session.commit()
    migrate(engine, to="0012")
    with engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM broadcast ORDER BY id")).scalars().all()
        reminders = connection.execute(text("SELECT state FROM reminder")).scalars().all()
        review = connection.execute(text("SELECT review_on FROM answer_card WHERE code = 'rs-work'")).scalar()
    assert states == ["stopped", "scheduled"], "without topics it would go to everybody"
    assert reminders == ["cancelled"]
    assert str(review) < "2026", "what was taken out of the book stays hidden"
    migrate(engine)
    engine.dispose()
