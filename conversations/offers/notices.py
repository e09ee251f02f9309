"""What people are told because something happened to a series: a unit more or less, all of it called off, an excuse."""

from __future__ import annotations

from conversations.speech import Document, Moment, Say, Text, Words, _, lines, n_

_FOR = _("For: {child}")
_WHAT_AND_WHEN = _("{title} · {when}")


def _for(child: Text | str) -> Text | None:
    return _FOR.of(child=child) if child else None


def unit_added(title: Words, when: Moment, child: Text | str, calendar: Document | None) -> Say:
    """One more meeting of a series that somebody is in."""
    said = lines(_("➕ There is one more meeting."), _for(child), _WHAT_AND_WHEN.of(title=title, when=when))
    return Say(said, document=calendar)


def unit_cancelled(
    title: Words,
    when: Moment,
    reason: Text | str,
    child: Text | str,
    following: Moment | None,
    calendar: Document | None,
) -> Say:
    """One meeting of a series does not take place; the others do."""
    said = lines(
        _("❌ This one meeting will not take place."),
        _for(child),
        _WHAT_AND_WHEN.of(title=title, when=when),
        _("Why: {reason}").of(reason=reason) if reason else None,
        _("The others stay. The next: {when}").of(when=following) if following else None,
    )
    return Say(said, document=calendar)


def series_cancelled(
    title: Words, when: Moment, units: int, reason: Text | str, child: Text | str, calendar: Document | None
) -> Say:
    """All meetings still to come do not take place."""
    said = lines(
        n_("❌ {n} meeting will not take place.", "❌ All {n} meetings will not take place.").of(n=units),
        _for(child),
        _("{title} · from {when}").of(title=title, when=when),
        _("Why: {reason}").of(reason=reason) if reason else None,
        _("Nothing needs to be done."),
    )
    return Say(said, document=calendar)


def excused_by_other(title: Words, when: Moment, child: Text | str) -> Text:
    """Somebody else concerned has said that they cannot come to one meeting."""
    named = _("{child} is excused this once.").of(child=child) if child else None
    first = named or _("The team knows: absent this once.")
    return lines(first, _WHAT_AND_WHEN.of(title=title, when=when))
