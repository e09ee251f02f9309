"""I cannot come once: an excuse for one meeting of a series; the place stays."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.series import Excuse
from conversations.facts.offers import Mine
from conversations.facts.series import Unit
from conversations.offers import units, words
from conversations.script import Conversation
from conversations.speech import Text, _, lines
from conversations.steps import Choose, Do, End, Here, Tell

_EXCUSED = _("🟡 {unit}")
_PLAIN = _("{unit}")


def _mine(here: Here) -> Mine | None:
    return here.facts.offers.booking(int(here["booking"]))


def _coming(here: Here) -> tuple[Unit, ...]:
    mine = _mine(here)
    course = mine.gathering.course if mine is not None and mine.state == "booked" else None
    return tuple(unit for unit in course.units if not unit.begun) if course else ()


def _nothing(here: Here) -> bool:
    return not _coming(here)


def _question(here: Here) -> Text:
    mine = _mine(here)
    return lines(
        words.for_whom(mine.child) if mine else None,
        _("Which meeting? The place stays, and the team knows. Tap it once more to take it back."),
    )


def _choices(here: Here) -> Mapping[str, Text]:
    return {str(unit.session_id): _label(unit) for unit in _coming(here)}


def _label(unit: Unit) -> Text:
    return units.told(unit, _EXCUSED if unit.attends == "excused" else _PLAIN)


def _excuse(here: Here) -> Excuse:
    chosen = next((unit for unit in _coming(here) if str(unit.session_id) == here["unit"]), None)
    away = chosen is None or chosen.attends != "excused"
    return Excuse(int(here["booking"]), int(here["unit"]), away)


def _noted(here: Here) -> Text:
    """Said of how it is now: the deed has changed it."""
    chosen = next((unit for unit in _coming(here) if str(unit.session_id) == here["unit"]), None)
    if chosen is not None and chosen.attends != "excused":
        return lines(_label(chosen), _("✅ All right: see you there!"))
    return lines(_label(chosen) if chosen else None, words.EXCUSED)


away = Conversation(
    name="away",
    title=_("Missing one meeting"),
    steps=(
        Tell(name="nothing", text=_("There is no meeting to come."), when=_nothing, otherwise="end"),
        Choose(name="unit", question=_question, choices=_choices, page=8),
        Do(
            name="excuse",
            does=Excuse,
            deed=_excuse,
            goto={"noted": "noted", "gone": "gone", "denied": "gone"},
        ),
        End(name="noted", text=_noted),
        End(name="gone", text=words.NOT_THERE),
        End(name="end"),
    ),
)
