"""One more meeting of a listing, at the same site or at another one, in another town. For staff."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.conditions import AddSession
from conversations.script import Choose, Conversation, Do, End, Here, Tell, Write
from conversations.speech import Text, _, said
from conversations.staff import fields
from conversations.staff.conditions import REFUSED


def _sites(here: Here) -> Mapping[str, Text]:
    town = fields.town_of(here)
    known = here.facts.staff.sites(town) if town is not None else ()
    return {**{str(site.id): said(site.name) for site in known}, "other": _("Another place")}


def _deed(here: Here) -> AddSession:
    site = here.get("site")
    return AddSession(
        int(here["listing"]),
        here["at"],
        int(here["minutes"]),
        int(here["town"]),
        site=int(site) if site and site != "other" else 0,
        site_name=here.get("site_name") or "" if site == "other" else "",
    )


add_session = Conversation(
    name="add_session",
    title=_("One more meeting"),
    role="staff",
    steps=(
        Choose(name="town", question=_("In which town is it?"), choices=fields.towns, typed=fields.typed_town),
        Choose(name="site", question=_("Where exactly?"), choices=_sites, skip=_("Not known yet")),
        Write(
            name="site_name",
            question=_("What is the place called? People will see this name."),
            check=fields.words(2, 80),
            when=lambda here: here.get("site") == "other",
        ),
        Write(
            name="at",
            question=_("When is it? Write day and time, for example: 26.11. 17:00"),
            check=fields.when(),
            suggestions=fields.likely(),
        ),
        Write(
            name="minutes",
            question=_("How long does it last, in minutes?"),
            check=fields.number(5, 720),
            suggestions=fields.numbers(45, 60, 90, 120),
        ),
        Do(
            name="add",
            does=AddSession,
            deed=_deed,
            goto={"added": "added", "past": "past", "gone": "gone", "refused": "refused"},
        ),
        End(name="added", text=_("✅ The meeting is added. People can find it in its town.")),
        Tell(name="past", text=_("The date is over by now. Please change it."), otherwise="at"),
        End(name="gone", text=_("This is not on offer any more.")),
        End(name="refused", text=REFUSED),
    ),
)
