"""Consent before booking: what the welcome asks and records, and what a guardian's yes opens."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.who.consent import Consent, Wording
from models.who.people import Guardianship
from tests.bot.people.kit import code_for, confirm, me
from tests.house import House


def welcome(house: House, name: str, band: str, town: str) -> None:
    house.person(name, "en")
    house.hear(name, "/start")
    for label in ("English", "All right", band):
        house.tap(name, label)
    house.hear(name, town)
    shown = house.tap(name, "Done")
    if any(button.label == "No" for _name, message in shown for button in message.buttons):
        house.tap(name, "No")


@pytest.mark.parametrize(
    ("band", "town", "may"),
    [("14", "Bor", False), ("14", "Kazanlak", True), ("Under 14", "Kazanlak", False), ("15 to 17", "Bor", True)],
)
def test_who_may_book_after_the_welcome_depends_on_age_and_country(
    house: House, band: str, town: str, may: bool
) -> None:
    welcome(house, "kid", band, town)
    found = me(house, "kid")
    assert (found.welcomed, found.may_book) == (True, may)


def test_the_welcome_records_what_was_shown_and_no_news_unless_wanted(house: House) -> None:
    welcome(house, "ann", "18 or more", "Bor")
    with Session(house.database) as session:
        rows = session.execute(
            select(Consent, Wording)
            .join(Wording, Wording.id == Consent.wording_id)
            .where(Consent.person_id == house.person_id("ann"))
        ).all()
    assert [(row.purpose, row.channel, words.language) for row, words in rows] == [("attend", "console", "en")]
    card = next(message.text for message in house.people["ann"].shown if message.text.startswith("🔒"))
    assert rows[0][1].text == card


def test_a_child_may_book_once_a_guardian_said_yes_to_taking_part(house: House) -> None:
    house.person("kid", "en", band="under14", town="bor")
    house.person("mum", "en", band="18+", town="bor")
    confirm(house, "mum", code_for(house, "kid"), "📷 Photos")
    assert not me(house, "kid").may_book, "photos are not taking part"
    confirm(house, "mum", code_for(house, "kid"), "🙋 Taking part", "⏰ Reminders to me")
    assert me(house, "kid").may_book
    mum, kid = house.person_id("mum"), house.person_id("kid")
    with Session(house.database) as session:
        link = session.scalars(select(Guardianship)).one()
        words = session.scalars(
            select(Wording.text)
            .join(Consent, Consent.wording_id == Wording.id)
            .where(Consent.purpose == "attend")
            .where(Consent.given_by_id == mum, Consent.person_id == kid)
        ).one()
    assert (link.relation, link.reminders) == ("mother", True)
    assert "Taking part: the child may book" in words
