"""For the staff of a call: who is interested, what they wrote, and the decision."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.calls.call import TIMES
from conversations.calls.words import STATES
from conversations.deeds.calls import DecideApplication, OpenForm
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, n_, said
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Page

_BY = {
    "guardian": _("A parent or guardian registered for this child and answered."),
    "other": _("Somebody who acts for this person registered and answered."),
}


def _calls(here: Here, offset: int, size: int) -> Page:
    found, total = here.facts.calls.run(offset, size)
    items = tuple(
        Item(
            str(one.listing_id),
            lines(
                _("📌 {title}").of(title=one.title),
                n_("{n} application", "{n} applications").of(n=one.applied),
                _("{n} without a decision").of(n=one.undecided) if one.undecided else None,
                _("⏳ Until {moment}.").of(moment=one.closes) if one.closes else None,
            ),
            said(one.title),
        )
        for one in found
    )
    return Page(items, total)


def _listing(here: Here) -> int:
    seed = str(here.get("listing") or "")
    return int(seed) if seed.isascii() and seed.isdigit() else 0


def _applied(here: Here, offset: int, size: int) -> Page:
    found, total = here.facts.calls.interested(_listing(here), offset, size)
    items = tuple(
        Item(
            str(one.number),
            lines(
                _("Number {number}: {state}").of(
                    number=str(one.number), state=STATES.get(one.state, STATES["registered"])
                ),
                _("Sent: {moment}").of(moment=one.since),
            ),
            _("Open {number}").of(number=str(one.number)),
        )
        for one in found
    )
    return Page(items, total)


def _form(here: Here) -> Text:
    form = here.facts.calls.form(here["number"])
    if form is None:
        return _("This application is not there any more.")
    times = tuple(TIMES[key] for key in form.when if key in TIMES)
    return lines(
        _("Number {number}: {state}").of(
            number=str(form.applied.number), state=STATES.get(form.applied.state, STATES["registered"])
        ),
        _("Name: {called}").of(called=form.called) if form.called else None,
        _BY.get(form.by),
        _("Why: {why}").of(why=form.why),
        _("When: {times}").of(times=Joined(times, "commas")),
        _("Reach: {number}").of(number=form.phone) if form.phone else _("Reach: here in the chat"),
    )


def _ways(here: Here) -> Mapping[str, Text]:
    form = here.facts.calls.form(here["number"])
    ways: dict[str, Text] = {}
    if form is not None and form.applied.state == "registered":
        ways = {"accept": _("✅ Accept"), "refuse": _("Not this time")}
    return {**ways, "list": _("All applications")}


def _sure(here: Here) -> Text:
    if here["what"] == "accept":
        return _("Accept number {number}? The person is told at once.").of(number=str(here["number"]))
    return _("Tell number {number} that others were chosen this time?").of(number=str(here["number"]))


interested = Conversation(
    name="interested",
    title=_("Who is interested"),
    command="interested",
    about=_("who registered for our calls"),
    role="staff",
    steps=(
        Browse(name="listing", question=_("Which call?"), items=_calls, empty="no_call"),
        Browse(
            name="number",
            question=_("These people registered. Opening one is recorded."),
            items=_applied,
            empty="nobody",
        ),
        Do(
            name="open",
            does=OpenForm,
            deed=lambda here: OpenForm(here["number"]),
            goto={"open": "what", "gone": "gone"},
        ),
        Choose(
            name="what",
            question=_form,
            choices=_ways,
            goto={"accept": "sure", "refuse": "sure", "list": "number"},
        ),
        Confirm(name="sure", question=_sure, goto={"no": "what"}),
        Do(
            name="decide",
            does=DecideApplication,
            deed=lambda here: DecideApplication(here["number"], here["what"] == "accept"),
            goto={"decided": "decided", "gone": "gone"},
        ),
        End(name="decided", text=_("Decided. The person is told.")),
        End(name="gone", text=_("This application is not there any more.")),
        End(name="nobody", text=_("Nobody has registered yet.")),
        End(name="no_call", text=_("There is no call of ours yet.")),
    ),
)
