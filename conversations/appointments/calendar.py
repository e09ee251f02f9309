"""/calendar: a professional's days and visits; how each ended, the route of a day, a day off. Own one, or as staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.appointments import words
from conversations.appointments.other_hours import DAY_KEY
from conversations.deeds.appointments import MarkVisit, ShowRoute
from conversations.facts.appointments import Calendar, Entry
from conversations.script import Conversation
from conversations.speech import Say, Text, Venue, Words, _, lines, n_, verbatim
from conversations.staff import usual
from conversations.steps import Browse, Choose, Do, End, Here, Item, Json, Open, Page, Tell


def _calendars(here: Here) -> Mapping[str, Text]:
    return {str(one.professional_id): _called(one) for one in here.facts.calendars.calendars()}


def _called(one: Calendar) -> Text:
    if one.mine:
        return _("⭐ {name}, {profession}").of(name=one.called, profession=words.profession(one.profession))
    return _("{name}, {profession}").of(name=one.called, profession=words.profession(one.profession))


def _whose(here: Here) -> int:
    chosen = here.get("professional")
    if chosen:
        return int(chosen)
    known = here.facts.calendars.calendars()
    return known[0].professional_id if known else 0


def _days(here: Here) -> Mapping[str, Text]:
    days: dict[str, Text] = {}
    for day in here.facts.calendars.diary(_whose(here)):
        if day.off:
            days[DAY_KEY + day.key] = _("{day} · day off").of(day=day.when)
        elif day.unmarked:
            days[DAY_KEY + day.key] = n_("❗ {day} · {n} to mark", "❗ {day} · {n} to mark").of(
                day=day.when, n=day.count
            )
        elif not day.count:
            days[DAY_KEY + day.key] = _("{day} · nothing booked").of(day=day.when)
        else:
            days[DAY_KEY + day.key] = n_("{day} · {n} appointment", "{day} · {n} appointments").of(
                day=day.when, n=day.count
            )
    return {**days, "off": _("🚫 A day off"), "other": _("➕ Extra hours")}


def _day(here: Here) -> str:
    return str(here.get("day") or "").removeprefix(DAY_KEY)


def _entries(here: Here, offset: int, size: int) -> Page:
    found = here.facts.calendars.entries(_whose(here), _day(here))
    items = (Item(str(one.appointment_id), words.entry(one), _("{time}").of(time=one.when)) for one in found)
    return Page(tuple(items)[offset : offset + size], len(found))


def _of_day(here: Here) -> Mapping[str, Text]:
    found = here.facts.calendars.entries(_whose(here), _day(here))
    route = {"route": _("🧭 The route of the day")} if any(one.home for one in found) else {}
    return {**route, "off": _("🚫 A day off"), "days": _("Other days")}


def _entry(here: Here) -> Entry | None:
    return here.facts.calendars.entry(int(here["which"]))


def _details(here: Here) -> Text | Say:
    one = _entry(here)
    if one is None:
        return usual.NOT_YOURS
    text = lines(
        words.entry(one),
        words.what(one.title) if one.title else None,
        _("🗣 {language}").of(language=words.language(one.language)) if one.language else None,
        _("Number {number}").of(number=str(one.number)),
        _("🏠 {address}").of(address=one.address) if one.address else None,
        _("🎙 The address was said: it comes with the route of the day.") if one.recorded else None,
        _("The address is not known yet.") if one.home and not (one.address or one.pin or one.recorded) else None,
        _("The child says: {words}").of(words=one.wish) if one.wish else None,
    )
    if one.pin is None:
        return text
    return Say(text, venue=Venue(Words.of({"en": one.called or "-"}), Words(), one.pin[0], one.pin[1]))


def _ways(here: Here) -> Mapping[str, Text]:
    one = _entry(here)
    if one is None:
        return {"back": _("All right")}
    ways: dict[str, Text] = {}
    if one.markable:
        ways |= words.OUTCOMES_AT_HOME if one.home else words.OUTCOMES
    if one.state == "booked":
        ways["move"] = words.ANOTHER_TIME
    return {**ways, "back": _("Back to the day")}


def _marked(here: Here) -> Text:
    one = _entry(here)
    if one is not None and one.home:
        return _("✅ Done. The address and other details of this visit are erased.")
    return _("✅ Done.")


def _moves(here: Here) -> Mapping[str, Json]:
    one = _entry(here)
    return {"listing": one.listing_id if one else 0, "moves": int(here["which"])}


_OFF = Open("other_hours", lambda here: {"professional": str(_whose(here)), "what": "off", "near": _day(here)})
_OTHER_HOURS = Open("other_hours", lambda here: {"professional": str(_whose(here))})

calendar = Conversation(
    name="calendar",
    title=_("Calendar"),
    command="calendar",
    about=_("appointments: the days, who came, a day off"),
    role="professional",
    steps=(
        Tell(
            name="none",
            text=_("There is no calendar here yet. A service is published with /new."),
            when=lambda here: not here.facts.calendars.calendars(),
            otherwise="end",
        ),
        Choose(
            name="professional",
            question=_("Whose calendar?"),
            choices=_calendars,
            page=8,
            when=lambda here: len(here.facts.calendars.calendars()) > 1,
        ),
        Choose(name="day", question=_("Which day?"), choices=_days, page=10, goto={"off": _OFF, "other": _OTHER_HOURS}),
        Browse(
            name="which",
            question=_("Appointments of the day. Tap one to say how it ended, or to move it."),
            items=_entries,
            page=8,
            empty="free",
            choices=_of_day,
            goto={"route": "route", "off": _OFF, "days": "day"},
            otherwise="act",
        ),
        Choose(
            name="act",
            question=_details,
            choices=_ways,
            goto={"move": Open("appointment", _moves), "back": "which"},
            otherwise="mark",
        ),
        Do(
            name="mark",
            does=MarkVisit,
            deed=lambda here: MarkVisit(int(here["which"]), str(here["act"])),
            goto={"marked": "marked", "early": "early", "refused": "refused"},
        ),
        Tell(name="marked", text=_marked, otherwise="which"),
        Tell(name="early", text=_("It has not begun yet."), otherwise="which"),
        Do(
            name="route",
            does=ShowRoute,
            deed=lambda here: ShowRoute(_whose(here), _day(here)),
            goto={"shown": "which", "none": "which", "refused": "refused"},
        ),
        Tell(name="free", text=_("Nothing is booked on that day."), otherwise="day"),
        End(name="refused", text=usual.NOT_YOURS),
        End(name="end"),
    ),
)


def route(entries: tuple[Entry, ...]) -> Text:
    """The route of a day: where to go, in its order."""
    stops = (
        lines(
            _("{n}. {when} · {name}").of(n=str(number), when=one.when, name=one.called or _("without a name")),
            verbatim(one.address) if one.address else None,
            _("🎙 see the recording below") if one.recorded else None,
            _("📍 see the place below") if one.pin else None,
            _("The address is not known yet.") if not (one.address or one.recorded or one.pin) else None,
        )
        for number, one in enumerate(entries, 1)
    )
    return lines(_("🧭 The route of the day"), *stops)
