"""Performing what is done with boxes: people put in and take back, staff look, answer and put away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.arriving.sent import voice_of
from bot.arriving.unlinking import forget_files, unlink
from bot.deeds.asking.asking_staff import lend_voice
from bot.deeds.people.staff_rights import listing_for, organisation_for, own
from bot.deeds.performing import Performers
from bot.doing import Doing
from conversations.asking import results
from conversations.deeds.asking import HearEntry, MakeBox, Moderate, PutIntoBox, SwitchBox, TakeBack
from conversations.speech import Done
from models import code
from models.asking import box as boxes
from models.asking.box import KINDS, Box, BoxEntry
from models.who.people import Person

REFUSED = Done("refused")
ANSWER_MOST = 600


def put(doing: Doing, deed: PutIntoBox) -> Done:
    """Put it in: with the name only if that was wanted, else so that nothing leads back. Nothing is audited of it."""
    note = voice_of(doing, deed.attachment) if deed.attachment else None
    if deed.attachment and note is None:
        return Done("lost")
    today = doing.now.astimezone(ZoneInfo(doing.rules.zone)).date()
    entry = boxes.put(
        doing.session,
        today,
        deed.box_id,
        words=deed.words,
        content=note.content if note else None,
        media_type=(note.media_type or "audio") if note else "",
        person_id=doing.person_id if deed.named else None,
        publish=deed.publish and not note,
        word=deed.word,
    )
    if entry is None:
        return Done("closed")
    if note is not None:
        forget_files(doing, [note])
    if not deed.named:
        unlink(doing, "box", {"box": str(deed.box_id)}, datetime.fromisoformat(deed.since))
    return Done("kept")


def take_back(doing: Doing, deed: TakeBack) -> Done:
    """Whoever put it in takes it back: it is deleted, and not shown any more from this moment on."""
    if deed.key:
        mine = [one for one in boxes.by_name(doing.session, deed.box_id, doing.person_id) if one.key == deed.key]
    elif code.blocked(doing.session, doing.now, doing.person_id):
        return Done("blocked")
    else:
        mine = boxes.by_word(doing.session, deed.box_id, deed.word)
        unlink(doing, "box", {"box": str(deed.box_id)}, datetime.fromisoformat(deed.since))
        if not mine:
            code.wrong(doing.session, doing.now, doing.person_id)
    return Done("gone" if boxes.take_back(doing.session, mine) else "unknown")


# ---------------------------------------------------------------- of staff


def make(doing: Doing, deed: MakeBox) -> Done:
    """Open a box, perhaps beside a listing."""
    draft = deed.draft
    listing = listing_for(doing, int(draft["listing"])) if draft.get("listing") else None
    organisation = listing.organisation_id if listing else organisation_for(doing, draft.get("organisation"))
    if organisation is None or (draft.get("listing") and listing is None):
        return REFUSED
    if draft.get("kind") not in KINDS or not draft.get("title"):
        return Done("incomplete")
    row = Box(
        code=code.written(code.fresh_typed()),
        organisation_id=organisation,
        listing_id=listing.id if listing else None,
        author_id=doing.person_id,
        town_id=listing.town_id if listing else doing.session.get_one(Person, doing.person_id).town_id,
        kind=draft["kind"],
        title=draft["title"],
        intro=draft.get("intro") or {},
        created_at=doing.now,
    )
    doing.session.add(row)
    doing.session.flush()
    doing.audit("box.opened", f"box:{row.id}")
    return Done("opened", {"box": row.id, "code": row.code})


def moderate(doing: Doing, deed: Moderate) -> Done:
    """Accept, put away or answer. What is recorded is that it was done, not to which entry."""
    box, entry = own(doing, Box, deed.box_id), doing.session.get(BoxEntry, deed.key)
    if box is None or (entry is not None and entry.box_id != box.id):
        return REFUSED
    answer: Mapping[str, str] | None = None
    if deed.act == "answer":
        answer = {language: words[:ANSWER_MOST] for language, words in deed.answer.items() if words}
    state = "hidden" if deed.act == "hide" else "accepted"
    if boxes.moderate(doing.session, deed.key, state, answer) is None:
        return Done("gone")
    doing.audit(f"box.{deed.act}", f"box:{box.id}")
    return Done("done")


def hear(doing: Doing, deed: HearEntry) -> Done:
    """Lend the voice note to whoever listens."""
    box, entry = own(doing, Box, deed.box_id), doing.session.get(BoxEntry, deed.key)
    if box is None or (entry is not None and entry.box_id != box.id):
        return REFUSED
    if entry is None or entry.content is None:
        return Done("gone")
    lend_voice(doing, entry.content, entry.media_type, results.A_VOICE)
    doing.audit("box.heard", f"box:{box.id}")
    return Done("coming")


def switch(doing: Doing, deed: SwitchBox) -> Done:
    """Close a box, or open it again; what is in it stays."""
    box = own(doing, Box, deed.box_id)
    if box is None:
        return REFUSED
    box.state = "open" if deed.open else "closed"
    doing.session.flush()
    doing.audit("box.switched", f"box:{box.id}", open=deed.open)
    return Done("done")


PERFORM: Performers = {
    PutIntoBox: put,
    TakeBack: take_back,
    MakeBox: make,
    Moderate: moderate,
    HearEntry: hear,
    SwitchBox: switch,
}
