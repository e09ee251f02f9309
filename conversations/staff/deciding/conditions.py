"""The conditions of a listing: from when, how many are needed, who it is for, what comes first, drop-in. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import (
    CancelGroup,
    GroupAnyway,
    SetAfter,
    SetAudience,
    SetChecked,
    SetDropIn,
    SetLeast,
    SetWindow,
)
from conversations.facts.conditions import ForStaff
from conversations.script import Conversation
from conversations.speech import Text, Words, _, lines, n_, said
from conversations.staff import fields, usual
from conversations.staff.deciding import condition_notices
from conversations.standing import StandingAction
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Step, Tell


def _set(here: Here) -> ForStaff | None:
    return here.facts.conditions.for_staff(int(here["listing"]))


def same(here: Here) -> dict[str, object]:
    """The listing, for another conversation about it."""
    return {"listing": here["listing"]}


BACK = Open("conditions", same, instead=True)


def _shown(here: Here) -> Text:
    found = _set(here)
    if found is None:
        return usual.NOT_YOURS
    needed = n_("👥 {least} needed, {n} enrolled", "👥 {least} needed, {n} enrolled")
    none = Words()
    told = (
        _("🔓 Bookings open: {when}").of(when=found.opens) if found.opens else None,
        _("🔒 Bookings end: {when}").of(when=found.closes) if found.closes else None,
        needed.of(least=found.least, n=found.enrolled) if found.least else None,
        _("It takes place, however many come.") if found.least and found.least_state == "anyway" else None,
        _("🔎 You check who can take part.") if found.checked else None,
        _("🏛 For professionals") if found.professionals else None,
        _("➡️ Comes first: {title}").of(title=found.after) if found.after != none else None,
        _("🚪 Drop-in: nothing is booked.") if found.drop_in else None,
        *(quota_line(here, one.id) for one in found.quotas),
    )
    if not any(told):
        return _("There are no conditions: everybody can book at once. What should be set?")
    return lines(_("These conditions are set:"), *told)


def quota_line(here: Here, quota_id: int) -> Text | None:
    """A quota in a line: for whom, how many places, how many are taken, until when."""
    found = _set(here)
    one = next((row for row in found.quotas if row.id == quota_id), None) if found else None
    if one is None:
        return None
    if one.release is not None:
        return _("📍 {name}: {taken} of {places}, kept until {when}").of(
            name=one.name, taken=one.taken, places=one.places, when=one.release
        )
    return _("📍 {name}: {taken} of {places}").of(name=one.name, taken=one.taken, places=one.places)


def _ways(here: Here) -> Mapping[str, Text]:
    found = _set(here)
    if found is None:
        return {"done": _("All right")}
    ways: dict[str, Text] = {}
    if found.asked:
        ways["who_may"] = n_("🔎 {n} person waits for a decision", "🔎 {n} people wait for a decision").of(
            n=found.asked
        )
    if found.least_state == "asked":
        ways |= {"anyway": condition_notices.ANYWAY, "cancel": condition_notices.CANCEL_GROUP}
    ways |= {
        "quotas": _("📍 Places by town or institution"),
        "window": _("🔓 From when, until when"),
        "least": _("👥 How many are needed"),
        "checked": _("🔎 Check who can take part"),
        "audience": _("🏛 Whom it is for"),
        "after": _("➡️ What comes first"),
        "drop_in": _("🚪 Drop-in"),
    }
    if found.professionals:
        ways["list"] = _("📋 List by institution")
    return {**ways, "done": _("All right")}


def _is(here: Here, what: str) -> bool:
    found = _set(here)
    return found is not None and bool(getattr(found, what))


def _before(here: Here) -> Mapping[str, Text]:
    known = {str(number): said(title) for number, title in here.facts.conditions.listings_before(int(here["listing"]))}
    return {**known, "none": _("Nothing")}


def _by_institution(here: Here) -> Text:
    people = here.facts.conditions.participants(int(here["listing"]))
    if not people:
        return _("Nobody has a place yet.")
    shown: list[Text] = []
    last: Words | None = None
    for one in people:
        if one.institution != last:
            shown.append(_("🏛 {name}").of(name=one.institution) if one.institution else _("🏛 Not known"))
            last = one.institution
        named = _("• {name} ({number})").of(name=one.called, number=str(one.number))
        shown.append(named if one.called else _("• Number {number}").of(number=str(one.number)))
    return lines(*shown)


_SAVED = Tell(name="saved", text=_("✅ It is changed."), otherwise=BACK)

_WINDOW: tuple[Step, ...] = (
    usual.moment(
        "opens",
        _("From when can people book? For example: 26.11. 17:00"),
        town=fields.town_of_listing,
        skip=_("At once"),
    ),
    usual.moment(
        "closes",
        _("Until when can people book? A day is enough, for example: 26.11."),
        deadline=True,
        town=fields.town_of_listing,
        skip=_("Until it begins"),
    ),
    Do(
        name="set_window",
        does=SetWindow,
        deed=lambda here: SetWindow(int(here["listing"]), here.get("opens") or "", here.get("closes") or ""),
        goto={"saved": "saved", "order": "order", "refused": "refused"},
    ),
    Tell(name="order", text=_("It would end before it begins. Please write it again."), otherwise="opens"),
)

_NUMBERS: tuple[Step, ...] = (
    usual.count(
        "least",
        _("How many people are needed so that it takes place?"),
        between=(1, 1000),
        likely=(5, 8, 10, 12),
        skip=_("It always takes place"),
    ),
    Do(
        name="set_least",
        does=SetLeast,
        deed=lambda here: SetLeast(int(here["listing"]), int(here.get("least") or 0)),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Do(
        name="anyway",
        does=GroupAnyway,
        deed=lambda here: GroupAnyway(int(here["listing"])),
        goto={"noted": "saved", "gone": "is_decided", "refused": "refused"},
    ),
    Confirm(
        name="cancel",
        question=_("All of its meetings are cancelled, and everybody is told at once. Cancel it?"),
        goto={"no": "kept"},
    ),
    Do(
        name="cancel_group",
        does=CancelGroup,
        deed=lambda here: CancelGroup(int(here["listing"])),
        goto={"cancelled": "is_cancelled", "gone": "is_decided", "refused": "refused"},
    ),
    End(
        name="is_cancelled",
        text=lambda here: n_("✅ It is cancelled. {n} person is told.", "✅ It is cancelled. {n} people are told.").of(
            n=here["cancel_group"]["told"]
        ),
    ),
    Tell(name="is_decided", text=_("That is decided already."), otherwise=BACK),
    Tell(name="kept", text=_("All right, it stays as it is."), otherwise=BACK),
)

_FOR_WHOM: tuple[Step, ...] = (
    Choose(
        name="checked",
        question=_("Do you check who can take part, before a place is booked? Only yes or no is kept, never why."),
        choices={"yes": _("Yes, we check"), "no": _("No, everybody can book")},
    ),
    Do(
        name="set_checked",
        does=SetChecked,
        deed=lambda here: SetChecked(int(here["listing"]), here["checked"] == "yes"),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Choose(
        name="audience",
        question=_("Whom is it for?"),
        choices={"all": _("Everybody"), "professionals": _("Professionals, who say where they work")},
    ),
    Do(
        name="set_audience",
        does=SetAudience,
        deed=lambda here: SetAudience(int(here["listing"]), here["audience"]),
        goto={"saved": "saved", "refused": "refused"},
    ),
    Choose(name="after", question=_("What has to be completed first?"), choices=_before, page=6),
    Do(
        name="set_after",
        does=SetAfter,
        deed=lambda here: SetAfter(int(here["listing"]), 0 if here["after"] == "none" else int(here["after"])),
        goto={"saved": "saved", "circle": "circle", "refused": "refused"},
    ),
    Tell(name="circle", text=_("That comes after this one already. Please choose another."), otherwise="after"),
    Choose(
        name="drop_in",
        question=_("Do people just come, without booking? You count heads afterwards."),
        choices={"yes": _("Yes, drop-in"), "no": _("No, places are booked")},
    ),
    Do(
        name="set_drop_in",
        does=SetDropIn,
        deed=lambda here: SetDropIn(int(here["listing"]), here["drop_in"] == "yes"),
        goto={"saved": "saved", "booked": "is_booked", "refused": "refused"},
    ),
    Tell(name="is_booked", text=_("Somebody has a place already, so it stays as it is."), otherwise=BACK),
)

conditions = Conversation(
    name="conditions",
    title=_("Conditions of a listing"),
    role="staff",
    steps=(
        Choose(
            name="what",
            question=_shown,
            choices=_ways,
            page=12,
            goto={
                "who_may": Open("who_may", same),
                "quotas": Open("quotas", same),
                "window": "opens",
                "least": "least",
                "anyway": "anyway",
                "cancel": "cancel",
                "checked": "checked",
                "audience": "audience",
                "after": "after",
                "drop_in": "drop_in",
                "list": "list",
            },
            otherwise="end",
        ),
        *_WINDOW,
        *_NUMBERS,
        *_FOR_WHOM,
        Tell(name="list", text=_by_institution, otherwise=BACK),
        _SAVED,
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)

STANDING: tuple[StandingAction, ...] = (
    StandingAction(name="who_may", opens="who_may"),
    StandingAction(
        name="group_anyway",
        does=GroupAnyway,
        deed=lambda about: GroupAnyway(int(about["listing"])),
        says={
            "noted": _("All right, it takes place."),
            "gone": _("That is decided already."),
            "refused": usual.REFUSED,
        },
    ),
    StandingAction(
        name="group_cancel",
        does=CancelGroup,
        deed=lambda about: CancelGroup(int(about["listing"])),
        says={
            "cancelled": lambda about: n_(
                "✅ It is cancelled. {n} person is told.", "✅ It is cancelled. {n} people are told."
            ).of(n=about["told"]),
            "gone": _("That is decided already."),
            "refused": usual.REFUSED,
        },
    ),
)
