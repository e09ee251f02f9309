"""Staff and leaders: what people get to read before and after, sent here as a file, a link or a text."""

from __future__ import annotations

from conversations.around.lesson import about_material
from conversations.around.words import PARTS
from conversations.deeds.staff_around import AddMaterial, RemoveMaterial
from conversations.facts.around import MaterialRow
from conversations.script import Conversation
from conversations.speech import NotUnderstood, Text, _
from conversations.staff import fields, usual
from conversations.steps import Attach, Browse, Choose, Do, End, Here, Item, Json, Open, Page, Tell, Write

TEXT_MOST = 1000
_REFUSED = _("Only staff of the organisation, or who leads the meeting, can do this.")


def _number(here: Here, step: str) -> int:
    return int(here.get(step) or 0)


def _rows(here: Here) -> tuple[MaterialRow, ...]:
    return here.facts.around.material_list(_number(here, "listing"), _number(here, "session"))


def _items(here: Here, offset: int, size: int) -> Page:
    rows = _rows(here)
    items = (Item(str(row.id), about_material(row), _("Open")) for row in rows[offset : offset + size])
    return Page(tuple(items), len(rows))


def _same(here: Here) -> dict[str, object]:
    return {"listing": _number(here, "listing"), "session": _number(here, "session")}


def _card(here: Here) -> Text:
    row = next((one for one in _rows(here) if str(one.id) == str(here["which"])), None)
    return about_material(row) if row is not None else usual.NOT_YOURS


def _words(typed: str, _here: Here) -> Json:
    kept = typed.strip()
    if not kept or len(kept) > TEXT_MOST:
        raise NotUnderstood(_("Please send a file or a link, or write up to 1,000 letters."))
    return kept


def _new(here: Here) -> AddMaterial:
    sent = here["what"] or {}
    return AddMaterial(
        _number(here, "listing"),
        _number(here, "session"),
        str(here["part"]),
        str(here["name"]),
        str(sent.get("text") or "") if not sent.get("attachment") else "",
        str(sent.get("attachment") or ""),
    )


materials = Conversation(
    name="materials",
    title=_("Materials"),
    steps=(
        Browse(
            name="which",
            question=_("What people can read:"),
            items=_items,
            choices={"new": _("➕ Something new")},
            goto={"new": "part"},
            empty="part",
            otherwise="act",
        ),
        Choose(name="part", question=_("When should people get it?"), choices=PARTS),
        Attach(
            name="what",
            question=_("Send it here: a file, a photo, a link, or a text."),
            kinds=("file", "photo"),
            check=_words,
        ),
        Write(name="name", question=_("What is it called? People see this name."), check=fields.words(2, 80)),
        Do(
            name="add",
            does=AddMaterial,
            deed=_new,
            goto={"added": "added", "many": "many", "lost": "lost", "refused": "refused"},
        ),
        Tell(
            name="added",
            text=_("✅ It is there. People find it in “my bookings”, and with the reminder or after."),
            otherwise=Open("materials", _same, instead=True),
        ),
        Tell(name="lost", text=_("That did not arrive in one piece. Please send it once more."), otherwise="what"),
        End(name="many", text=_("There are twelve things already. Take one away first: nobody reads more.")),
        Choose(
            name="act",
            question=_card,
            choices={"remove": _("🗑 Take it away"), "keep": _("All right")},
            goto={"keep": "end"},
        ),
        Do(
            name="remove",
            does=RemoveMaterial,
            deed=lambda here: RemoveMaterial(_number(here, "which")),
            goto={"removed": "removed", "refused": "refused"},
        ),
        End(name="removed", text=_("✅ Done.")),
        End(name="refused", text=_REFUSED),
        End(name="end", text=_("All right.")),
    ),
)
