"""A trip, for its escort and for staff: the list, papers, the bus leaves, it is late, it is back."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.lessons import HandSheet
from conversations.deeds.outings import CountBack, CountOut, SayLate, SeePaper
from conversations.facts.outings import TravellerRow, Trip
from conversations.outings import words
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, n_
from conversations.staff import fields
from conversations.steps import Choose, ChooseMany, Do, End, Here, Open, Tell, Write

_NOT_YOURS = _("This is not there, or it is not yours to see.")
_COUNT = fields.number(1, 500)
_BACK_COUNT = fields.number(0, 500)
_LATE = (15, 30, 45, 60, 90, 120)


def _known(here: Here) -> Trip | None:
    return here.facts.outings.trip(int(here["session"]))


def _who(row: TravellerRow) -> Text:
    if row.called:
        return _("{name} ({number})").of(name=row.called, number=str(row.number))
    return _("Number {number}").of(number=str(row.number))


def _line(row: TravellerRow) -> Text:
    sign = {
        "chat": _("✅ {who}"),
        "paper": _("📄 {who}"),
        "adult": _("👤 {who}, of age"),
        "": _("❗ {who}: no yes yet"),
    }[row.consent]
    told = sign.of(who=_who(row))
    if not row.comes:
        told = _("❌ {who}: does not come along").of(who=_who(row))
    if row.consent == "adult":
        return told
    return (_("{line} · 📞 family by chat") if row.reachable else _("{line} · ☎️ family not by chat")).of(line=told)


def _coming(trip: Trip) -> int:
    return sum(row.comes for row in trip.rows)


def _shown(here: Here) -> Text:
    trip = _known(here)
    if trip is None:
        return _NOT_YOURS
    return lines(
        _("🚌 {title}").of(title=trip.title),
        _("🗓 {when}").of(when=trip.when),
        words.point_line(trip.point),
        words.back_line(trip.returns),
        *(_line(row) for row in trip.rows),
        n_("{n} person goes along", "{n} people go along").of(n=_coming(trip)),
        words.ON_PAPER,
        _("🚌 Left at {when}: {n}").of(when=trip.left, n=trip.out) if trip.left else None,
        _("⏱ Families know: {n} minutes late").of(n=trip.late) if trip.late else None,
        _("⚠️ Counted back: {n}. Families are not told yet.").of(n=trip.miscount)
        if trip.miscount is not None and trip.back is None
        else None,
        _("🏠 Back at {when}. Families are told.").of(when=trip.back) if trip.back else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    trip = _known(here)
    if trip is None:
        return {"done": _("All right")}
    ways: dict[str, Text] = {}
    if trip.left is None:
        ways = {"out": _("🚌 The bus is leaving"), "people": _("👥 Who is (not) there")}
        if any(row.consent in ("", "paper") for row in trip.rows):
            ways["paper"] = _("📄 Paper form seen")
    elif trip.back is None:
        ways = {"heads": _("🏠 We are back"), "late": _("⏱ We are late")}
        if trip.miscount is not None:
            ways["without"] = _("✅ It is clear who is missing")
    if trip.rows:
        ways["sheet"] = _("🖨 List as a file")
    return {**ways, "done": _("All right")}


def _same(here: Here) -> dict[str, object]:
    return {"session": here["session"]}


def _papers(here: Here) -> Mapping[str, Text]:
    trip = _known(here)
    rows = [row for row in trip.rows if row.consent in ("", "paper")] if trip else []
    return {**{str(row.booking_id): _line(row) for row in rows}, "done": _("All right")}


def _present(here: Here) -> Mapping[str, Text]:
    trip = _known(here)
    return {str(row.booking_id): _who(row) for row in trip.rows if row.attends == "present"} if trip else {}


def _session(here: Here) -> int:
    return int(here["session"])


def _numbers(here: Here) -> Text:
    numbers = Joined(tuple(str(one) for one in here["left"]["numbers"]), "commas")
    return lines(
        _("⛔ Nobody under 18 goes along without a yes. Missing: {numbers}").of(numbers=numbers),
        _("Mark who does not come along, or tick the paper form. Then count again."),
    )


def _miscounted(here: Here) -> Text:
    out = here["returned"]["out"]
    return lines(
        _("⚠️ {out} left. Please count again at once.").of(out=out),
        _("The team is warned. Families are not told before it is clear."),
    )


def _confirmed(here: Here) -> CountBack:
    trip = _known(here)
    heads = trip.miscount if trip and trip.miscount is not None else 0
    return CountBack(_session(here), heads, confirmed=True, without=tuple(int(one) for one in here["without"]))


trip = Conversation(
    name="trip",
    title=_("A trip"),
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            goto={
                "out": "out",
                "people": Open("attendance", _same),
                "paper": "paper",
                "heads": "heads",
                "late": "late",
                "without": "without",
                "sheet": "sheet",
                "done": "end",
            },
            otherwise="end",
        ),
        Do(
            name="sheet",
            does=HandSheet,
            deed=lambda here: HandSheet("trip", _session(here)),
            goto={"sent": "act", "nobody": "act", "refused": "refused"},
        ),
        Write(name="out", question=_("How many are on the bus? Count people, without the escorts."), check=_COUNT),
        Do(
            name="left",
            does=CountOut,
            deed=lambda here: CountOut(_session(here), int(here["out"])),
            goto={
                "told": "left_told",
                "already": "already",
                "differs": "left_differs",
                "consent": "no_consent",
                "early": "early",
                "over": "over",
                "refused": "refused",
            },
        ),
        Tell(
            name="left_told",
            text=lambda here: n_(
                "✅ Good journey! {n} guardian is told.", "✅ Good journey! {n} guardians are told."
            ).of(n=here["left"]["told"]),
            otherwise="act",
        ),
        Tell(
            name="left_differs",
            text=lambda here: lines(
                _("By the list {n} go along. Mark who is not there, or count again.").of(n=here["left"]["listed"]),
                _("Nobody is told yet."),
            ),
            otherwise="act",
        ),
        Tell(name="no_consent", text=_numbers, otherwise="act"),
        Tell(name="early", text=_("It is too early: from half an hour before."), otherwise="act"),
        Tell(name="over", text=_("This trip is over or was cancelled."), otherwise="act"),
        Tell(name="already", text=_("That is noted already. Families were told once."), otherwise="act"),
        Choose(
            name="paper",
            question=_("Whose form have you seen? Another tap takes it back."),
            choices=_papers,
            goto={"done": "act"},
            otherwise="seen",
            page=12,
        ),
        Do(
            name="seen",
            does=SeePaper,
            deed=lambda here: SeePaper(int(here["paper"]), _session(here)),
            goto={"seen": "paper", "taken_back": "paper", "gone": "act", "refused": "refused"},
        ),
        Choose(
            name="late",
            question=_("How late will it be? Families are told at once."),
            choices={str(n): n_("{n} minute", "{n} minutes").of(n=n) for n in _LATE},
        ),
        Do(
            name="delayed",
            does=SayLate,
            deed=lambda here: SayLate(_session(here), int(here["late"])),
            goto={"told": "late_told", "already": "already", "not_left": "not_left", "refused": "refused"},
        ),
        Tell(
            name="late_told",
            text=lambda here: n_("✅ {n} guardian is told.", "✅ {n} guardians are told.").of(
                n=here["delayed"]["told"]
            ),
            otherwise="act",
        ),
        Write(name="heads", question=_("How many are back? Count people, without the escorts."), check=_BACK_COUNT),
        Do(
            name="returned",
            does=CountBack,
            deed=lambda here: CountBack(_session(here), int(here["heads"])),
            goto={
                "told": "back_told",
                "already": "already",
                "differs": "miscounted",
                "names": "names",
                "not_left": "not_left",
                "refused": "refused",
            },
        ),
        Tell(
            name="back_told",
            text=lambda here: n_(
                "✅ Welcome back! {n} guardian is told.", "✅ Welcome back! {n} guardians are told."
            ).of(n=here["returned"]["told"]),
            otherwise="act",
        ),
        Tell(name="miscounted", text=_miscounted, otherwise="act"),
        ChooseMany(
            name="without",
            question=_("Who is not back with the bus? Their families are called by the team, not told here."),
            choices=_present,
            page=12,
        ),
        Do(
            name="cleared",
            does=CountBack,
            deed=_confirmed,
            goto={
                "told": "clear_told",
                "already": "already",
                "differs": "names",
                "names": "names",
                "not_left": "not_left",
                "refused": "refused",
            },
        ),
        Tell(
            name="clear_told",
            text=lambda here: n_("✅ {n} guardian is told.", "✅ {n} guardians are told.").of(
                n=here["cleared"]["told"]
            ),
            otherwise="act",
        ),
        Tell(
            name="names", text=_("That does not fit the count. Please choose exactly who is missing."), otherwise="act"
        ),
        Tell(name="not_left", text=_("First the bus has to leave."), otherwise="act"),
        End(name="refused", text=_NOT_YOURS),
        End(name="end", text=_("All right.")),
    ),
)
