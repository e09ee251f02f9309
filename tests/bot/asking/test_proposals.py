"""What members of a club propose: its team hears of it, not at the moment itself, and once a day at most."""

from __future__ import annotations

from pathlib import Path

from tests.house import House, buttons


def test_the_team_hears_once_a_day_what_waits_and_nobody_else_does(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("ana", "en", organisation="asb", town="krusevac")
    house.person("tea", "en", organisation="kokoro", town="bor")
    house.person("iva", "en", band="18+", town="krusevac")
    house.hear("iva", "/start krusevac-klub")
    house.tap("iva", "🤝 Join the club")
    for words in ("DEMO picnic", "DEMO chess"):
        house.tap("iva", "💡 Propose something")
        assert {name for name, _message in house.hear("iva", words)} == {"iva"}, "not while the phone is in hand"
    waits = "💡 Good-Neighbour Club: tea together: 2 proposals wait for the team."
    told = [(name, message) for name, message in house.advance(hours=47) if message.text.startswith("💡")]
    assert [(name, message.text) for name, message in told] == [("ana", waits)] * 2, (
        "each morning, as long as they wait"
    )
    assert "DEMO" not in told[0][1].text, "it may be read on a locked screen"
    assert [one.label for one in buttons(told[0][1])] == ["💡 Proposals"]
    house.tap("ana", "💡 Proposals")
    house.tap("ana", "💡 Proposals")
    for _proposal in range(2):
        house.hear("ana", "1")
        house.tap("ana", "Not this time")
        house.hear("ana", "1")
    assert not [message.text for _name, message in house.advance(hours=24) if "wait for the team" in message.text]
