"""Trips and buddies when two act at once, on PostgreSQL; and when the program stops while families are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.deeds.every import perform
from bot.doing import Doing
from bot.store import SqliteStore
from conversations.deeds import Deed
from conversations.deeds import outings as deeds
from conversations.deeds.offers import Book
from conversations.deeds.staff import CancelSession, MoveSession
from models.messages.claiming import claim
from models.messages.message import Note, Outgoing
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.outings.buddy import BuddyPair
from models.outings.steps import TripStep
from models.outings.trip import TripConsent
from models.places.booking import Booking
from models.who.people import Address, Guardianship
from tests.bot.running.runtime_kit import World
from tests.house import House

TRIP, BUDDIES = "kazanlak-ekskurzia", "nis-drugari"
CHILDREN = ("ivo", "niki", "maria", "todor", "lora", "petar", "kiril")
"""Each of them has a place on a trip of their own, and two guardians."""


def furnish(house: House) -> None:
    for name in ("ana", "rosa"):
        house.person(name, "en", organisation="kazanlak", town="kazanlak")
    for name in ("mama", "tata"):
        house.person(name, "en", band="18+", town="kazanlak")
    for name in CHILDREN:
        house.person(name, "en", band="15-17", town="kazanlak")
        with Session(house.database) as session:
            for guardian in ("mama", "tata"):
                row = Guardianship(guardian_id=house.person_id(guardian), child_id=house.person_id(name))
                row.relation, row.confirmed_at, row.grown_at = "parent", house.now, house.now
                session.add(row)
            session.commit()


def one(house: House, wanted: Any) -> Any:
    with Session(house.database) as session:
        return session.scalars(wanted).one()


def act(house: House, who: str, deed: Deed) -> str:
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, house.person_id(who), 1, "console"), deed)
        session.commit()
        return done.outcome


def at_once(house: House, first: tuple[str, Deed], second: tuple[str, Deed]) -> tuple[str, str]:
    """The second begins while the first has not committed: it must wait, and then see what the first has done."""
    ended: list[str] = []
    with Session(house.database) as session:
        doing = Doing(session, house.now, house.rules, house.person_id(first[0]), 1, "console")
        outcome = perform(doing, first[1]).outcome
        session.flush()
        other = threading.Thread(target=lambda: ended.append(act(house, *second)))
        other.start()
        while other.is_alive() and not _waits(house):
            other.join(0.01)
        session.commit()
    other.join(30)
    return outcome, *ended  # type: ignore[return-value]  # one has ended


def _waits(house: House) -> bool:
    with house.database.connect() as connection:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.scalar(waiting))


def own_trip(house: House, child: str, *, agreed: bool = False) -> tuple[int, int]:
    """A trip of their own for somebody, ten minutes before it leaves: its session and their booking."""
    with Session(house.database) as session:
        listing = session.scalars(select(Listing).where(Listing.code == TRIP)).one()
        starts = house.now + timedelta(minutes=10)
        made = Meeting(
            listing_id=listing.id, site_id=listing.site_id, starts_at=starts, zone="Europe/Sofia", capacity=5
        )
        made.ends_at = starts + timedelta(hours=8)
        session.add(made)
        session.commit()
        session_id = made.id
    assert act(house, child, Book(session_id, (house.person_id(child),))) == "booked"
    booking = one(house, select(Booking.id).where(Booking.session_id == session_id))
    if agreed:
        assert act(house, "mama", deeds.AgreeToTrip(booking, 0)) == "given"
    return session_id, booking


def stands(house: House, session_id: int) -> tuple[str, int, int]:
    """Of a trip: the state of the one booking, how many yeses stand, how many steps there were."""
    with Session(house.database) as session:
        yes = select(TripConsent).where(TripConsent.session_id == session_id, TripConsent.withdrawn_at.is_(None))
        steps = session.scalars(select(TripStep).where(TripStep.session_id == session_id)).all()
        state = session.scalars(select(Booking.state).where(Booking.session_id == session_id)).one()
        return state, len(session.scalars(yes).all()), len(steps)


def told(house: House, who: str, words: str) -> int:
    """How often somebody was written a text with these words."""
    with Session(house.database) as session:
        rows = session.scalars(
            select(Outgoing.body).join(Address).where(Address.person_id == house.person_id(who))
        ).all()
    return sum(words in str(body) for body in rows)


@pytest.fixture
def postgres(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    house = House(tmp_path, url=postgres_url)
    yield house
    house.database.dispose()


@pytest.mark.postgres
def test_two_at_once_on_a_trip_and_in_a_pair(postgres: House) -> None:
    house = postgres
    furnish(house)

    trip, booking = own_trip(house, "ivo", agreed=True)
    both = at_once(house, ("ana", deeds.CountOut(trip, 1)), ("tata", deeds.RefuseTrip(booking)))
    assert (both, stands(house, trip)) == (("told", "left"), ("booked", 1, 1)), (
        "the bus was first: the no comes too late"
    )
    assert told(house, "mama", "The bus is leaving") == 1

    trip, booking = own_trip(house, "niki", agreed=True)
    both = at_once(house, ("tata", deeds.RefuseTrip(booking)), ("ana", deeds.CountOut(trip, 1)))
    assert (both, stands(house, trip)) == (("freed", "differs"), ("cancelled", 0, 0)), "the no was first: nobody leaves"

    trip, booking = own_trip(house, "maria")
    both = at_once(house, ("mama", deeds.AgreeToTrip(booking, 0)), ("ana", deeds.CountOut(trip, 1)))
    assert (both, stands(house, trip)) == (("given", "told"), ("booked", 1, 1)), "the yes was first"
    both = at_once(house, ("ana", deeds.CountBack(trip, 1)), ("rosa", deeds.CountBack(trip, 1)))
    assert (both, told(house, "tata", "We are back")) == (("told", "already"), 1), "two escorts tell families once"

    trip, booking = own_trip(house, "todor")
    both = at_once(house, ("ana", CancelSession(trip, "")), ("mama", deeds.AgreeToTrip(booking, 0)))
    assert (both, stands(house, trip)) == (("cancelled", "gone"), ("cancelled", 0, 0))

    trip, booking = own_trip(house, "lora")
    both = at_once(house, ("mama", deeds.AgreeToTrip(booking, 0)), ("tata", deeds.RefuseTrip(booking)))
    assert (both, stands(house, trip)) == (("given", "freed"), ("cancelled", 0, 0)), "a no of either frees the place"

    trip, booking = own_trip(house, "petar")
    both = at_once(house, ("mama", deeds.AgreeToTrip(booking, 0)), ("tata", deeds.AgreeToTrip(booking, 0)))
    assert (both, stands(house, trip)) == (("given", "already"), ("booked", 1, 0)), "two yeses are one"

    trip, booking = own_trip(house, "kiril")
    later = (house.now + timedelta(days=3)).isoformat()
    both = at_once(house, ("ana", MoveSession(trip, later)), ("mama", deeds.AgreeToTrip(booking, 0)))
    assert (both, stands(house, trip)) == (("moved", "gone"), ("booked", 0, 0)), "a yes is to the time that was told"

    pairs(house)


def pairs(house: House) -> None:
    """Two of the staff propose somebody to two others; then both of a pair say yes."""
    for name in ("sara", "sima"):
        house.person(name, "en", organisation="care", town="nis")
    house.person("vuk", "en", band="18+", town="nis")
    with Session(house.database) as session:
        listing = session.scalars(select(Listing.id).where(Listing.code == BUDDIES)).one()
        meeting = session.scalars(select(Meeting.id).where(Meeting.listing_id == listing).limit(1)).one()
    for name, wish in (("ivo", "wants"), ("niki", "wants"), ("vuk", "is")):
        assert act(house, name, Book(meeting, (house.person_id(name),), buddy=wish)) == "booked"
    ivo, niki, buddy = house.person_id("ivo"), house.person_id("niki"), house.person_id("vuk")
    both = at_once(
        house,
        ("sara", deeds.PairBuddies(listing, ivo, buddy)),
        ("sima", deeds.PairBuddies(listing, niki, buddy)),
    )
    assert both == ("asked", "gone"), "nobody is promised to two"
    pair = one(house, select(BuddyPair.id))
    both = at_once(
        house, ("ivo", deeds.AnswerBuddy(pair, ivo, yes=True)), ("vuk", deeds.AnswerBuddy(pair, buddy, yes=True))
    )
    assert both == ("waits", "both")
    assert sum(told(house, name, "Both said yes") for name in ("ivo", "vuk")) == 1, "the other reads it as the answer"
    assert (told(house, "sara", "both said yes"), told(house, "sima", "both said yes")) == (1, 0), "who proposed them"


@pytest.mark.parametrize("what", ["The bus is leaving", "We are back"])
async def test_after_a_crash_families_are_told_at_most_once_and_staff_see_the_doubt(tmp_path: Path, what: str) -> None:
    """It stops after the commit: one guardian's message is on its way to the platform, the other's is not begun."""
    house = House(tmp_path)
    furnish(house)
    trip, _booking = own_trip(house, "ivo", agreed=True)
    with Session(house.database) as session:
        session.execute(update(Address).values(channel="fake"))
        session.execute(update(Outgoing).values(state="sent"))
        session.commit()
    assert act(house, "ana", deeds.CountOut(trip, 1)) == "told"
    if what == "We are back":
        with Session(house.database) as session:
            session.execute(update(Outgoing).values(state="sent"))
            session.commit()
        assert act(house, "ana", deeds.CountBack(trip, 1)) == "told"
    with Session(house.database) as session:
        waiting = session.scalars(select(Outgoing).where(Outgoing.state == "waiting").order_by(Outgoing.id)).all()
        assert len(waiting) == 2, "both guardians are written to in the transaction of the step"
        assert claim(session, house.now, [waiting[0].id]) == {waiting[0].id}
        first, second = waiting[0].id, waiting[1].id
        session.commit()
    house.database.dispose()
    world = World(tmp_path, store=SqliteStore(f"sqlite:///{tmp_path / 'putokaz.db'}"))
    world.clock.at = house.now
    await world.outbox.hold("fake")
    await world.pass_time(3)
    assert {one.to for one in world.channel.shown} == {"console-tata"}, "what may have been shown is not again"
    assert "\n".join(world.channel.texts).count(what) == 1
    assert await world.states(first, second) == ["unsure", "sent"]
    assert await world.store.read(lambda session: session.scalars(select(Note.outgoing_id)).all()) == [first]
    await world.close()
