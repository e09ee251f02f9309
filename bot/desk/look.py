"""The desk's standing work: its groups are brought up to date with what there is; and setting the groups up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import cards, topics
from bot.doing import Doing
from bot.settings import Settings
from models.caring import desk
from models.caring.desk import DeskGroup
from models.offers.programme import Organisation
from models.who.staff import StaffRole


class NoOrganisation(Exception):
    """The settings do not say whose desk it is. The text is a sentence for whoever runs it."""


def look(doing: Doing) -> None:
    """Post what is new and change what is different, in every group where that is possible."""
    for group in desk.groups(doing.session):
        if group.trouble:
            continue
        topics.look(doing, group)
        if group.kind == "common":
            cards.look(doing, group)


def wanted(settings: Settings) -> dict[str, int]:
    """The groups that the settings name, by kind."""
    if not settings.desk_token.get_secret_value():
        return {}
    named = {"common": settings.desk_group, "safety": settings.desk_safety_group}
    return {kind: number for kind, number in named.items() if number}


def organisation_of(session: Session, settings: Settings) -> int:
    """Whose desk it is: the organisation of the settings, else the only one whose staff is known here.

    As long as nobody is staff anywhere, that of the first code that `invite-staff` makes. Where several have staff, a
    group stays with whom it is; a new one is nobody's until it is said. Raises NoOrganisation.
    """
    code = settings.desk_organisation
    found = session.execute(select(Organisation.id, Organisation.code).order_by(Organisation.id)).all()
    if code:
        for row in found:
            if row.code == code:
                return int(row.id)
        raise NoOrganisation(f"PUTOKAZ_DESK_ORGANISATION: there is no organisation {code}.")
    staffed = set(session.scalars(select(StaffRole.organisation_id).where(StaffRole.ended_at.is_(None))))
    theirs = [int(row.id) for row in found if row.id in staffed] or [int(row.id) for row in found[:1]]
    if len(theirs) == 1:
        return theirs[0]
    groups = wanted(settings)
    stands = session.execute(select(DeskGroup.kind, DeskGroup.named, DeskGroup.organisation_id)).all()
    for kind, named, organisation in stands:
        if groups.get(kind) == named and organisation in theirs:
            return int(organisation)
    codes = ", ".join(row.code for row in found)
    raise NoOrganisation(f"Set PUTOKAZ_DESK_ORGANISATION to the one whose desk it is: {codes}.")


def set_up(session: Session, settings: Settings, now: datetime) -> None:
    """Bring the groups in the database to what the settings say. Raises NoOrganisation."""
    groups = wanted(settings)
    desk.switch_off(session, tuple({"common", "safety"} - groups.keys()))
    if groups:
        mine = organisation_of(session, settings)
        for kind, number in groups.items():
            desk.set_up(session, now, kind, number, mine, settings.default_language)
