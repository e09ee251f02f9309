"""People of two towns, a mother, the staff of two organisations, and safeguarding."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.caring.answer import Hotline
from models.who.people import Guardianship
from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("mila", "en", band="15-17", town="bor")
    made.person("luka", "en", band="18+", town="bor")
    made.person("mama", "en", band="18+", town="bor")
    made.person("ana", "en", organisation="kokoro")
    made.person("petra", "en", organisation="kokoro")
    made.person("boris", "en", organisation="kazanlak")
    made.person("vera", "en", organisation="kokoro", role="safeguarding")
    with Session(made.database) as session:
        session.execute(update(Hotline).values(checked_at=made.now))  # the weekly question about them is tested apart
        session.commit()
    with Session(made.database) as session:
        session.add(
            Guardianship(
                guardian_id=made.person_id("mama"),
                child_id=made.person_id("mila"),
                relation="mother",
                confirmed_at=made.now,
            )
        )
        session.commit()
    return made
