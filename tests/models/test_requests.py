from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.caring import case, handling, reading
from models.caring.case import Request
from models.messages.message import StoredAttachment
from models.offers.programme import Organisation
from models.who.people import Guardianship, Person
from models.who.staff import StaffRole
from tests.models.programme import NOW, Programme


def organisation(session: Session, code: str) -> Organisation:
    made = Organisation(code=code, name={"sr": "DEMO"})
    session.add(made)
    session.flush()
    return made


def with_role(programme: Programme, organisation_id: int, role: str = "staff") -> Person:
    person = programme.person()
    programme.session.add(
        StaffRole(person_id=person.id, organisation_id=organisation_id, role=role, given_at=programme.now)
    )
    programme.session.flush()
    return person


@pytest.fixture
def town(session: Session, programme: Programme) -> tuple[int, int, int]:
    """A town, the organisation at work there, and one that is not."""
    listing = programme.listing()
    assert listing.town_id is not None
    return listing.town_id, listing.organisation_id, organisation(session, "elsewhere").id


def asked(session: Session, programme: Programme, town_id: int | None, kind: str = "talk") -> tuple[Person, Request]:
    person = programme.person()
    person.town_id = town_id
    request, _new = case.open_request(session, NOW, person.id, None, kind=kind)
    return person, request


# ---------------------------------------------------------------- who may read


def test_staff_in_the_town_and_all_admins_read_a_request(
    session: Session, programme: Programme, town: tuple[int, int, int]
) -> None:
    near, far = with_role(programme, town[1]), with_role(programme, town[2])
    admin, guard = with_role(programme, town[2], "admin"), with_role(programme, town[1], "safeguarding")
    _person, request = asked(session, programme, town[0])
    assert set(reading.readers(session, request)) == {near.id, admin.id}
    assert [row.id for row in reading.readable(session, near.id)] == [request.id]
    assert reading.readable(session, far.id) == reading.readable(session, guard.id) == []


def test_a_person_without_a_town_is_answered_by_whoever_is_there(
    session: Session, programme: Programme, town: tuple[int, int, int]
) -> None:
    near, far = with_role(programme, town[1]), with_role(programme, town[2])
    _person, request = asked(session, programme, None)
    assert set(reading.readers(session, request)) == {near.id, far.id}


def test_once_taken_it_is_that_organisations_alone(
    session: Session, programme: Programme, town: tuple[int, int, int]
) -> None:
    near, far = with_role(programme, town[1]), with_role(programme, town[2])
    _person, request = asked(session, programme, None)
    handling.take(session, NOW, request, near.id)
    assert set(reading.readers(session, request)) == {near.id}
    handling.put_back(session, NOW, request)
    assert set(reading.readers(session, request)) == {near.id, far.id}


def test_an_ended_role_reads_nothing(session: Session, programme: Programme, town: tuple[int, int, int]) -> None:
    near = with_role(programme, town[1])
    _person, request = asked(session, programme, town[0])
    session.scalars(select(StaffRole)).one().ended_at = NOW
    session.flush()
    assert not reading.may_read(session, request, near.id)
    assert reading.readable(session, near.id) == []


def test_safety_is_for_safeguarding_alone_and_never_for_a_guardian(
    session: Session, programme: Programme, town: tuple[int, int, int]
) -> None:
    near, guard = with_role(programme, town[1]), with_role(programme, town[1], "safeguarding")
    admin = with_role(programme, town[1], "admin")
    person, request = asked(session, programme, town[0], "safety")
    session.add(Guardianship(guardian_id=guard.id, child_id=near.id, relation="mother", confirmed_at=NOW))
    mother = programme.person()
    session.add(Guardianship(guardian_id=mother.id, child_id=person.id, relation="mother", confirmed_at=NOW))
    session.flush()
    assert set(reading.team(session, request)) == {guard.id}
    for nobody in (near, admin, mother, person):
        assert reading.readable(session, nobody.id) == []


def test_without_safeguarding_staff_admins_read_safety(
    session: Session, programme: Programme, town: tuple[int, int, int]
) -> None:
    with_role(programme, town[1])
    admin = with_role(programme, town[2], "admin")
    _person, request = asked(session, programme, town[0], "safety")
    assert set(reading.team(session, request)) == {admin.id}


def test_nobody_answers_their_own_request(session: Session, programme: Programme, town: tuple[int, int, int]) -> None:
    near = with_role(programme, town[1])
    near.town_id = town[0]
    request, _new = case.open_request(session, NOW, near.id, None)
    assert not reading.may_read(session, request, near.id)
    assert reading.readable(session, near.id) == []


# ---------------------------------------------------------------- one request at a time


def test_further_messages_go_to_the_open_request(session: Session, programme: Programme) -> None:
    person, request = asked(session, programme, None)
    again, new = case.open_request(session, NOW, person.id, None)
    assert (again.id, new) == (request.id, False)
    handling.close(session, NOW, request)
    fresh, new = case.open_request(session, NOW, person.id, None)
    assert new
    assert fresh.id != request.id


def test_the_database_holds_one_open_request_per_person_and_kind(session: Session, programme: Programme) -> None:
    person, _request = asked(session, programme, None)
    session.add(Request(person_id=person.id, created_at=NOW, changed_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_team_hears_once_until_somebody_has_looked(session: Session, programme: Programme) -> None:
    person, request = asked(session, programme, None)
    assert case.add_message(session, NOW, request, person.id, "DEMO")
    assert not case.add_message(session, NOW, request, person.id, "DEMO")
    assert len(handling.mark_seen(session, NOW, request)) == 2
    assert case.add_message(session, NOW, request, person.id, "DEMO")


def test_what_was_attached_waits_for_the_team_and_goes_soon_after(session: Session, programme: Programme) -> None:
    person, request = asked(session, programme, None)
    stored = StoredAttachment(
        person_id=person.id, kind="voice", content=b"DEMO", created_at=NOW, keep_until=NOW + timedelta(hours=48)
    )
    session.add(stored)
    session.flush()
    case.add_message(session, NOW, request, person.id, "", stored.id)
    session.refresh(stored)
    assert stored.keep_until == NOW + case.KEEP_SENT
    handling.close(session, NOW, request)
    session.refresh(stored)
    assert stored.keep_until == NOW + handling.KEEP_CLOSED


def test_an_attachment_is_its_senders_alone(session: Session, programme: Programme) -> None:
    person, other = programme.person(), programme.person()
    stored = StoredAttachment(person_id=person.id, kind="photo", content=b"DEMO", created_at=NOW, keep_until=NOW)
    session.add(stored)
    session.flush()
    assert case.own_attachment(session, stored.id, person.id)
    assert not case.own_attachment(session, stored.id, other.id)
