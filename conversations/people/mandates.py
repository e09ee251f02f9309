"""Who acts for a family: it lets a helper by a code, sees who may, for whom and until when, and ends it with a tap."""

from __future__ import annotations

from conversations.deeds.acting import EndMandate, GiveMandate, LookAtMandate
from conversations.facts.people import Acting
from conversations.people import introducing
from conversations.people.families import MONTHS, months_of, names_of
from conversations.people.words import clean_code, code_of
from conversations.script import Conversation
from conversations.speech import Text, Words, _, lines, n_
from conversations.standing import StandingAction
from conversations.steps import Browse, Choose, Confirm, Do, End, Here, Item, Page, Write


def _asked(here: Here) -> Text:
    looked = here["looked"]
    return lines(
        _("{helper} ({organisation}) would like to register and book for you.").of(
            helper=looked["helper"], organisation=Words.of(looked["organisation"])
        ),
        _("They see names, age groups, and what they booked themselves. Never: messages, other bookings."),
        _("You can end it at any time: “Settings”, “More”, “Who acts for me”."),
    )


def _sure(here: Here) -> Text:
    who = _("for you and your children") if here.get("whom") == "all" else _("for you")
    return _("{helper} may register and book {whom}, for {months}. Is that right?").of(
        helper=here["looked"]["helper"], whom=who, months=MONTHS[here["months"]]
    )


mandate = Conversation(
    name="mandate",
    title=_("Help with booking"),
    steps=(
        Write(
            name="typed",
            question=_("Please write the code."),
            check=clean_code,
            when=lambda here: not here.get("code"),
        ),
        Do(
            name="looked",
            does=LookAtMandate,
            deed=lambda here: LookAtMandate(code_of(here)),
            goto={"good": "card", "unknown": "unknown", "own": "own", "minor": "minor"},
        ),
        Choose(
            name="card",
            question=_asked,
            choices={"go": _("Go on"), "no": _("No, thank you")},
            goto={"go": "called", "no": "later"},
        ),
        *introducing.called(_("What name shall we use? A first name or a nickname is enough."), then="whom"),
        Choose(
            name="whom",
            question=_("For whom?"),
            choices={"me": _("Only for me"), "all": _("For me and my children")},
            when=lambda here: here["looked"]["children"] > 0,
        ),
        Choose(name="months", question=_("For how long?"), choices=MONTHS),
        Confirm(name="sure", question=_sure, goto={"no": "later"}),
        Do(
            name="given",
            does=GiveMandate,
            deed=lambda here: GiveMandate(code_of(here), months_of(here["months"]), here.get("whom") == "all"),
            goto={"given": "end", "unknown": "unknown", "own": "own", "minor": "minor"},
        ),
        End(name="end", text=_("Thank you! Whatever they book, you hear of it here.")),
        End(name="later", text=_("All right, nothing has changed.")),
        End(name="unknown", text=_("This code does not work (any more). Please ask for a new one.")),
        End(name="own", text=_("This is for the family: please show it to them.")),
        End(name="minor", text=_("A parent or guardian decides this: please show it to them.")),
    ),
)


def _who(one: Acting) -> Text:
    return lines(
        _("🤝 {helper} ({organisation})").of(helper=one.helper, organisation=one.organisation),
        _("May register and book for: {names}").of(names=names_of(one)),
        _("Until {day}").of(day=one.until),
        n_("{n} booking to come is from them.", "{n} bookings to come are from them.").of(n=one.booked)
        if one.booked
        else None,
    )


def _acting_items(here: Here, offset: int, size: int) -> Page:
    known = here.facts.people.acting_for_me()
    items = tuple(
        Item(str(one.mandate_id), _who(one), _("❌ End: {helper}").of(helper=one.helper))
        for one in known[offset : offset + size]
    )
    return Page(items, len(known))


acting = Conversation(
    name="acting",
    title=_("Who acts for me"),
    steps=(
        Browse(
            name="which",
            question=_("These may register and book for you. One tap ends it at once; what is booked stays."),
            items=_acting_items,
            empty="none",
        ),
        Do(
            name="ended",
            does=EndMandate,
            deed=lambda here: EndMandate(int(here["which"])),
            goto={"ended": "over", "gone": "over"},
        ),
        End(name="over", text=_("Done: from now on nobody books for you by that.")),
        End(name="none", text=_("Nobody acts for you. Everything is in your own hands.")),
    ),
)

SEE_ACTING = _("🤝 Who acts for me")
"""Under the news that a helper has booked: the way to end it."""

STANDING: tuple[StandingAction, ...] = (StandingAction(name="see_acting", opens="acting"),)
