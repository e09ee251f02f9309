"""A young person and her mother, two of safeguarding, an administrator, and another organisation."""

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
    made.person("mama", "en", band="18+", town="bor")
    made.person("ana", "en", organisation="kokoro")
    made.person("vera", "en", organisation="kokoro", role="safeguarding")
    made.person("petra", "en", organisation="kokoro", role="safeguarding")
    made.person("direktor", "en", organisation="kokoro", role="admin")
    made.person("tuda", "en", organisation="kazanlak", role="safeguarding")
    with Session(made.database) as session:
        session.execute(update(Hotline).values(checked_at=made.now))
        session.commit()
    mother, child = made.person_id("mama"), made.person_id("mila")
    with Session(made.database) as session:
        session.add(Guardianship(guardian_id=mother, child_id=child, relation="mother", confirmed_at=made.now))
        session.commit()
    return made
