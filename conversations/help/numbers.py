"""Numbers to call, in words; and the few that are known even where the list is empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from conversations.facts.help import Hotline, Readers
from conversations.speech import Text, Words, _, lines, verbatim

COUNTRIES = {"RS": _("Serbia"), "BG": _("Bulgaria")}

_ALWAYS = Words.of({"sr": "увек, бесплатно", "bg": "денонощно, безплатно", "en": "always, free"})

LASTING: tuple[Hotline, ...] = (
    Hotline(
        0,
        "RS",
        "116 111",
        Words.of({"sr": "Национална дечја линија", "bg": "Национална детска линия", "en": "Children's line"}),
        _ALWAYS,
        "k-1tv.rs",
        "2023-05",
        lasting=True,
        first_for="child",
    ),
    Hotline(
        0,
        "RS",
        "192",
        Words.of({"sr": "Полиција", "bg": "Полиция", "en": "Police"}),
        _ALWAYS,
        "021.rs",
        "2024",
        lasting=True,
        first_for="adult",
    ),
    Hotline(
        0,
        "RS",
        "194",
        Words.of({"sr": "Хитна помоћ", "bg": "Бърза помощ", "en": "Ambulance"}),
        _ALWAYS,
        "bif.rs",
        "2012-01",
        lasting=True,
    ),
    Hotline(
        0,
        "BG",
        "116 111",
        Words.of({"sr": "Национална дечја линија", "bg": "Национална детска линия", "en": "Children's line"}),
        _ALWAYS,
        "116111.bg",
        "2026-02",
        lasting=True,
        first_for="child",
    ),
    Hotline(
        0,
        "BG",
        "112",
        Words.of({"sr": "Хитна помоћ", "bg": "Спешен телефон", "en": "Emergency number"}),
        _ALWAYS,
        "humanrightsguide.bg",
        "2024",
        lasting=True,
        first_for="adult",
    ),
)
"""What the cards fall back on, per country, while nobody has entered any number (people.md part 9)."""


def short(line: Hotline) -> Text:
    """A number on one line, to be called at once."""
    return _("📞 {number}: {name} ({hours})").of(number=line.number, name=line.name, hours=line.hours)


def dated(line: Hotline) -> Text:
    """A number with where it is from and when somebody looked."""
    if line.checked:
        day = _("checked on {date}").of(date=line.checked)
    else:
        day = _("source: {source}, {date}").of(source=line.source, date=line.source_date)
    return lines(short(line), day)


def by_country(numbers: tuple[Hotline, ...], put: Callable[[Hotline], Text]) -> tuple[Text, ...]:
    """The numbers, each as `put` writes it, under a heading for each country where there are several."""
    countries = tuple(dict.fromkeys(line.country for line in numbers))
    if len(countries) < 2:
        return tuple(put(line) for line in numbers)
    parts: list[Text] = []
    for country in countries:
        parts.append(_("{country}:").of(country=COUNTRIES.get(country, verbatim(country))))
        parts.extend(put(line) for line in numbers if line.country == country)
    return tuple(parts)


def first_for(numbers: tuple[Hotline, ...], wanted: frozenset[int], most: int, who: str) -> tuple[Hotline, ...]:
    """Of one country: for the matter first the one that `who` ("child" or "adult") calls first, then the others; then
    the lasting ones, which always have a place. For adults a children's line is the last.
    """
    lasting = [line for line in numbers if line.lasting]
    room = max(0, most - len(lasting))
    matter = [line for line in numbers if line.hotline_id in wanted and not line.lasting][:room]

    def turn(line: Hotline) -> tuple[bool, bool, bool, bool, bool]:
        for_it, theirs = line.hotline_id in wanted, line.first_for == who
        first = theirs and (for_it or not wanted)
        return not first, line.first_for == "child" and not theirs, not for_it, bool(line.first_for), line.lasting

    return tuple(sorted((*matter, *lasting), key=turn))


def when_written(readers: Readers) -> Text:
    """That somebody from the team writes to a person in need, and when, honestly."""
    if readers.now:
        return _("A person from our team will write to you. Today we read until {last}:00.").of(last=readers.until_hour)
    opens = replace(readers.opens, style="time")
    if readers.tomorrow:
        return _("A person from our team will write to you tomorrow from {time}.").of(time=opens)
    return _("A person from our team will write to you today from {time}.").of(time=opens)


def when_read(readers: Readers) -> Text:
    """When somebody from the team will read, honestly."""
    if readers.now:
        return _("Our team reads messages from {first}:00 to {last}:00, and answers you here.").of(
            first=readers.from_hour, last=readers.until_hour
        )
    return _("Nobody reads right now. Our team is back {moment}, and answers you here.").of(moment=readers.opens)
