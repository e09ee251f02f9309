"""Consent: who may give it alone, in which words it was given, and that it ends when it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.offers.programme import Town
from models.who import consent, person
from models.who.consent import Consent, Wording
from models.who.people import Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("band", "country", "needed"),
    [
        ("under14", "RS", True),
        ("14", "RS", True),
        ("15-17", "RS", False),
        ("18+", "RS", False),
        ("under14", "BG", True),
        ("14", "BG", False),
        ("15-17", "BG", False),
        ("14", "", True),
        ("15-17", "", False),
    ],
)
def test_the_age_of_consent_is_fifteen_in_serbia_and_fourteen_in_bulgaria(
    band: str, country: str, needed: bool
) -> None:
    assert person.needs_guardian(band, country) is needed


def somebody(session: Session, band: str = "", *, welcomed: bool = True, town: Town | None = None) -> Person:
    made = Person(
        created_at=NOW,
        band=band,
        band_at=NOW if band else None,
        welcomed_at=NOW if welcomed else None,
        town_id=town.id if town else None,
    )
    session.add(made)
    session.flush()
    return made


def town(session: Session, code: str, country: str) -> Town:
    made = Town(code=code, name={"en": code}, country=country, zone="Europe/Belgrade", languages=["sr"])
    session.add(made)
    session.flush()
    return made


def test_a_consent_keeps_its_wording_language_channel_and_time(session: Session) -> None:
    one, two = somebody(session), somebody(session)
    consent.give(session, NOW, one.id, one.id, {"attend": "Съгласие"}, "bg", channel="telegram")
    consent.give(session, NOW, two.id, two.id, {"attend": "Съгласие"}, "bg", channel="telegram")
    kept, words = session.execute(
        select(Consent, Wording).join(Wording, Wording.id == Consent.wording_id).where(Consent.person_id == one.id)
    ).one()
    assert (kept.channel, kept.method, kept.basis, kept.given_at) == ("telegram", "chat", "consent", NOW)
    assert (words.language, words.text) == ("bg", "Съгласие")
    assert len(session.scalars(select(Wording)).all()) == 1, "the same words are kept once"


def test_a_purpose_that_stands_is_not_recorded_twice(session: Session) -> None:
    one = somebody(session)
    for _time in range(2):
        consent.give(
            session, NOW, one.id, one.id, dict.fromkeys(("attend", "messages"), "yes"), "en", channel="console"
        )
    assert len(session.scalars(select(Consent)).all()) == 2


def test_a_purpose_that_does_not_exist_is_refused(session: Session) -> None:
    one = somebody(session)
    with pytest.raises(ValueError, match="marketing"):
        consent.give(session, NOW, one.id, one.id, {"marketing": "yes"}, "en", channel="console")


def test_taking_back_ends_one_givers_consent_and_leaves_the_others(session: Session) -> None:
    child, mother, father = somebody(session, "under14"), somebody(session, "18+"), somebody(session, "18+")
    for guardian in (mother, father):
        consent.give(
            session, NOW, child.id, guardian.id, dict.fromkeys(("attend", "photos"), "yes"), "en", channel="console"
        )
    assert consent.withdraw(session, NOW, child.id, ("attend",), given_by_id=mother.id) == 1
    assert consent.stands(session, child.id, "attend")
    assert consent.withdraw(session, NOW, child.id, ("attend",), given_by_id=father.id) == 1
    assert not consent.stands(session, child.id, "attend")
    assert consent.stands(session, child.id, "photos")


def test_a_child_cannot_grow_up_by_a_tap(session: Session) -> None:
    child = somebody(session, "under14", town=town(session, "bor", "RS"))
    assert not person.set_band(session, NOW + timedelta(days=30), child, "18+")
    assert child.band == "under14"
    assert person.set_band(session, NOW + timedelta(days=301), child, "15-17")
    assert child.band == "15-17"


def test_during_the_welcome_a_wrong_tap_can_be_mended(session: Session) -> None:
    child = somebody(session, "under14", welcomed=False)
    assert person.set_band(session, NOW, child, "15-17")


def test_moving_to_another_country_does_not_lift_the_need_for_a_guardian(session: Session) -> None:
    bor, kazanlak = town(session, "bor", "RS"), town(session, "kazanlak", "BG")
    child = somebody(session, "14", town=bor)
    assert not person.set_town(session, child, kazanlak.code)
    assert child.town_id == bor.id
    unknown = somebody(session, "14")
    assert person.set_town(session, unknown, kazanlak.code), "where nothing was known, it may be told"


def test_nobody_is_their_own_guardian(session: Session) -> None:
    one = somebody(session, "18+")
    with pytest.raises(ValueError, match="own guardian"):
        person.link(session, NOW, one.id, one.id, "mother", reminders=False)


def test_a_child_that_only_one_guardian_speaks_for_depends_on_them(session: Session) -> None:
    mother, father = somebody(session, "18+"), somebody(session, "18+")
    child = person.add_child(session, NOW, mother, "DEMO", "under14")
    assert child is not None
    person.link(session, NOW, mother.id, child.id, "mother", reminders=True)
    assert person.depends_on(session, child.id, mother.id)
    person.link(session, NOW, father.id, child.id, "father", reminders=True)
    assert not person.depends_on(session, child.id, mother.id)


def test_one_guardian_speaks_for_a_dozen_children_at_most(session: Session) -> None:
    mother = somebody(session, "18+")
    for _child in range(person.CHILDREN_MOST):
        child = person.add_child(session, NOW, mother, "DEMO", "under14")
        assert child is not None
        person.link(session, NOW, mother.id, child.id, "mother", reminders=False)
    assert person.add_child(session, NOW, mother, "DEMO", "under14") is None
