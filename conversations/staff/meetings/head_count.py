"""How many people were at a meeting, without a name: in all and, if wanted, girls, boys and ages. For staff."""

from __future__ import annotations

from conversations.deeds.conditions import CountHeads
from conversations.offers.words import BANDS
from conversations.script import Conversation
from conversations.speech import Joined, Text, _, lines, n_
from conversations.staff import fields, usual
from conversations.steps import Choose, Do, End, Here, Open, Step, Tell, Write

_COUNT = fields.number(1, 5000)


def _total(here: Here) -> Text:
    known = here.facts.conditions.head_count(int(here["session"]))
    if known is None:
        return _("How many people were there, in all?")
    parts = [_("girls {girls}, boys {boys}").of(girls=known.girls, boys=known.boys)] if known.girls + known.boys else []
    parts += [_("{band}: {n}").of(band=BANDS[band], n=count) for band, count in known.bands if band in BANDS]
    return lines(
        n_("So far {n} person is noted.", "So far {n} people are noted.").of(n=known.total),
        _("{parts}").of(parts=Joined(tuple(parts), "commas")) if parts else None,
        _("How many people were there, in all?"),
    )


def _deed(here: Here) -> CountHeads:
    by_sex, by_age = here["more"] in ("sex", "both"), here["more"] in ("age", "both")
    return CountHeads(
        int(here["session"]),
        int(here.get("total") or 0),
        girls=int(here.get("girls") or 0) if by_sex else 0,
        boys=int(here.get("boys") or 0) if by_sex else 0,
        bands=tuple((band, int(here.get(f"age_{key}") or 0)) for key, band in _AGES.items()) if by_age else (),
    )


_AGES = {band.replace("+", ""): band for band in BANDS}
"""Age bands by what may stand in the name of a step."""


def _by_sex(here: Here) -> bool:
    return here.get("more") in ("sex", "both")


def _by_age(here: Here) -> bool:
    return here.get("more") in ("age", "both")


_PARTS: tuple[Step, ...] = (
    Write(name="girls", question=_("How many girls and women?"), check=_COUNT, when=_by_sex, skip=_("Not counted")),
    Write(name="boys", question=_("How many boys and men?"), check=_COUNT, when=_by_sex, skip=_("Not counted")),
    *(
        Write(
            name=f"age_{key}",
            question=_("How many of this age: {band}?").of(band=BANDS[band]),
            check=_COUNT,
            when=_by_age,
            skip=_("Nobody"),
        )
        for key, band in _AGES.items()
    ),
)


def _done(here: Here) -> Text:
    n = int(here.get("total") or 0)
    if here["count"]["outcome"] == "corrected":
        return n_(
            "✅ Corrected: {n} person, before it was {before}.", "✅ Corrected: {n} people, before it was {before}."
        ).of(n=n, before=here["count"]["before"])
    return n_("✅ Noted: {n} person.", "✅ Noted: {n} people.").of(n=n)


count_heads = Conversation(
    name="count_heads",
    title=_("Counting heads"),
    role="staff",
    steps=(
        Write(name="total", question=_total, check=_COUNT, skip=_("Nobody")),
        Choose(
            name="more",
            question=_("Would you like to note more? You need not. Nobody is named."),
            choices={
                "no": _("That is all"),
                "sex": _("Girls and boys"),
                "age": _("Ages"),
                "both": _("Both"),
            },
        ),
        *_PARTS,
        Do(
            name="count",
            does=CountHeads,
            deed=_deed,
            goto={
                "counted": "done",
                "corrected": "done",
                "early": "early",
                "wrong": "wrong",
                "refused": "refused",
            },
        ),
        End(name="done", text=_done),
        End(name="early", text=_("It has not begun yet. Heads are counted from half an hour before.")),
        Tell(
            name="wrong",
            text=_("The parts are more than the whole. Please count again."),
            otherwise=Open("count_heads", lambda here: {"session": here["session"]}, instead=True),
        ),
        End(name="refused", text=usual.REFUSED),
    ),
)
