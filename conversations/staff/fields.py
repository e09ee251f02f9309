"""What the wizards of staff ask again and again: words, dates, towns, numbers; how each answer is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from conversations.offers.words import BANDS
from conversations.speech import Moment, NotUnderstood, Text, Words, _, said, verbatim
from conversations.steps import Choices, Confirm, End, Here, Json, Step, Write

LANGUAGES: Mapping[str, Text] = {"sr": _("Serbian"), "bg": _("Bulgarian"), "en": _("English")}

TROUBLES: Mapping[str, Text] = {
    "unknown": _("I cannot read a date in that. For example: {example}"),
    "no_day": _("Which day? Please write day and time, for example: {example}"),
    "no_time": _("At what time? Please write day and time, for example: {example}"),
    "half": _("Morning or evening? Please write 05:00 or 17:00."),
    "gap": _("That time does not exist: the clock is moved forward in that night. Please choose another."),
    "past": _("That is over already. Please write a time to come."),
    "far": _("That is more than two years away. Please write the year too, or a nearer date."),
}
_ONE_NUMBER = re.compile(r"[^\d−–—-]*([0-9]{1,3}(?:[ .\u00a0][0-9]{3})+|[0-9]{1,6})[^\d−–—-]*")
"""One whole number, also with its thousands apart or with words around it: "10 places". "8-10" and "-1" are none."""

_TOO_SHORT = _("Please write at least {n} letters.")
_TOO_LONG = _("Please make it shorter: at most {n} letters.")
_A_NUMBER = _("Please write a number from {least} to {most}.")
_EXAMPLE = "26.11. 17:00"
_EXAMPLE_DAY = "26.11."

Town = Callable[[Here], int | None]
"""Finds the town in whose wall time a moment is meant."""


def language_of(here: Here) -> str:
    """The language in which the person writes: "sr", "bg" or "en"."""
    return here.facts.me.tag.partition("-")[0]


def words(least: int, most: int) -> Callable[[str, Here], Json]:
    """Reads words of a certain length: signs alone are none."""

    def check(typed: str, _here: Here) -> Json:
        kept = typed.strip()
        if len(kept) < least or not any(one.isalnum() for one in kept):
            raise NotUnderstood(_TOO_SHORT.of(n=least))
        if len(kept) > most:
            raise NotUnderstood(_TOO_LONG.of(n=most))
        return kept

    return check


def number(least: int, most: int) -> Callable[[str, Here], Json]:
    """Reads a whole number."""

    def check(typed: str, _here: Here) -> Json:
        found = _ONE_NUMBER.fullmatch(typed.strip())
        number = int("".join(filter(str.isdigit, found[1]))) if found else -1
        if not least <= number <= most:
            raise NotUnderstood(_A_NUMBER.of(least=least, most=most))
        return number

    return check


def town_of(here: Here) -> int | None:
    """The town that was chosen, as far as it was."""
    chosen = here.get("new_town", here.get("town"))
    return int(chosen) if isinstance(chosen, int) or (isinstance(chosen, str) and chosen.isdigit()) else None


def town_of_listing(here: Here) -> int | None:
    """The town of the listing that is being talked about."""
    row = here.facts.staff.listing(int(here["listing"]))
    return row.town_id if row else None


def when(*, deadline: bool = False, town: Town = town_of) -> Callable[[str, Here], Json]:
    """Reads a moment in the wall time of a town, by default of the one that was chosen: an instant (ISO, UTC)."""

    def check(typed: str, here: Here) -> Json:
        found = here.facts.staff.read_when(typed, town(here), end_of_day=deadline)
        if isinstance(found, Moment):
            return found.at.isoformat()
        raise NotUnderstood(TROUBLES[found].of(example=_EXAMPLE_DAY if deadline else _EXAMPLE))

    return check


def likely(*, deadline: bool = False, town: Town = town_of) -> Callable[[Here], Mapping[str, Text]]:
    """Likely moments as buttons."""

    def choices(here: Here) -> Mapping[str, Text]:
        offered = here.facts.staff.suggested(town(here), deadline=deadline)
        return {key: _("{when}").of(when=moment) for key, moment in offered}

    return choices


def towns(here: Here) -> Mapping[str, Text]:
    """All towns."""
    return {str(town.id): said(town.name) for town in here.facts.staff.towns()}


def typed_town(here: Here, typed: str) -> Json:
    """A town that was typed, if it is surely one."""
    found = here.facts.staff.town_typed(typed)
    return str(found[0]) if len(found) == 1 else None


def subjects(here: Here) -> Mapping[str, Text]:
    """All subjects."""
    return {
        str(one.id): _("{icon} {name}").of(icon=one.icon, name=one.name) if one.icon else said(one.name)
        for one in here.facts.staff.subjects()
    }


def organisations(here: Here) -> Mapping[str, Text]:
    """Where the person is staff."""
    return {str(one.id): said(one.name) for one in here.facts.staff.organisations()}


def organisation_name(here: Here) -> Words:
    """The name of the organisation that was chosen, or of the only one."""
    chosen = here.get("organisation")
    names = (one.name for one in here.facts.staff.organisations() if chosen is None or str(one.id) == chosen)
    return next(names, Words())


def several_organisations(here: Here) -> bool:
    """True where it must be asked for which organisation."""
    return len(here.facts.staff.organisations()) > 1


def bands(_here: Here) -> Mapping[str, Text]:
    """Age bands."""
    return BANDS


def other_languages(here: Here) -> Mapping[str, Text]:
    """The languages that the person does not write in anyway."""
    return {key: name for key, name in LANGUAGES.items() if key != language_of(here)}


def numbers(*values: int) -> Choices:
    """Numbers as buttons."""
    return {str(value): verbatim(str(value)) for value in values}


def in_words(here: Here, step: str) -> Words:
    """What was written at a step and, in other languages, at its steps "{step}_bg" and so on."""
    return Words.of(by_language(here, step))


def said_at(here: Here, step: str) -> Any:
    """The answer of a step; what was changed after the preview wins."""
    return here.get(f"new_{step}", here.get(step))


def by_language(here: Here, step: str) -> dict[str, Any]:
    """The words of a step by language; a changed answer ("new_...") wins."""
    found = {key: here.get(f"{step}_{key}") for key in LANGUAGES if here.get(f"{step}_{key}")}
    own = said_at(here, step)
    if own:
        found[language_of(here)] = own
    return found


def in_language(name: str, language: str, question: Text, check: Callable[[str, Here], Json], picked: str) -> Write:
    """The same question for another language, asked where that language was picked."""
    return Write(
        name=f"{name}_{language}",
        question=question.of(language=LANGUAGES[language]),
        check=check,
        when=lambda here: language in (here.get(picked) or ()),
        skip=_("Leave it out"),
    )


THROWN_AWAY: tuple[Step, ...] = (
    Confirm(
        name="sure",
        question=_("Throw away everything that you wrote?"),
        goto={"yes": "dropped", "no": "preview"},
    ),
    End(name="dropped", text=_("All right, it is gone. Nobody has seen it.")),
)
"""The end of a wizard whose step "preview" leads to "sure": nothing of it stays."""
