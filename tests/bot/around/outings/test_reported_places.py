"""A place that somebody reported reaches the team of the town, and who reported it hears when it is clean."""

from __future__ import annotations

from sqlalchemy import select

from conversations.deeds import outings as deeds
from models.caring.case import Request
from tests.bot.around.outings.kit import act, look, written
from tests.house import House


def test_a_place_reaches_the_team_of_the_town_and_who_reported_it_hears_when_it_is_clean(house: House) -> None:
    assert act(house, "ivo", deeds.ReportPlace("behind the market", "", 42.61953, 25.39291)).outcome == "sent"
    assert act(house, "ivo", deeds.ReportPlace("also at the river")).outcome == "added"
    (request,) = look(house, select(Request))
    assert request.kind == "place"
    assert act(house, "vesna", deeds.MarkCleaned(str(request.id))).outcome == "gone"
    assert act(house, "ana", deeds.MarkCleaned(str(request.id))).outcome == "told"
    assert written(house, "ivo", "is clean now") == 1
    assert act(house, "ana", deeds.MarkCleaned(str(request.id))).outcome == "gone"
