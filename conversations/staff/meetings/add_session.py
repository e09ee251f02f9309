"""One more meeting of a listing, at the same site or at another one, in another town. For staff."""

from __future__ import annotations

from conversations.deeds.conditions import AddSession
from conversations.script import Conversation
from conversations.speech import _
from conversations.staff import usual
from conversations.steps import Do, End, Here, Tell


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
        *usual.WHERE,
        usual.moment("at", _("When is it? Write day and time, for example: 26.11. 17:00")),
        usual.count("minutes", _("How long does it last, in minutes?"), between=(5, 720), likely=(45, 60, 90, 120)),
        Do(
            name="add",
            does=AddSession,
            deed=_deed,
            goto={"added": "added", "past": "past", "gone": "gone", "refused": "refused"},
        ),
        End(name="added", text=_("✅ The meeting is added. People can find it in its town.")),
        Tell(name="past", text=_("The date is over by now. Please change it."), otherwise="at"),
        End(name="gone", text=_("This is not on offer any more.")),
        End(name="refused", text=usual.REFUSED),
    ),
)
