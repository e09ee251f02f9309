"""Places of a listing that are kept for towns or for institutions: set, change, open to everybody. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import AddInstitution, ReleaseQuotas, SetQuota
from conversations.facts.conditions import QuotaRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, n_, said
from conversations.staff import fields, usual
from conversations.staff.deciding.conditions import quota_line, same
from conversations.steps import Choose, Confirm, Do, End, Here, Open, Tell, Write

_BACK = Open("quotas", same, instead=True)


def _quotas(here: Here) -> tuple[QuotaRow, ...]:
    found = here.facts.conditions.for_staff(int(here["listing"]))
    return found.quotas if found else ()


def _shown(here: Here) -> Text:
    if here.facts.conditions.for_staff(int(here["listing"])) is None:
        return usual.NOT_YOURS
    quotas = _quotas(here)
    if not quotas:
        return _("All places are for everybody. Shall we keep some for a town, or for an institution?")
    return lines(_("Places are kept for:"), *(quota_line(here, one.id) for one in quotas))


def _ways(here: Here) -> Mapping[str, Text]:
    found = here.facts.conditions.for_staff(int(here["listing"]))
    if found is None:
        return {"done": _("All right")}
    ways: dict[str, Text] = {f"q{one.id}": _("✏️ {name}").of(name=one.name) for one in found.quotas}
    if not found.quotas or not found.by_institution:
        ways["town"] = _("➕ For a town")
    if not found.quotas or found.by_institution:
        ways["institution"] = _("➕ For an institution")
    if found.quotas:
        ways["release"] = _("🔓 Open all of them to everybody")
    return {**ways, "done": _("All right")}


def _chosen(here: Here) -> QuotaRow | None:
    act = str(here.get("act") or "")
    return next((one for one in _quotas(here) if act == f"q{one.id}"), None)


def _about_one(here: Here) -> Text:
    one = _chosen(here)
    return (quota_line(here, one.id) if one else None) or usual.NOT_YOURS


def _institutions(here: Here) -> Mapping[str, Text]:
    known = {str(one.id): said(one.name) for one in here.facts.conditions.institutions()}
    return {"new": _("➕ Another institution"), **known}


def _deed(here: Here) -> SetQuota:
    one = _chosen(here)
    made = here.get("made") or {}
    by_institution = here.get("act") == "institution"
    chosen = here.get("institution") if by_institution else None
    institution = int(made["institution"]) if chosen == "new" else int(chosen or 0)
    return SetQuota(
        int(here["listing"]),
        int(here["places"]),
        town=0 if one or by_institution else int(here.get("town") or 0),
        institution=0 if one else institution,
        release_at=here.get("until") or "",
        quota=one.id if one else 0,
    )


def _offered(here: Here, step: str) -> Text | None:
    n = int(here[step].get("offered") or 0)
    if not n:
        return None
    return n_(
        "{n} person from the waiting list was offered a place.",
        "{n} people from the waiting list were offered a place.",
    ).of(n=n)


quotas = Conversation(
    name="quotas",
    title=_("Places by town or institution"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=10,
            goto={"town": "town", "institution": "institution", "release": "sure", "done": "end"},
            otherwise="one",
        ),
        Choose(
            name="one",
            question=_about_one,
            choices={"change": _("✏️ Change the number"), "open": _("🔓 Open it to everybody"), "no": _("Leave it")},
            goto={"change": "places", "open": "release_one", "no": _BACK},
        ),
        Do(
            name="release_one",
            does=ReleaseQuotas,
            deed=lambda here: ReleaseQuotas(int(here["listing"]), (one.id if (one := _chosen(here)) else -1)),
            goto={"released": "opened_one", "gone": _BACK, "refused": "refused"},
        ),
        Tell(
            name="opened_one",
            text=lambda here: lines(_("✅ It is open to everybody."), _offered(here, "release_one")),
            otherwise=_BACK,
        ),
        Choose(
            name="town",
            question=_("For which town?"),
            choices=fields.towns,
            typed=fields.typed_town,
            otherwise="places",
        ),
        Choose(
            name="institution",
            question=_("For which institution?"),
            choices=_institutions,
            goto={"new": "new_town"},
            otherwise="places",
        ),
        Choose(name="new_town", question=_("In which town is it?"), choices=fields.towns, typed=fields.typed_town),
        Write(
            name="new_name",
            question=_("What is the institution called? People will see this name."),
            check=fields.words(2, 80),
        ),
        Do(
            name="made",
            does=AddInstitution,
            deed=lambda here: AddInstitution(int(here["new_town"]), here["new_name"]),
            goto={"added": "places", "refused": "refused"},
        ),
        usual.count("places", _("How many places, at each meeting?"), between=(1, 1000), likely=(2, 5, 10, 15)),
        usual.moment(
            "until",
            _("Until when are they kept? After that, what is free is for everybody. For example: 26.11."),
            deadline=True,
            town=fields.town_of_listing,
            skip=_("Until the end"),
        ),
        Do(
            name="set",
            does=SetQuota,
            deed=_deed,
            goto={
                "saved": "saved",
                "too_few": "too_few",
                "too_many": "too_many",
                "other_kind": "other_kind",
                "gone": "refused",
                "refused": "refused",
            },
        ),
        Tell(
            name="saved",
            text=lambda here: lines(_("✅ It is changed."), _offered(here, "set")),
            otherwise=_BACK,
        ),
        Tell(
            name="too_few",
            text=lambda here: n_(
                "{n} place is taken already. It cannot be less.", "{n} places are taken already. It cannot be less."
            ).of(n=here["set"]["taken"]),
            otherwise="places",
        ),
        Tell(
            name="too_many",
            text=lambda here: n_(
                "There is only {n} place left beside the others.", "There are only {n} places left beside the others."
            ).of(n=here["set"]["left"]),
            otherwise="places",
        ),
        Tell(
            name="other_kind",
            text=_("Places are kept by town, or by institution, not by both. Open the others first."),
            otherwise=_BACK,
        ),
        Confirm(
            name="sure",
            question=_("From now on all free places are for everybody, in turn. Open them?"),
            goto={"no": _BACK},
        ),
        Do(
            name="release_all",
            does=ReleaseQuotas,
            deed=lambda here: ReleaseQuotas(int(here["listing"])),
            goto={"released": "opened", "gone": _BACK, "refused": "refused"},
        ),
        Tell(
            name="opened",
            text=lambda here: lines(_("✅ All places are open to everybody."), _offered(here, "release_all")),
            otherwise=_BACK,
        ),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
