"""What is wished of an appointment, what is free by that, and what a child wants to say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conversations.appointments import words
from conversations.calls import whom
from conversations.facts.appointments import Free, Service, Wish
from conversations.speech import Joined, NotUnderstood, Text, _, lines, n_, said
from conversations.steps import Here, Json

SITE = "s"
"""How keys begin that stand for a site."""
ANY = "any"
WISH_MOST = 200
DAYS_SEEN = 6
"""How many ways are seen at once where a day is chosen: the way to others is among the first."""
NEXT_DAYS = 2
"""How many of the next free days are told of each profession."""


def number_of(here: Here, name: str) -> int:
    """An answer that is an id, or was seeded as one; 0 for none."""
    seed = str(here.get(name) or "").removeprefix(SITE)
    return int(seed) if seed.isascii() and seed.isdigit() and len(seed) < 18 else 0


def service_of(here: Here) -> Service | None:
    """What is on offer, unless it is not any more."""
    return here.facts.appointments.service(number_of(here, "listing"))


def wish_of(here: Here) -> Wish:
    """All that has been wished so far."""

    def chosen(name: str) -> str:
        answer = here.get(name) or ""
        return "" if answer == ANY else str(answer)

    return Wish(
        listing=number_of(here, "listing"),
        site=number_of(here, "site"),
        profession=chosen("profession"),
        gender=chosen("gender"),
        language=chosen("language"),
        moves=number_of(here, "moves"),
        same=keeps(here),
    )


def is_moving(here: Here) -> bool:
    """True where an appointment that was made gets another time."""
    return bool(number_of(here, "moves"))


def keeps(here: Here) -> bool:
    """True where only the time changes: the professional and the place stay, as long as there is such a time."""
    return is_moving(here) and not here.get("other") and bool(here.facts.appointments.days(_same(here)))


def stays_not(here: Here) -> bool:
    """True where an appointment moves that cannot stay with the same professional at the same place."""
    return is_moving(here) and not here.get("other") and not keeps(here)


def _same(here: Here) -> Wish:
    return Wish(number_of(here, "listing"), moves=number_of(here, "moves"), same=True)


def sites(here: Here) -> Mapping[str, Text]:
    """Where there are appointments."""
    return {f"{SITE}{site}": said(name) for site, name in here.facts.appointments.sites(wish_of(here))}


def professions(here: Here) -> Mapping[str, Text]:
    """Whom one may wish for."""
    keys = here.facts.appointments.professions(wish_of(here))
    return {key: words.profession(key) for key in keys if key in words.PROFESSIONS} or {ANY: _("No matter")}


def which_profession(here: Here) -> Text:
    """The question whom they need, with the days on which each is free next: "when is the psychologist in?"."""
    asked = wish_of(here)
    free = {key: here.facts.appointments.days(replace(asked, profession=key)) for key in professions(here)}
    soon = {key: tuple(day for _key, day, _n in days[:NEXT_DAYS]) for key, days in free.items() if days}
    next_free = (
        _("🗓 {who}: {days}").of(who=words.profession(key), days=Joined(days, "and")) for key, days in soon.items()
    )
    return lines(_("Whom do you need?"), *next_free)


def genders(here: Here) -> Mapping[str, Text]:
    """A woman or a man, where there is a choice."""
    found = here.facts.appointments.genders(wish_of(here))
    return {ANY: _("No matter"), **{key: words.GENDERS[key] for key in found}}


def languages(here: Here) -> Mapping[str, Text]:
    """The languages that are spoken there."""
    found = here.facts.appointments.languages(wish_of(here))
    return {**{key: words.language(key) for key in found}, ANY: _("No matter")}


def at_home(here: Here) -> bool:
    """True if the person wishes to be visited."""
    return bool(here.get("where") == "home")


def may_be_at_home(here: Here) -> bool:
    """True where visits at home are made."""
    service = service_of(here)
    return service is not None and service.home and not is_moving(here)


def days(here: Here) -> Mapping[str, Text]:
    """The days on which something is free, and how much."""
    found = here.facts.appointments.days(wish_of(here))
    days = {key: n_("{day} · {n} free", "{day} · {n} free").of(day=day, n=n) for key, day, n in found}
    if keeps(here) and here.facts.appointments.elsewhere(wish_of(here)):
        seen, later = list(days.items())[: DAYS_SEEN - 1], list(days.items())[DAYS_SEEN - 1 :]
        return {**dict(seen), "other": _("👥 Another person or place"), **dict(later)}
    return days or {"none": words.TALK}


def which_day(here: Here) -> Text:
    """The question for the day, or what to do where nothing is free."""
    if here.facts.appointments.days(wish_of(here)):
        return _("Which day suits?")
    return _("With these wishes no time is free. Go back for others, or write to a person.")


def times(here: Here) -> Mapping[str, Text]:
    """What is free on the chosen day."""
    found = here.facts.appointments.times(wish_of(here), str(here.get("day") or ""))
    several = len({one.called for one in found}) > 1
    label = _("{time} · {name}") if several else _("{time}")
    times = {one.key: label.of(time=one.when, name=one.called) for one in found}
    return times or {"none": _("Another day")}


def free_time(here: Here) -> Free | None:
    """The time that was chosen, while it is free."""
    return here.facts.appointments.time(wish_of(here), str(here.get("slot") or ""))


def asks_child(here: Here) -> bool:
    """True where the child is asked for its own words."""
    service = service_of(here)
    return service is not None and service.wish and not is_moving(here) and whom.is_child(here)


def child_says(typed: str, _here: Here) -> Json:
    """Reads the child's words: one line."""
    kept = " ".join(typed.split())
    if len(kept) > WISH_MOST:
        raise NotUnderstood(_("One short line is enough."))
    return kept
