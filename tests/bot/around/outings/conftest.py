"""Staff of two organisations, a mother with two children, and somebody else, all of them near a trip."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.who.consent import Consent, Wording
from tests.bot.around.outings.kit import link
from tests.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("ana", "en", organisation="kazanlak", town="kazanlak")
    made.person("rosa", "en", organisation="kazanlak", town="kazanlak")
    made.person("vesna", "en", organisation="valjevo", town="valjevo")
    made.person("mama", "en", band="18+", town="kazanlak")
    made.person("other", "en", band="18+", town="kazanlak")
    made.person("ivo", "en", band="15-17", town="kazanlak")
    made.person("lili", "en", band="under14", town="kazanlak")
    for child in ("ivo", "lili"):
        link(made, "mama", child)
    child_id, mother_id = made.person_id("lili"), made.person_id("mama")
    with Session(made.database) as session:
        wording = session.scalars(select(Wording.id)).first()
        given = Consent(person_id=child_id, given_by_id=mother_id, purpose="attend")
        given.wording_id, given.channel, given.given_at = wording or 0, "console", made.now
        session.add(given)
        session.commit()
    return made
