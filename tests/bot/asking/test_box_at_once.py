"""A box: who writes at once what they ask need not tap a button and write it again."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.asking.box import BoxEntry
from tests.house import House

QUESTION = "DEMO why are there no evening courses?"


def test_what_is_written_under_the_card_is_the_question(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("eda", "en", band="18+", town="bor")
    house.hear("eda", "/box")
    house.tap("eda", "Ask the studio")
    assert "button" in house.hear("eda", "DEMO two")[0][1].text, "few words may be a button that was meant"
    ((_name, asked),) = house.hear("eda", QUESTION)
    assert asked.text.startswith(f"“{QUESTION}”\nWithout a name"), "they see what goes in"
    house.tap("eda", "Without a name")
    house.tap("eda", "No, only the team")
    house.tap("eda", "Without a word")
    house.tap("eda", "📮 Put it in")
    with Session(house.database) as session:
        (entry,) = session.scalars(select(BoxEntry))
    assert (entry.words, entry.person_id) == (QUESTION, None)
