"""School breaks: what the house knows, and days that staff enter. A series leaves them out, if it should. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import AddBreak, RemoveBreak
from conversations.facts.conditions import BreakRow
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _, lines
from conversations.staff import usual
from conversations.steps import Choose, Do, End, Here, Json, Open, Tell, Write

_COUNTRIES: Mapping[str, Text] = {"RS": _("Serbia"), "BG": _("Bulgaria")}


def _row(one: BreakRow) -> Text:
    sign = _("✏️ {country}: {first} – {last}") if one.own else _("{country}: {first} – {last}")
    return sign.of(country=_COUNTRIES[one.country], first=one.first, last=one.last)


def _shown(here: Here) -> Text:
    rows = here.facts.conditions.breaks()
    if not rows:
        return _("No coming school breaks are known. Enter them here: a series can then leave them out.")
    return lines(_("School breaks to come. A series can leave them out:"), *(_row(one) for one in rows))


def _ways(here: Here) -> Mapping[str, Text]:
    own = {f"b{one.id}": _("🗑 {row}").of(row=_row(one)) for one in here.facts.conditions.breaks() if one.own}
    return {"add": _("➕ Enter a break"), **own, "done": _("All right")}


def _day(typed: str, here: Here) -> Json:
    day = here.facts.conditions.day_typed(typed)
    if day is None:
        raise NotUnderstood(_("Please write a day to come, for example: 24.12."))
    return day


_AGAIN = Open("breaks", instead=True)

breaks = Conversation(
    name="breaks",
    title=_("School breaks"),
    command="breaks",
    about=_("school breaks that series leave out"),
    role="staff",
    steps=(
        Choose(
            name="act",
            question=_shown,
            choices=_ways,
            page=8,
            goto={"add": "country", "done": "end"},
            otherwise="remove",
        ),
        Choose(name="country", question=_("In which country?"), choices=_COUNTRIES),
        Write(name="first", question=_("The first day without school? For example: 24.12."), check=_day),
        Write(name="last", question=_("And the last one? For example: 8.1."), check=_day),
        Do(
            name="save",
            does=AddBreak,
            deed=lambda here: AddBreak(here["country"], here["first"], here["last"]),
            goto={"added": "added", "order": "order", "refused": "refused"},
        ),
        Tell(name="added", text=_("✅ It is entered."), otherwise=_AGAIN),
        Tell(
            name="order",
            text=_("The last day is before the first, or it is too long. Please again."),
            otherwise="first",
        ),
        Do(
            name="remove",
            does=RemoveBreak,
            deed=lambda here: RemoveBreak(int(str(here["act"])[1:] or 0)),
            goto={"removed": "removed", "refused": "refused"},
        ),
        Tell(name="removed", text=_("✅ It is taken away."), otherwise=_AGAIN),
        End(name="refused", text=usual.REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
