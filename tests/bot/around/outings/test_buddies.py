"""Buddies: a first name only after both said yes, and nobody hears who said no."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from conversations.deeds import outings as deeds
from conversations.deeds.offers import Book
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.who.people import Person
from tests.bot.around.outings.kit import act, look, written
from tests.house import House


def test_buddies_hear_a_first_name_only_after_both_said_yes(house: House) -> None:
    (listing,) = look(house, select(Listing).where(Listing.code == "nis-drugari"))
    house.person("sara", "en", organisation="care", town="nis")
    (first, *_more) = look(house, select(Meeting.id).where(Meeting.listing_id == listing.id))
    for who, wish in (("ivo", "wants"), ("other", "is")):
        person_id = house.person_id(who)
        with Session(house.database) as session:
            session.get_one(Person, person_id).called = f"{who.title()} Demo"
            session.commit()
        assert act(house, who, Book(first, (house.person_id(who),), buddy=wish)).outcome == "booked"
    pair = deeds.PairBuddies(listing.id, house.person_id("ivo"), house.person_id("other"))
    assert act(house, "ana", pair).outcome == "refused"
    assert act(house, "sara", pair).outcome == "asked"
    assert act(house, "sara", pair).outcome == "gone"
    assert act(house, "mama", deeds.AnswerBuddy(1, house.person_id("other"), yes=True)).outcome == "gone"
    assert act(house, "ivo", deeds.AnswerBuddy(1, house.person_id("ivo"), yes=True)).outcome == "waits"
    assert written(house, "ivo", "Other") == 0
    both = act(house, "other", deeds.AnswerBuddy(1, house.person_id("other"), yes=True))
    assert (both.outcome, both.details["called"]) == ("both", "Ivo"), "who taps last reads it as the answer, once"
    assert (written(house, "ivo", "is Other."), written(house, "other", "is Ivo.")) == (1, 0)
    assert written(house, "ivo", "Demo") == 0
    assert written(house, "sara", "Ivo Demo and Other Demo both said yes") == 1, "who asked them introduces them"


def test_after_a_no_the_other_one_is_not_left_waiting_and_nobody_hears_who_said_it(house: House) -> None:
    (listing,) = look(house, select(Listing).where(Listing.code == "nis-drugari"))
    house.person("sara", "en", organisation="care", town="nis")
    (first, *_more) = look(house, select(Meeting.id).where(Meeting.listing_id == listing.id))
    ivo, other = house.person_id("ivo"), house.person_id("other")
    for who, wish in (("ivo", "wants"), ("other", "is")):
        assert act(house, who, Book(first, (house.person_id(who),), buddy=wish)).outcome == "booked"
    assert act(house, "sara", deeds.PairBuddies(listing.id, ivo, other)).outcome == "asked"
    assert act(house, "ivo", deeds.AnswerBuddy(1, ivo, yes=True)).outcome == "waits"
    assert act(house, "other", deeds.AnswerBuddy(1, other, yes=False)).outcome == "no"
    assert act(house, "other", deeds.AnswerBuddy(1, other, yes=False)).outcome == "gone"
    assert (written(house, "ivo", "no buddies came of it"), written(house, "other", "no buddies came of it")) == (1, 0)
    assert written(house, "sara", "did not come about") == 1
