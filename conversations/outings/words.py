"""Texts about trips: what guardians are asked and told, what stands on cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.facts.outings import MyTrip
from conversations.speech import Joined, Moment, Text, Words, _, lines, n_, verbatim

TOOLS: Mapping[str, Text] = {
    "gloves": _("gloves"),
    "bags": _("rubbish bags"),
    "rake": _("rakes"),
    "shovel": _("shovels"),
    "broom": _("brooms"),
    "barrow": _("wheelbarrows"),
}
"""Tools that people bring, by the words under which they are counted."""
YES = _("✅ Yes, may go along")
NO = _("❌ No")
TAKE_BACK = _("Take my yes back")
OPEN_TRIP = _("🚌 Open the trip")
ON_PAPER = _("💊 Allergies and medicine: please on paper, to the escort. Not here.")
NEEDS_YES = _("🖊 Under 18 a parent or guardian says yes to this trip.")


def point_line(point: Words) -> Text | None:
    """Where people meet."""
    return _("🚌 Meeting point: {point}").of(point=point) if point else None


def tools_line(tools: str, brings: Sequence[str]) -> Text | None:
    """What was said about tools at the booking, so that nobody forgets it."""
    if tools == "needs":
        return _("🧤 The team knows that tools are needed.")
    named = tuple(TOOLS[word] for word in brings if word in TOOLS)
    if named:
        return _("🧤 Please remember: {tools}").of(tools=Joined(named, "commas"))
    return _("🧤 Please remember your own tools.") if tools == "brings" else None


def back_line(back: Moment) -> Text:
    """When the trip is back."""
    return _("🏠 Back: {back}").of(back=back)


def ask(about: Text, child: Text | str | Joined, point: Words, back: Moment, bring: Words) -> Text:
    """What a guardian agrees to: these are the words that are kept."""
    return lines(
        _("A yes for this trip is needed. For: {child}").of(child=child),
        about,
        point_line(point),
        back_line(back),
        _("🎒 Bring: {bring}").of(bring=bring) if bring else None,
        _("People from our team come along."),
        ON_PAPER,
    )


def question(until: Moment) -> Text:
    """Until when it is waited for."""
    return _("May they go along? Please answer until {until}. After that, the place is free for others.").of(
        until=until
    )


def remind(about: Text) -> Text:
    """Still no yes."""
    return lines(_("🔔 The yes for this trip is still missing:"), about)


def paper_missing(title: Words, when: Moment, child: Text | str, until: Moment) -> Text:
    """For who has a place that waits for a yes on paper, and who booked it: it is still missing."""
    return lines(
        _("🔔 The yes on paper for this trip is still missing. Our team has the form."),
        _("For: {child}").of(child=child) if child else None,
        _("{title} · {when}").of(title=title, when=when),
        _("Please bring it, or tell the team, until {until}. After that, the place is free for others.").of(
            until=until
        ),
    )


def papers_missing(title: Words, when: Moment, n: int, until: Moment) -> Text:
    """For staff, who collect the forms: for how many places the yes on paper is still missing."""
    return lines(
        n_(
            "🖊 Trip “{title}”: for {n} place the yes on paper is still missing.",
            "🖊 Trip “{title}”: for {n} places the yes on paper is still missing.",
        ).of(title=title, n=n),
        _("Trip: {when}. Forms are waited for until {until}.").of(when=when, until=until),
    )


def agreed(title: Words, when: Moment) -> Text:
    """For the young person: a guardian said yes."""
    return lines(
        _("✅ A parent or guardian said yes to the trip. See you there!"),
        _("{title} · {when}").of(title=title, when=when),
    )


def place_freed(about: Mapping[str, Any]) -> Text:
    """For the guardian who said no: who has the place now (`next`: somebody waited for it)."""
    if about.get("next"):
        return _("All right. The place goes to the next in line, and nobody asks why.")
    return _("All right. The place is free for others, and nobody asks why.")


def refused(title: Words, when: Moment, *, given_on: bool) -> Text:
    """For the young person, and other guardians: the place is gone by a guardian's word."""
    return lines(
        _("A parent or guardian did not agree to this trip, so the place goes to the next in line.")
        if given_on
        else _("A parent or guardian did not agree to this trip, so the place is free for others."),
        _("{title} · {when}").of(title=title, when=when),
        _("There will be more trips. We are glad about every one together."),
    )


