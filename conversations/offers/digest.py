"""The weekly digest in words: what is on in the coming days and fits, with one tap to each, to more, and out."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.speech import Button, Moment, Say, Text, Words, _, lines, n_, said

MOST = 4
"""So many things are named; the rest is behind "more"."""
_HEAD = _("🗓 This week, near you:")
_NEWS_ALONE = _("📰 News of this week:")
_ITEM = _("{when}: {title}")
_NEWS = _("📰 {words}")
_MORE = n_("There is {n} more. Tap “More”.", "There are {n} more. Tap “More”.")
MORE = _("More")
END = _("No more of this")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is on: its nearest meeting, and the tap that opens it."""

    title: Words
    when: Moment
    tap: str


@dataclass(frozen=True, slots=True)
class News:
    """What staff tell; with a tap it leads to something published, which has that title."""

    words: Words
    title: Words = Words()
    tap: str = ""


def digest(items: tuple[Line, ...], news: tuple[News, ...], *, more: str, end: str) -> Say:
    """One short message. `more` and `end` are the taps of its last buttons; without items it is news alone."""
    shown, left = items[:MOST], len(items[MOST:])
    text: list[Text | None] = [_HEAD if shown else _NEWS_ALONE]
    text += [_ITEM.of(when=line.when, title=line.title) for line in shown]
    text.append(_MORE.of(n=left) if left else None)
    text += [_NEWS.of(words=one.words) for one in news]
    buttons = tuple(Button(said(line.title), line.tap) for line in shown)
    buttons += tuple(Button(said(one.title), one.tap) for one in news if one.tap)
    further = (Button(MORE, more),) if shown else ()
    return Say(lines(*text), (*buttons, *further, Button(END, end, quiet=True)))
