"""Find something: free words, or by kind, subject, town and week; then cards to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from conversations.deeds.offers import Look
from conversations.facts.offers import Found, Results
from conversations.offers import wished
from conversations.offers.booking.condition_words import JUST_COME
from conversations.offers.words import kind_name
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, said
from conversations.steps import Browse, Choose, Do, End, Here, Item, Json, Open, Page

_KIND, _SUBJECT, _TOWN = "k_", "s_", "t_"
"""How keys of choices begin that stand for a kind, a subject or a town."""
_WORDS = "words:"
"""How an answer begins that was written; no key of a choice can."""


def in_town(town_id: int) -> dict[str, str]:
    """The seed that shows what is on in a town: a poster of the town leads there."""
    return {"words": f"{_TOWN}{town_id}"}


def _ways(here: Here) -> Mapping[str, Text]:
    offers = here.facts.offers
    mine = offers.my_town()
    ways: dict[str, Text] = {}
    if mine is not None:
        ways["near"] = _("📍 In {town}").of(town=mine[1])
    ways["week"] = _("🗓 In the next 7 days")
    ways["subject"] = _("📖 By subject")
    ways["town"] = _("🏘 In another town") if mine else _("🏘 By town")
    ways["suits"] = _("🧭 What suits me?")
    ways |= {_KIND + kind: kind_name(kind) for kind in offers.kinds() if kind.isascii() and kind.isalnum()}
    ways["all"] = _("Everything")
    return ways


def _subjects(here: Here) -> Mapping[str, Text]:
    known = {f"{_SUBJECT}{subject}": said(name) for subject, name in here.facts.offers.subjects()}
    return known or {"all": _("Everything")}


def _towns(here: Here) -> Mapping[str, Text]:
    known = {f"{_TOWN}{town}": said(name) for town, name in here.facts.offers.towns()}
    return known or {"all": _("Everything")}


def _results(here: Here, offset: int, limit: int) -> Results:
    search = partial(here.facts.offers.search, day=str(here.get("day") or ""))
    way = here.get("subject") or here.get("town") or here.get("words") or "all"
    if way == "week":
        return search(week=True, offset=offset, limit=limit)
    if way == "near":
        mine = here.facts.offers.my_town()
        return search(town=mine[0] if mine else 0, offset=offset, limit=limit)
    if way.startswith(_KIND):
        return search(kind=way.removeprefix(_KIND), offset=offset, limit=limit)
    if way.startswith((_SUBJECT, _TOWN)) and way[2:].isascii() and way[2:].isdigit():
        number = int(way[2:])
        if way.startswith(_SUBJECT):
            return search(subject=number, offset=offset, limit=limit)
        return search(town=number, offset=offset, limit=limit)
    if way == "all":
        return search(offset=offset, limit=limit)
    return search(words=way.removeprefix(_WORDS), offset=offset, limit=limit)


def _written(here: Here) -> str:
    """The words that are looked for; "" where a way was tapped."""
    way = str(here.get("subject") or here.get("town") or here.get("words") or "all")
    tapped = way in ("week", "near", "all") or way.startswith((_KIND, _SUBJECT, _TOWN))
    return "" if tapped else way.removeprefix(_WORDS)


def _answered(here: Here) -> dict[str, Text]:
    """Ways to what was meant, and to answers on it: beside a good find only to those that have every word."""
    words = _written(here)
    meant = wished.ways(here, words) if words else {}
    nothing_better = not _results(here, 0, 1).total or bool(_results(here, 0, 1).beside)
    if words and nothing_better and not {"staff", "admin"}.isdisjoint(here.facts.me.roles):
        meant |= {"desk": _("🗂 For staff")}  # "surveys", "who registered": no offer was meant
    if not words or not here.facts.help.look_up(words, every=not nothing_better):
        return meant
    return {**meant, "answers": _("📖 Answers about it")}


def _hardly_an_offer(here: Here) -> bool:
    """True for words that speak of a wish and that no offer has: what only has some of them is not shown unasked."""
    words = _written(here)
    if not words:
        return False
    return wished.no_offer_at_all(here, words) or (wished.no_offer(here, words) and not here.facts.offers.all_of(words))


def _further(here: Here) -> Mapping[str, Text]:
    """Ways on beside what was found."""
    narrowed = here.get("day") and _results(here, 0, 1).beside != "day"
    any_day = {"any_day": _("🗓 On any day")} if narrowed else {}
    return {**_answered(here), **any_day, "again": _("🔎 Search again")}


def _cards(here: Here, offset: int, limit: int) -> Page:
    results = _results(here, offset, limit)
    return Page(
        tuple(Item(str(found.listing_id), _card(found), said(found.title)) for found in results.found), results.total
    )


def _card(found: Found) -> Text:
    when = None
    if found.when is not None:
        when = (_("Apply until {when}") if found.deadline else _("🗓 {when}")).of(when=found.when)
    full = found.places == 0 and not found.deadline and not found.drop_in
    return lines(
        _("{title}").of(title=found.title),
        _("📍 {place}").of(place=found.town) if found.town else None,
        when,
        _("Full now; there is a waiting list.") if full else JUST_COME if found.drop_in else None,
        _("💶 Cost: {cost}").of(cost=found.cost) if found.cost else None,
        _("🚌 Travel is paid back.") if found.travel_paid else None,
    )


def _found(here: Here) -> Text:
    results = _results(here, 0, 1)
    mine = here.facts.offers.my_town()
    beside = {
        "day": _("Nothing on that day. On other days there is:"),
        "town": _("Nothing in that town. In other towns there is:"),
        "words": _("Nothing has all these words. Nearest to them:"),
        "home": _("Nothing like that in {town} now. In other towns there is:").of(town=mine[1] if mine else ""),
    }.get(results.beside)
    if beside:
        return beside
    if results.day is not None:
        return n_(
            "On {day}: {n}. Tap it to see more.",
            "On {day}: {n}. Tap one to see more.",
        ).of(day=results.day, n=results.total)
    if here.get("day"):
        return n_(
            "Found on that day: {n}. Tap it to see more.",
            "Found on that day: {n}. Tap one to see more.",
        ).of(n=results.total)
    return n_("Found: {n}. Tap it to see more.", "Found: {n}. Tap one to see more.").of(n=results.total)


def _day_wished(here: Here) -> Mapping[str, Json]:
    """An offer, with the dates first that are on the day that was written with it: "maths Thursday"."""
    listing, when = int(here["found"]), str(here.get("day") or "") or _written(here)
    return {"listing": listing, "first": list(here.facts.offers.on_days(listing, when))}


def _seat_wished(here: Here) -> Mapping[str, Json]:
    """A listing of seats, with the day and time that were written with it: "computer tomorrow 4 pm"."""
    when = str(here.get("day") or here.get("words") or "")
    return here.facts.resources.seed(int(here["found"]), when.removeprefix(_WORDS))


def sought(words: str) -> bool:
    """True for words that can be looked for: a number alone is a button that is not there."""
    return not words.strip().rstrip(".)").isdigit()


def look_for(here: Here, words: str) -> Open | None:
    """Where free words lead: to the answers on them, if these have them rather than what is on offer."""
    if not sought(words):
        return None
    hurried = wished.at_once(here, words)
    if hurried is not None:
        return hurried
    if here.facts.help.rather(words):
        return Open("help", lambda _here: {"where": _WORDS + words})
    return Open("find", lambda _here: {"words": _WORDS + words})


def _written_here(here: Here, words: str) -> Json | Open:
    """What is looked for here, unless it is rather an answer."""
    way = look_for(here, words)
    return _WORDS + words if way is not None and way.conversation == "find" else way


def _narrower(here: Here, words: str) -> Open | None:
    """When, and nothing beside that, narrows what is shown; other words are looked for anew."""
    if sought(words) and here.facts.offers.only_a_day(words):
        return Open("find", lambda here: {**_asked(here), "day": words})
    return look_for(here, words)


def _asked(here: Here) -> Mapping[str, Json]:
    """What is looked for, on whichever day."""
    return {name: here[name] for name in ("words", "meant", "subject", "town") if here.get(name) is not None}


_ELSEWHERE = {**wished.GOTO, "desk": Open("desk")}
_ANY_DAY = Open("find", _asked, instead=True)
_ANSWERS = Open("help", lambda here: {"where": _WORDS + _written(here)})

find = Conversation(
    name="find",
    title=_("What is on"),
    word="find",
    command="find",
    about=_("find something and book it"),
    steps=(
        Choose(
            name="words",
            question=_("What are you looking for? Write it, for example “maths Friday”, or tap."),
            choices=_ways,
            goto={"subject": "subject", "town": "town", "suits": Open("occupations")},
            otherwise="meant",
            typed=_written_here,
        ),
        Choose(name="subject", question=_("Which subject?"), choices=_subjects, otherwise="found"),
        Choose(name="town", question=_("Which town?"), choices=_towns, otherwise="found"),
        Choose(
            name="meant",
            question=_("Is it about this?"),
            choices=lambda here: {**wished.ways(here, _written(here)), "no": _("🔎 Look for it")},
            goto={key: replace(way, instead=True) for key, way in wished.GOTO.items()},
            typed=look_for,
            when=_hardly_an_offer,
            otherwise="found",
        ),
        Browse(
            name="found",
            question=_found,
            items=_cards,
            choices=_further,
            goto={"again": Open("find", instead=True), "any_day": _ANY_DAY, "answers": _ANSWERS, **_ELSEWHERE},
            empty="nothing",
            otherwise="look",
            typed=_narrower,
        ),
        Do(
            name="look",
            does=Look,
            deed=lambda here: Look(int(here["found"])),
            goto={
                "offer": Open("offer", _day_wished),
                "call": Open("call", lambda here: {"listing": int(here["found"])}),
                "appointment": Open("appointment", lambda here: {"listing": int(here["found"])}),
                "resource": Open("resource", _seat_wished),
                "club": Open("club", lambda here: {"listing": int(here["found"])}),
                "gone": "gone",
            },
        ),
        Choose(
            name="nothing",
            question=_("Nothing like that is on right now. Shall we look wider, or ask a person?"),
            choices=lambda here: {**_answered(here), "wider": _("Show everything"), "again": _("🔎 Search again")},
            goto={
                "answers": _ANSWERS,
                **_ELSEWHERE,
                "wider": Open("find", lambda _here: {"words": "all"}, instead=True),
                "again": Open("find", instead=True),
            },
            typed=look_for,
        ),
        End(name="gone", text=_("This is not on offer any more.")),
    ),
)
