"""Whom a survey asks: everybody, a role, those who take part in something, or chosen more exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.speech import Text, _, said
from conversations.staff import fields
from conversations.staff.writing.broadcast import ROLES
from conversations.steps import Choose, ChooseMany, Here, Step


def _picking(here: Here) -> bool:
    return bool(here.get("whom") == "pick")


def _listings(here: Here) -> Mapping[str, Text]:
    rows, _total = here.facts.staff.listings(0, 30)
    return {str(row.id): said(row.title) for row in rows}


def _whom(here: Here) -> Mapping[str, Text]:
    listed = {"listing": _("Who takes part in something of ours")} if _listings(here) else {}
    return {
        "all": _("Everybody"),
        "young": ROLES["young"],
        "guardian": ROLES["guardian"],
        **listed,
        "pick": _("Choose more exactly"),
    }


STEPS: tuple[Step, ...] = (
    Choose(name="whom", question=_("Who should be asked?"), choices=_whom),
    Choose(
        name="listing",
        question=_("Who takes part in what?"),
        choices=_listings,
        when=lambda here: here.get("whom") == "listing",
    ),
    ChooseMany(
        name="towns", question=_("In which towns? Choose nothing for all."), choices=fields.towns, when=_picking
    ),
    ChooseMany(name="bands", question=_("Which ages? Choose nothing for all."), choices=fields.bands, when=_picking),
    ChooseMany(name="roles", question=_("Which people? Choose nothing for all."), choices=ROLES, when=_picking),
    ChooseMany(
        name="languages",
        question=_("Which languages do they read? Choose nothing for all."),
        choices=fields.LANGUAGES,
        when=_picking,
    ),
)


def audience_of(here: Here) -> dict[str, Any]:
    """The audience that was chosen, as JSON."""
    whom = here.get("whom")
    if whom in ("young", "guardian"):
        return {"roles": [whom]}
    if whom == "listing":
        return {"listings": [int(here["listing"])] if here.get("listing") else []}
    if whom == "pick":
        return {name: here.get(name) or [] for name in ("towns", "bands", "roles", "languages")}
    return {}
