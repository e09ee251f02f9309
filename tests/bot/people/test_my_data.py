"""My data: what is mine, nothing of anybody else, and nothing of requests about safety."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from tests.house import House


def test_my_data_holds_what_is_mine_and_nothing_of_anybody_else(house: House) -> None:
    for name in ("ann", "eve"):
        house.person(name, "en", band="18+", town="bor")
        house.hear(name, "/settings")
        house.tap(name, "More")
        house.tap(name, "📍 Town, interests, name")
        house.tap(name, "🙂 Name")
        house.hear(name, f"DEMO-canary-{name}")
    house.hear("ann", "my data")
    house.tap("ann", "📄 All of it as a file")
    shown = house.tap("ann", "Yes")
    file = next(message.document for _name, message in shown if message.document)
    data = json.loads(file.content)
    assert data["called"] == "DEMO-canary-ann"
    everything = file.content.decode() + " ".join(message.text for message in house.people["ann"].shown)
    assert "DEMO-canary-eve" not in everything


def test_my_data_says_nothing_of_requests_about_safety(house: House) -> None:
    from models.caring.case import Request, RequestMessage

    house.person("ann", "en", band="18+", town="bor")
    ann = house.person_id("ann")
    with Session(house.database) as session:
        for kind in ("talk", "safety"):
            request = Request(person_id=ann, kind=kind, created_at=house.now, changed_at=house.now)
            session.add(request)
            session.flush()
            session.add(RequestMessage(request_id=request.id, author_id=ann, text=f"DEMO-{kind}", created_at=house.now))
        session.commit()
    assert "Questions to our team: 1" in house.hear("ann", "my data")[0][1].text
    house.tap("ann", "📄 All of it as a file")
    shown = house.tap("ann", "Yes")
    content = next(message.document.content for _name, message in shown if message.document)
    assert b"DEMO-talk" in content
    assert b"DEMO-safety" not in content
