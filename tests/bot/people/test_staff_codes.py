"""Codes that make staff: once, for adults, and only by administrators of that organisation."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.doing import Doing
from bot.running.invite import UnknownOrganisation, invite
from models.offers.programme import Organisation
from models.who.staff import StaffRole
from tests.bot.people.kit import me
from tests.house import House


def test_a_staff_code_gives_its_role_once_and_ends_the_welcome(house: House) -> None:
    with Session(house.database) as session:
        first = session.scalars(select(Organisation).order_by(Organisation.id)).first()
        assert first is not None
        code = invite(session, house.now, first.code, "staff")
        session.commit()
    house.person("ana", "en")
    house.person("eve", "en", band="18+")
    house.hear("ana", f"/start {code}")
    house.tap("ana", "English")
    house.tap("ana", "Yes")
    found = me(house, "ana")
    assert (found.roles, found.welcomed, found.band) == (("staff",), True, "18+")
    assert "does not work" in house.hear("eve", f"/start {code}")[0][1].text
    with Session(house.database) as session:
        assert len(session.scalars(select(StaffRole)).all()) == 1


def test_children_cannot_join_the_staff(house: House) -> None:
    with Session(house.database) as session:
        code = invite(session, house.now)
        session.commit()
    house.person("kid", "en", band="15-17", town="bor")
    assert "for adults" in house.hear("kid", f"/start {code}")[0][1].text
    assert me(house, "kid").roles == ()


def test_only_administrators_of_that_organisation_invite(house: House) -> None:
    from bot.deeds.every import perform
    from conversations.deeds.people import InviteStaff

    with Session(house.database) as session:
        codes = session.scalars(select(Organisation.code).order_by(Organisation.id)).all()
        other = session.scalars(select(Organisation.id).where(Organisation.code == codes[1])).one()
    house.person("admin", "en", organisation=codes[0], role="admin")
    house.person("staff", "en", organisation=codes[0], role="staff")
    ids = {name: house.person_id(name) for name in ("admin", "staff")}
    with Session(house.database) as session:
        admin = Doing(session, house.now, house.rules, ids["admin"])
        staff = Doing(session, house.now, house.rules, ids["staff"])
        assert perform(admin, InviteStaff("staff")).outcome == "made"
        assert perform(admin, InviteStaff("staff", other)).outcome == "refused"
        assert perform(admin, InviteStaff("king")).outcome == "refused"
        assert perform(staff, InviteStaff("staff")).outcome == "refused"


def test_an_unknown_organisation_is_answered_with_those_there_are(house: House) -> None:
    with Session(house.database) as session, pytest.raises(UnknownOrganisation) as refused:
        invite(session, house.now, "nowhere")
    assert refused.value.known
