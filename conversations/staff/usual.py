"""Steps that many wizards of staff have, asked in the same words everywhere. How answers are read: fields.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conversations.speech import Button, Say, Text, _, lines, said, verbatim
from conversations.staff import fields, notices
from conversations.steps import Asked, Choices, Choose, ChooseMany, Goto, Here, Json, Step, Tell, When, Write

REFUSED = _("Only staff of the organisation can do this.")
NOT_YOURS = _("This is not there, or it is not yours to change.")
INCOMPLETE = Tell(
    name="incomplete",
    text=_("Something is missing: title, place or date. Please look again."),
    otherwise="preview",
)
"""What was to be published lacks something: back to its preview."""
UNDOABLE = _("You can undo this for 15 minutes, as long as nobody is in it.")


def organisation(when: When = fields.several_organisations) -> Choose:
    """For which organisation: asked of who is staff of several."""
    return Choose(name="organisation", question=_("For which organisation?"), choices=fields.organisations, when=when)


def languages(name: str = "languages", *, when: When | None = None) -> ChooseMany:
    """In which other languages it is written too; `fields.in_language` asks for the words."""
    return ChooseMany(
        name=name,
        question=_("Would you like to write it in other languages too? Without it, people see the text as it is."),
        choices=fields.other_languages,
        when=when,
    )


def moment(
    name: str,
    question: Asked,
    *,
    deadline: bool = False,
    town: fields.Town = fields.town_of,
    skip: Text | None = None,
    when: When | None = None,
    otherwise: Goto | None = None,
) -> Write:
    """A day and time in the wall time of a town, typed or tapped; of a deadline the day is enough."""
    return Write(
        name=name,
        question=question,
        check=fields.when(deadline=deadline, town=town),
        suggestions=fields.likely(deadline=deadline, town=town),
        skip=skip,
        when=when,
        otherwise=otherwise,
    )


def count(
    name: str,
    question: Asked,
    *,
    between: tuple[int, int],
    likely: tuple[int, ...],
    skip: Text | None = None,
    when: When | None = None,
    otherwise: Goto | None = None,
) -> Write:
    """A whole number `between` two, both allowed, typed or tapped."""
    return Write(
        name=name,
        question=question,
        check=fields.number(*between),
        suggestions=fields.numbers(*likely),
        skip=skip,
        when=when,
        otherwise=otherwise,
    )


# ---------------------------------------------------------------- where


def sites(here: Here) -> Mapping[str, Text]:
    """The known places in the town that was chosen, and another."""
    return sites_in(here, fields.town_of(here))


SITES_SEEN = 12
"""Places on one page of buttons: that a place is another one has to be seen."""


def sites_in(here: Here, town: int | None) -> Mapping[str, Text]:
    """The known places in a town, and another."""
    known = here.facts.staff.sites(town) if town is not None else ()
    return {**{str(site.id): said(site.name) for site in known}, "other": _("Another place")}


SITE_NAME = _("What is the place called? People will see this name.")
NAMED_SITE = Write(
    name="site_name",
    question=SITE_NAME,
    check=fields.words(2, 80),
    when=lambda here: here.get("site") == "other",
)
"""The name of a place that is not known yet."""
WHERE: tuple[Step, ...] = (
    Choose(name="town", question=_("In which town is it?"), choices=fields.towns, typed=fields.typed_town),
    Choose(name="site", question=_("Where exactly?"), choices=sites, page=SITES_SEEN, skip=_("Not known yet")),
    NAMED_SITE,
)


# ---------------------------------------------------------------- changing it before it is published

CHANGE = _("✏️ Change something")


def changing(
    steps: tuple[Step, ...], which: Choices, *names: str, also: Mapping[str, Goto] | None = None, back: str = "preview"
) -> tuple[Step, ...]:
    """The question what should be changed, and the steps `names` once more, each leading back to the preview.

    `which` are the choices, by those names. The new answers stand at "new_{name}": see fields.said_at.
    """
    asked = {step.name: step for step in steps if isinstance(step, Choose | ChooseMany | Write)}
    return (
        Choose(
            name="change",
            question=_("What should be changed?"),
            choices=which,
            page=14,
            goto={**{name: f"new_{name}" for name in names}, **(also or {})},
            otherwise=back,
        ),
        *(replace(asked[name], name=f"new_{name}", when=None, otherwise=back) for name in names),
    )


# ---------------------------------------------------------------- calling off


_OF_SEATS = ("closed", "broken")
"""Reasons that fit a seat by the hour: nobody teaches there, and it needs no number of people."""


def _reasons(here: Here) -> Mapping[str, Text]:
    seat = bool(here.get("seat"))
    return {why: text for why, text in notices.REASONS.items() if (why in _OF_SEATS if seat else why != "broken")}


def _reason(typed: str, here: Here) -> Json:
    return typed if typed in notices.REASONS else fields.words(3, 200)(typed, here)


WHY: tuple[Step, ...] = (
    Write(
        name="why",
        question=_("Why? Everybody who is booked will read this."),
        check=_reason,
        suggestions=_reasons,
    ),
    Choose(
        name="urgent",
        question=lambda here: _("It is night. Tell people now, or {when}?").of(when=here.facts.staff.night() or ""),
        choices={"morning": _("In the morning"), "now": _("Now, it is urgent")},
        when=lambda here: here.facts.staff.night() is not None,
    ),
)
"""Why something does not take place and, at night, whether people are told at once."""


# ---------------------------------------------------------------- what is said afterwards


def told(name: str, text: Text, *, by: str, then: Goto, nobody: Text) -> Tell:
    """How many people were told: `text` has the number as {n}, the deed of the step `by` counted them.

    `nobody` is said where there was nobody to be told.
    """

    def count(here: Here) -> Text:
        number = int(here[by]["told"])
        return text.of(n=number) if number else nobody

    return Tell(name=name, text=count, otherwise=then)


def share(code: str) -> Text:
    """What others write to come to it."""
    return _("To share it, let people write: {code}").of(code=verbatim(f"/start {code}"))


def published(here: Here, note: Text = UNDOABLE) -> Say:
    """It can be found now: its code and, for a while, a button that undoes it."""
    done = here["publish"]
    return Say(
        lines(_("✅ It is published. People can find it now."), share(done["code"]), note),
        (Button(notices.UNDO, done["undo"]),),
    )
