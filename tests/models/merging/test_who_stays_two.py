"""Who is not joined: other ages, family, a yes against a no, and who is gone already."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from models.caring.case import open_request
from models.who import consent
from models.who.acting import Sharing, give
from models.who.erasure import erase
from models.who.merging import why_not
from tests.models.merging.kit import DAY, booked, join, states
from tests.models.programme import NOW, Programme


def test_a_yes_to_taking_part_against_a_no_is_for_people_to_sort_out(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    meeting = programme.meeting()
    booked(programme, meeting, one)
    consent.withdraw(session, NOW, two.id, ("attend",))
    assert join(session, one, two) == "taken_back"
    assert states(session, meeting) == [(one.id, "booked", "")]


@pytest.mark.parametrize("bands", [("18+", "15-17"), ("14", "under14")])
def test_different_ages_stay_two(session: Session, programme: Programme, bands: tuple[str, str]) -> None:
    one, two = (programme.person(band=band) for band in bands)
    assert join(session, one, two) == "ages"
    assert two.merged_into_id is None


def test_the_same_age_on_two_sides_of_a_border_stays_two_where_the_law_differs(
    session: Session, programme: Programme
) -> None:
    from models.offers.programme import Town

    serbia = Town(code="s", name={}, country="RS", zone="Europe/Belgrade", languages=[])
    bulgaria = Town(code="b", name={}, country="BG", zone="Europe/Sofia", languages=[])
    session.add_all([serbia, bulgaria])
    session.flush()
    one, two = programme.person(band="14"), programme.person(band="14")
    one.town_id, two.town_id = bulgaria.id, serbia.id
    session.flush()
    assert join(session, one, two) == "ages", "or a child would be rid of its guardian"


def test_guardian_and_child_host_and_guest_helper_and_family_stay_two(session: Session, programme: Programme) -> None:
    mother = programme.person()
    child = programme.child(mother, phone=True)
    child.band = "18+"
    guest, helper = programme.person(), programme.person()
    session.add(Sharing(host_id=mother.id, person_id=guest.id, confirmed_at=NOW, ended_at=NOW))
    organisation = programme.listing().organisation_id
    give(
        session, NOW, helper_id=helper.id, person_id=mother.id, organisation_id=organisation, children=True,
        until=NOW + DAY,
    )  # fmt: skip
    assert [join(session, mother, other) for other in (child, guest, helper)] == ["kin"] * 3


def test_who_is_erased_or_joined_already_is_gone(session: Session, programme: Programme) -> None:
    one, two, three = programme.people(3)
    assert join(session, one, two) == "merged"
    assert join(session, three, two) == "gone"
    erase(session, NOW, three.id)
    assert join(session, one, three) == "gone"
    assert why_not(session, one, one) == "same"


def test_questions_that_two_organisations_answer_stay_apart(session: Session, programme: Programme) -> None:
    one, two = programme.person(), programme.person()
    for person in (one, two):
        request, _new = open_request(session, NOW, person.id, None)
        request.organisation_id = programme.listing().organisation_id
    session.flush()
    assert join(session, one, two) == "asking"
