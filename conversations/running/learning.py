"""How the learning goes: who led a lesson, or staff, write a few lines on each pupil, and read what was written."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.deeds.lessons import ReadLearning, WriteLearning
from conversations.facts.lessons import PupilRow
from conversations.script import Conversation
from conversations.speech import Text, _, lines, verbatim
from conversations.staff import fields
from conversations.steps import Browse, Choose, Do, End, Here, Item, Open, Page, Tell, Write

LABEL = _("🌱 How the learning goes")
_MOST = 500


def _session(here: Here) -> int:
    return int(here["session"])


def _booking(here: Here) -> int:
    return int(here["who"])


def _called(row: PupilRow) -> Text:
    if row.called:
        return _("{name} ({number})").of(name=row.called, number=str(row.number))
    return _("Number {number}").of(number=str(row.number))


def _items(here: Here, offset: int, size: int) -> Page:
    rows = here.facts.lessons.pupils(_session(here))
    items = (Item(str(row.booking_id), _item(row), _called(row)) for row in rows[offset : offset + size])
    return Page(tuple(items), len(rows))


def _item(row: PupilRow) -> Text:
    return (_("✅ {who}: written") if row.written else _("⬜ {who}")).of(who=_called(row))


def _known(here: Here) -> Text:
    rows = here.facts.lessons.learning_of(_session(here), _booking(here))
    if not rows:
        return _("Nothing is written yet.")
    return lines(*(_("🗓 {when}: {words}").of(when=row.when, words=verbatim(row.text)) for row in rows[:6]))


def _here(here: Here) -> bool:
    """True where there are lines on this lesson."""
    return any(
        row.session_id == _session(here) for row in here.facts.lessons.learning_of(_session(here), _booking(here))
    )


def _ways(here: Here) -> Mapping[str, Text]:
    if not _here(here):
        return {"write": _("✏️ Write about this lesson"), "others": _("Everybody")}
    return {
        "write": _("✏️ Write it anew"),
        "remove": _("🗑 Take it away"),
        "others": _("Everybody"),
    }


_AGAIN = Open("learning", lambda here: {"session": here["session"]}, instead=True)

learning = Conversation(
    name="learning",
    title=_("How the learning goes"),
    steps=(
        Browse(
            name="who",
            question=_("About whom? Opening it is put on record."),
            items=_items,
            empty="nobody",
            otherwise="read",
        ),
        Do(
            name="read",
            does=ReadLearning,
            deed=lambda here: ReadLearning(_session(here), _booking(here)),
            goto={"read": "act", "refused": "refused"},
        ),
        Choose(
            name="act",
            question=_known,
            choices=_ways,
            goto={"write": "words", "remove": "remove", "others": _AGAIN},
            otherwise=_AGAIN,
        ),
        Write(
            name="words",
            question=_("What goes well, what comes next? Learning only: no health, no family."),
            check=fields.words(3, _MOST),
        ),
        Do(
            name="write",
            does=WriteLearning,
            deed=lambda here: WriteLearning(_session(here), _booking(here), str(here["words"])),
            goto={"saved": "saved", "removed": "gone", "early": "early", "gone": "gone", "refused": "refused"},
        ),
        Tell(
            name="saved",
            text=_("✅ Kept for half a year. The pupil reads it, parents of a young child, and the team. Nobody else."),
            otherwise=_AGAIN,
        ),
        Do(
            name="remove",
            does=WriteLearning,
            deed=lambda here: WriteLearning(_session(here), _booking(here), ""),
            goto={"removed": "removed", "saved": "gone", "early": "early", "gone": "gone", "refused": "refused"},
        ),
        Tell(name="removed", text=_("✅ It is taken away."), otherwise=_AGAIN),
        Tell(name="early", text=_("The lesson has not begun yet."), otherwise=_AGAIN),
        Tell(name="gone", text=_("That is not possible any more."), otherwise=_AGAIN),
        End(name="refused", text=_("Only staff of the organisation, or who leads the meeting, can do this.")),
        End(name="nobody", text=_("Nobody has a place here.")),
    ),
)
