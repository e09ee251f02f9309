"""How a series is told: how many meetings, when, what each is about, and what one has to come to."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.facts.series import Course, Unit
from conversations.speech import Moment, Text, _, lines, n_

LISTED = 8
"""So many units are listed one by one."""
_ON: Mapping[int, Text] = {
    0: _("on Mondays"),
    1: _("on Tuesdays"),
    2: _("on Wednesdays"),
    3: _("on Thursdays"),
    4: _("on Fridays"),
    5: _("on Saturdays"),
    6: _("on Sundays"),
}
_SIGNS: Mapping[str, Text] = {
    "present": _("✅ {unit}"),
    "absent": _("❌ {unit}"),
    "excused": _("🟡 {unit} (excused)"),
    "coming": _("👍 {unit}"),
}


def dates(course: Course) -> Text:
    """How many meetings there are, and when: "4 meetings, on Saturdays at 11:00"."""
    many = len(course.units)
    if course.weekday is None:
        return n_("🗓 {n} meeting", "🗓 {n} meetings").of(n=many)
    time = Moment(course.units[0].when.at, course.units[0].when.zone, "time")
    return n_("🗓 {n} meeting, {days} at {time}", "🗓 {n} meetings, {days} at {time}").of(
        n=many, days=_ON[course.weekday], time=time
    )


def following(course: Course) -> Text | None:
    """Which meeting is next; None where all are over."""
    unit = course.next
    if unit is None:
        return None
    if unit.topic:
        return _("Next: {when}: {topic}").of(when=unit.when, topic=unit.topic)
    return _("Next: {when}").of(when=unit.when)


def told(unit: Unit, style: Text | None = None) -> Text:
    """One meeting in a line: its number, the day, what it is about."""
    when = Moment(unit.when.at, unit.when.zone, "short")
    if unit.topic:
        said = _("{number}. {when}: {topic}").of(number=str(unit.number), when=when, topic=unit.topic)
    else:
        said = _("{number}. {when}").of(number=str(unit.number), when=when)
    if unit.exam:
        said = _("{unit} · 📝 exam").of(unit=said)
    sign = style or _SIGNS.get(unit.attends)
    return sign.of(unit=said) if sign else said


def listed(course: Course, *, all_of_them: bool = False) -> Text | None:
    """The meetings one by one: where they have names, or are not on one day of the week."""
    named = any(unit.topic or unit.exam for unit in course.units)
    if not all_of_them and course.weekday is not None and not named:
        return None
    more = len(course.units) - LISTED
    return lines(
        *(told(unit) for unit in course.units[:LISTED]),
        n_("... and {n} more", "... and {n} more").of(n=more) if more > 0 else None,
    )


def rule(course: Course) -> Text | None:
    """What one has to come to; None without a rule."""
    if not course.needed:
        return None
    return _("🎓 To complete it: be at {needed} of {all} ({percent} %).").of(
        needed=str(course.needed), all=str(len(course.units)), percent=str(course.percent)
    )


def share(course: Course) -> Text | None:
    """At how many meetings somebody was, and whether that is enough. Excused is not there: the rule leaves room."""
    if not course.begun and not course.present:
        return rule(course)
    was = _("Was there: {present} of {all}.").of(present=str(course.present), all=str(len(course.units)))
    if not course.needed:
        return was
    if course.present >= course.needed:
        return lines(was, _("🎓 That is enough: it is completed."))
    left = sum(not unit.begun for unit in course.units)
    needed = _("{percent} % is needed: {needed} meetings.").of(percent=str(course.percent), needed=str(course.needed))
    if course.present + left < course.needed:
        return lines(was, needed, _("That cannot be reached any more. Please talk to the team."))
    return lines(was, needed)


def late(course: Course) -> Text | None:
    """Said before somebody joins a series that has begun."""
    if not course.begun:
        return None
    return n_(
        "It has begun: {n} meeting is over. You can still join.",
        "It has begun: {n} meetings are over. You can still join.",
    ).of(n=course.begun)