def lapsed(title: Words, when: Moment, child: Text | str, *, given_on: bool) -> Text:
    """For both: nobody said yes in time. `given_on`: somebody waited for the place."""
    return lines(
        _("There was no yes for the trip in time, so the place went to the next in line. That is all right.")
        if given_on
        else _("There was no yes for the trip in time, so the place is free for others. That is all right."),
        _("For: {child}").of(child=child) if child else None,
        _("{title} · {when}").of(title=title, when=when),
    )


def left(title: Words, child: Text | str | Joined, back: Moment) -> Text:
    """For guardians: the bus is leaving."""
    return lines(
        _("🚌 The bus is leaving now. On board: {child}").of(child=child),
        _("{title}. Back: {back}").of(title=title, back=back),
    )


def returned(title: Words, child: Text | str | Joined) -> Text:
    """For guardians: the bus is back."""
    return _("🏠 We are back from “{title}”. Here with us: {child}").of(title=title, child=child)


def late(title: Words, minutes: int, back: Moment) -> Text:
    """For guardians: it takes longer."""
    return lines(
        n_("⏱ “{title}” is {n} minute late.", "⏱ “{title}” is {n} minutes late.").of(title=title, n=minutes),
        _("Back about {back}").of(back=back),
    )


def miscount(title: Words, out: int, heads: int) -> Text:
    """For staff: the count does not fit."""
    return lines(
        _("⚠️ Trip “{title}”: {out} left, {heads} were counted back.").of(title=title, out=out, heads=heads),
        _("Families are not told yet. Please count again at once, and call the escort."),
    )


def of_mine(mine: MyTrip) -> Text:
    """On a booking: where, which tools, back when, and how it stands with the yes."""
    meeting = (point_line(mine.point), tools_line(mine.tools, mine.brings))
    if not mine.state:
        return lines(*meeting)
    state: Text | None = None
    if mine.state in ("chat", "paper"):
        state = _("🖊 A parent or guardian said yes to this trip ✅")
    elif mine.state == "waits" and mine.until:
        state = _("🖊 A parent or guardian is asked for a yes. It is needed until {until}.").of(until=mine.until)
    elif mine.state == "nobody" and mine.until:
        state = _("🖊 A yes from a parent or guardian is needed on paper until {until}. Our team has the form.").of(
            until=mine.until
        )
    return lines(*meeting, back_line(mine.back), state, ON_PAPER)


# ---------------------------------------------------------------- places and buddies


CLEANED = _("🧹 The place that was reported is clean now. Thank you for looking out for it!")
BUDDY_YES = _("🤝 Yes, gladly")
BUDDY_NO = _("No, thank you")


def buddy_asked(title: Words, child: Text | str, *, wants: bool) -> Text:
    """For each of the two, without the other's name."""
    asked = (
        _("🤝 “{title}”: there is somebody who can be a buddy. Shall we bring you together?")
        if wants
        else _("🤝 “{title}”: somebody new would like a buddy. Shall we bring you together?")
    )
    return lines(
        asked.of(title=title),
        _("For: {child}").of(child=child) if child else None,
        _("First names are told only after both said yes."),
    )


def buddy_found(title: Words, called: str) -> Text:
    """For each of the two, after both said yes."""
    if not called:
        return _("🤝 Both said yes! At “{title}” our team introduces you to each other.").of(title=title)
    return _("🤝 Both said yes! Your buddy at “{title}” is {name}. Our team introduces you to each other.").of(
        title=title, name=called
    )


def buddy_not_found(title: Words) -> Text:
    """For who said yes, after the other one said no: that it did not come about, and not why."""
    return _("🤝 “{title}”: this time no buddies came of it. Our team goes on looking.").of(title=title)


def pair_found(title: Words, called: Sequence[str], numbers: Sequence[int]) -> Text:
    """For staff, after both said yes: whom to introduce to each other."""
    first, second = (
        verbatim(name) if name else _("Number {number}").of(number=str(number))
        for name, number in zip(called, numbers, strict=True)
    )
    return _("🤝 “{title}”: {first} and {second} both said yes. Please introduce them to each other.").of(
        title=title, first=first, second=second
    )


def pair_ended(title: Words) -> Text:
    """For staff, after one said no, without saying who."""
    return _("🤝 “{title}”: the pair that was asked did not come about. You can choose anew.").of(title=title)
