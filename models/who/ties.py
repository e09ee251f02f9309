"""What ties rows to people: the links and roles of a person, and every column that points at one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column

from models.base import Base
from models.who.acting import Mandate, Sharing
from models.who.people import Guardianship
from models.who.staff import StaffRole

LINKS: tuple[tuple[Any, Any, tuple[Any, ...]], ...] = (
    (Guardianship, Guardianship.guardian_id, (Guardianship.child_id,)),
    (Guardianship, Guardianship.child_id, (Guardianship.guardian_id,)),
    (Sharing, Sharing.host_id, (Sharing.person_id,)),
    (Sharing, Sharing.person_id, (Sharing.host_id,)),
    (Mandate, Mandate.helper_id, (Mandate.person_id,)),
    (Mandate, Mandate.person_id, (Mandate.helper_id,)),
    (StaffRole, StaffRole.person_id, (StaffRole.organisation_id, StaffRole.role)),
)
"""Links and roles: the table, whose it is, and to what."""


def pointing_at_people() -> Iterator[Column[Any]]:
    """Every column of every table that points at a person, also of those that are added later."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == "person" for key in column.foreign_keys):
                yield column
