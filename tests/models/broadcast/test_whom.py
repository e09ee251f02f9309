"""Whom a broadcast reaches, in which words, and where its button leads."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.campaigns.audience import Audience
from models.campaigns.broadcast import Recipient
from models.messages.message import Outgoing
from models.offers.listing import Listing
from models.offers.programme import Subject, Town
from models.who.people import Address, Guardianship, Interest
from tests.house import House
from tests.models.broadcast.kit import queue_all, start


def reached_by(house: House, audience: Audience) -> set[int]:
    house.now += timedelta(days=8)
    broadcast_id = start(house, audience)
    queue_all(house)
    with Session(house.database) as session:
        found = session.scalars(select(Recipient.person_id).where(Recipient.broadcast_id == broadcast_id))
        return set(found)


def test_an_audience_is_by_town_interest_age_role_and_language(house: House) -> None:
    house.person("bor", "sr-Latn", band="15-17", town="bor")
    house.person("kazanlak", "bg", band="18+", town="kazanlak")
    house.person("mama", "sr-Cyrl", band="18+", town="bor")
    house.person("newcomer", "sr-Latn")
    house.hear("newcomer", "/start")
    ids = {name: house.person_id(name) for name in ("ana", "bor", "kazanlak", "mama", "newcomer")}
    with Session(house.database) as session:
        towns = {town.code: town.id for town in session.scalars(select(Town))}
        maths = session.scalars(select(Subject.id).where(Subject.code == "maths")).one()
        session.add(Interest(person_id=ids["bor"], subject_id=maths))
        session.add(
            Guardianship(
                guardian_id=ids["mama"],
                child_id=ids["bor"],
                relation="mother",
                confirmed_at=house.now,
            )
        )
        session.commit()

    def who(audience: Audience) -> set[str]:
        reached = reached_by(house, audience)
        return {name for name, person in ids.items() if person in reached}

    assert who(Audience(towns=(towns["bor"],))) == {"ana", "bor", "mama"}
    assert who(Audience(subjects=(maths,))) == {"bor"}
    assert who(Audience(bands=("15-17",))) == {"bor"}
    assert who(Audience(roles=("guardian",))) == {"mama"}
    assert who(Audience(roles=("staff",))) == {"ana"}
    assert who(Audience(roles=("young",))) == {"bor", "kazanlak"}
    assert who(Audience(roles=("guardian", "staff"))) == {"ana", "mama"}
    assert who(Audience(languages=("bg",))) == {"kazanlak"}
    assert who(Audience()) == {"ana", "bor", "kazanlak", "mama"}


def test_each_reads_their_own_language_and_script_or_the_one_there_is(house: House) -> None:
    for name, tag in (("cyrl", "sr-Cyrl"), ("latn", "sr-Latn"), ("bg", "bg"), ("en", "en")):
        house.person(name, tag, band="18+", town="bor")
    start(house)
    queue_all(house)
    with Session(house.database) as session:
        rows = session.execute(
            select(Address.external_id, Outgoing.body)
            .join(Outgoing, Outgoing.address_id == Address.id)
            .where(Outgoing.kind == "broadcast")
        )
        texts = {external.removeprefix("console-"): body["text"].split("\n")[0] for external, body in rows}
    assert texts == {
        "cyrl": "Дођите на дан отворених врата.",
        "latn": "Dođite na dan otvorenih vrata.",
        "bg": "Елате на деня на отворените врати.",
        "en": "Дођите на дан отворених врата.",
    }


def test_its_button_opens_what_it_is_about(house: House) -> None:
    house.person("p", "en", band="18+", town="bor")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing.id).where(Listing.code == "bor-matematika")).one()
    start(house, listing_id=listing)
    queue_all(house)
    house.hear("p", "/menu")
    said = house.tap("p", "See")
    assert "Maths" in said[-1][1].text
