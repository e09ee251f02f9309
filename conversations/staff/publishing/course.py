"""A series, from its listing's card: names, one more meeting, what has to be come to, a paper, calling it off."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.series import AddUnit, CancelSeries, NameUnit, SeePaper, SetPaper, SetSeries
from conversations.facts.series import Progress, SeriesRow
from conversations.offers import units
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_
from conversations.staff import fields, usual
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Step, Tell, Write

_PLAIN = _("{unit}")


def _row(here: Here) -> SeriesRow | None:
    return here.facts.series.of_listing(int(here["listing"]))


def _same(here: Here) -> dict[str, object]:
    return {"listing": here["listing"]}


_BACK = Open("course", _same, instead=True)


def _shown(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return usual.NOT_YOURS
    late = n_("🚪 One can join until {n} meeting has begun.", "🚪 One can join until {n} meetings have begun.")
    return lines(
        _("📌 {title}").of(title=row.title),
        units.dates(row.course),
        units.listed(row.course, all_of_them=True),
        units.rule(row.course) or _("🎓 There is no rule for how often one has to come."),
        late.of(n=row.join_late) if row.join_late else _("🚪 Nobody can join once it has begun."),
        _("📄 To show the team before: {paper}").of(paper=row.paper) if row.paper else None,
    )


def _ways(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    if row is None:
        return {"done": _("All right")}
    ways = {
        "progress": _("📊 Who was there how often"),
        "unit": _("📝 Name a meeting"),
        "add": _("➕ One more meeting"),
        "percent": _("🎓 How often one has to come"),
        "late": _("🚪 Joining late"),
        "paper_language": _("📄 A paper to show"),
    }
    if row.course.next is not None:
        ways["why"] = _("❌ Call off all that is to come")
    return ways


# ---------------------------------------------------------------- names


def _units(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    return {str(unit.session_id): units.told(unit, _PLAIN) for unit in row.course.units} if row else {}


_NAMING: tuple[Step, ...] = (
    Choose(name="unit", question=_("Which meeting?"), choices=_units, page=8),
    Choose(name="language", question=_("In which language?"), choices=fields.LANGUAGES),
    Write(
        name="topic",
        question=_("What is this meeting about? A few plain words."),
        check=fields.words(2, 80),
        skip=_("No topic"),
    ),
    Do(
        name="name",
        does=NameUnit,
        deed=lambda here: NameUnit(int(here["unit"]), here["language"], here.get("topic") or ""),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Tell(name="saved", text=_("✅ It is changed."), otherwise=_BACK),
)


# ---------------------------------------------------------------- one more


_ADDING: tuple[Step, ...] = (
    usual.moment("add", _("When is it? Write day and time, for example: 26.11. 17:00"), town=fields.town_of_listing),
    Do(
        name="adding",
        does=AddUnit,
        deed=lambda here: AddUnit(int(here["listing"]), here["add"]),
        goto={"added": "added", "late": "too_late", "refused": "refused"},
    ),
    usual.told(
        "added",
        n_("✅ It is added. {n} person is told.", "✅ It is added. {n} people are told."),
        by="adding",
        nobody=_("✅ It is added."),
        then=_BACK,
    ),
    Tell(name="too_late", text=_("That is not possible any more."), otherwise=_BACK),
)


# ---------------------------------------------------------------- rules

_RULES: tuple[Step, ...] = (
    usual.count(
        "percent",
        _("At how many percent of the meetings does one have to be, to complete it? 0 is no rule."),
        between=(0, 100),
        likely=(0, 60, 75, 80, 100),
    ),
    Do(
        name="set_percent",
        does=SetSeries,
        deed=lambda here: SetSeries(int(here["listing"]), "rule_percent", int(here["percent"])),
        goto={"saved": "saved", "refused": "refused"},
    ),
    usual.count(
        "late",
        _("Until how many meetings have begun can one still join? 0: nobody joins once it has begun."),
        between=(0, 60),
        likely=(0, 1, 2, 3),
    ),
    Do(
        name="set_late",
        does=SetSeries,
        deed=lambda here: SetSeries(int(here["listing"]), "join_late", int(here["late"])),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Choose(name="paper_language", question=_("In which language?"), choices=fields.LANGUAGES),
    Write(
        name="paper",
        question=_("Which paper has to be shown? Only “seen: yes or no” is kept, never what it says."),
        check=fields.words(3, 120),
        skip=_("No paper"),
    ),
    Do(
        name="set_paper",
        does=SetPaper,
        deed=lambda here: SetPaper(int(here["listing"]), here["paper_language"], here.get("paper") or ""),
        goto={"saved": "saved", "refused": "refused"},
    ),
)


# ---------------------------------------------------------------- who was there how often


def _progress(here: Here) -> Text:
    row = _row(here)
    people = here.facts.series.progress(int(here["listing"]))
    return lines(
        _("📌 {title}").of(title=row.title) if row else None,
        units.rule(row.course) if row else None,
        *(() if row is not None and row.paper else (_line(one, row) for one in people)),
        _("Nobody is in it so far.") if not people else None,
        _("Tap a name when the paper was seen: {paper}").of(paper=row.paper) if row and row.paper and people else None,
    )


def _line(one: Progress, row: SeriesRow | None) -> Text:
    who = (
        _("{name} ({number})").of(name=one.called, number=str(one.number))
        if one.called
        else _("Number {number}").of(number=str(one.number))
    )
    said = _("{who}: {present} of {all}").of(who=who, present=str(one.present), all=str(one.planned))
    if row is not None and row.course.needed and one.completed:
        said = _("🎓 {who}").of(who=said)
    if one.excused:
        said = _("{who}, excused: {n}").of(who=said, n=str(one.excused))
    return said


def _people(here: Here) -> Mapping[str, Text]:
    row = _row(here)
    found: dict[str, Text] = {}
    if row is not None and row.paper:
        for one in here.facts.series.progress(row.listing_id):
            label = _line(one, row)
            found[str(one.booking_id)] = (_("📄✅ {who}") if one.shown else _("📄⬜ {who}")).of(who=label)
    return {**found, "done": _("All right")}


def _see(here: Here) -> SeePaper:
    people = here.facts.series.progress(int(here["listing"]))
    shown = next((one.shown for one in people if str(one.booking_id) == here["progress"]), False)
    return SeePaper(int(here["progress"]), not shown)


_COUNTING: tuple[Step, ...] = (
    Choose(name="progress", question=_progress, choices=_people, page=40, goto={"done": _BACK}, otherwise="see"),
    Do(name="see", does=SeePaper, deed=_see, goto={"noted": "progress", "refused": "refused"}),
)


# ---------------------------------------------------------------- calling it off


def _sure(here: Here) -> Text:
    row = _row(here)
    if row is None:
        return usual.NOT_YOURS
    left = sum(not unit.begun for unit in row.course.units)
    return lines(
        _("📌 {title}").of(title=row.title),
        n_("Call off {n} meeting? Everybody is told at once.", "Call off {n} meetings? Everybody is told at once.").of(
            n=left
        ),
    )


_CALLING_OFF: tuple[Step, ...] = (
    *usual.WHY,
    Confirm(name="sure", question=_sure, goto={"yes": "cancel", "no": "kept"}),
    Tell(name="kept", text=_("All right, it stays as it is."), otherwise=_BACK),
    Do(
        name="cancel",
        does=CancelSeries,
        deed=lambda here: CancelSeries(int(here["listing"]), here["why"], here.get("urgent") == "now"),
        goto={"cancelled": "cancelled", "late": "too_late", "refused": "refused"},
    ),
    usual.told(
        "cancelled",
        n_("✅ It is cancelled. {n} person is told.", "✅ It is cancelled. {n} people are told."),
        by="cancel",
        nobody=_("✅ It is cancelled."),
        then=_BACK,
    ),
)

course = Conversation(
    name="course",
    title=_("A series of meetings"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=10,
            goto={
                "progress": "progress",
                "unit": "unit",
                "add": "add",
                "percent": "percent",
                "late": "late",
                "paper_language": "paper_language",
                "why": "why",
                "done": "end",
            },
            otherwise="end",
        ),
        *_NAMING,
        *_ADDING,
        *_RULES,
        *_COUNTING,
        *_CALLING_OFF,
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
