"""Performing the deeds of staff about the answer book: everything is audited, by numbers alone."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from bot.arriving.sent import voice_of
from bot.deeds.people.staff_rights import organisation_for
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.languages import BASES
from conversations.deeds.campaigns import (
    AddAnswer,
    ConfirmAnswer,
    CorrectAnswer,
    RetireAnswer,
    SetVoice,
)
from conversations.help.answers import TOPICS
from conversations.speech import Done
from models.caring import answer_keeping
from models.caring.answer import AnswerCard
from models.offers.programme import Town
from models.who.staff import organisations_of

REFUSED = Done("refused")
LONGEST_REVIEW = 366


def _today(doing: Doing) -> date:
    return doing.now.astimezone(ZoneInfo(doing.rules.zone)).date()


def _card(doing: Doing, card_id: int) -> AnswerCard | None:
    """The card, locked, if who acts is staff of its organisation; the house's own are every staff's."""
    mine = organisations_of(doing.session, doing.person_id)
    card = answer_keeping.locked(doing.session, card_id) if mine else None
    return card if card is not None and (card.organisation_id is None or card.organisation_id in mine) else None


def add(doing: Doing, deed: AddAnswer) -> Done:
    """Add an answer to the book."""
    draft = deed.draft
    organisation = organisation_for(doing, draft.get("organisation"))
    if organisation is None or draft.get("topic") not in TOPICS:
        return REFUSED
    if not draft.get("question") or not draft.get("answer") or not draft.get("source"):
        return Done("incomplete")
    town = doing.session.get(Town, int(draft["town"])) if draft.get("town") else None
    country = town.country if town else str(draft.get("country") or "")
    days = min(max(int(draft.get("days") or answer_keeping.REVIEW.days), 1), LONGEST_REVIEW)
    card = answer_keeping.add(
        doing.session,
        organisation_id=organisation,
        owner_id=doing.person_id,
        topic=str(draft["topic"]),
        country=country,
        town_id=town.id if town else None,
        question=draft["question"],
        answer=draft["answer"],
        source=str(draft["source"])[:200],
        source_date=date.fromisoformat(draft["dated"]) if draft.get("dated") else _today(doing),
        review_on=date.fromordinal(_today(doing).toordinal() + days),
    )
    doing.audit("answer.added", f"answer:{card.id}")
    return Done("added", {"card": card.id, "code": card.code})


def confirm(doing: Doing, deed: ConfirmAnswer) -> Done:
    """Still true: the review date moves, and whoever says so looks after it."""
    card = _card(doing, deed.card_id)
    if card is None:
        return REFUSED
    answer_keeping.confirm(doing.session, card, _today(doing), doing.person_id)
    doing.audit("answer.confirmed", f"answer:{card.id}", until=card.review_on.isoformat())
    return Done("confirmed")


def correct(doing: Doing, deed: CorrectAnswer) -> Done:
    """Change words in one language."""
    card = _card(doing, deed.card_id)
    if card is None or deed.language not in BASES or not deed.words.strip():
        return REFUSED
    answer_keeping.correct(doing.session, card, deed.field, deed.language, deed.words.strip())
    doing.audit("answer.corrected", f"answer:{card.id}", field=deed.field, language=deed.language)
    return Done("saved")


def retire(doing: Doing, deed: RetireAnswer) -> Done:
    """Take it out of the book."""
    card = _card(doing, deed.card_id)
    if card is None:
        return REFUSED
    answer_keeping.retire(doing.session, doing.now, card)
    doing.audit("answer.retired", f"answer:{card.id}")
    return Done("retired")


def set_voice(doing: Doing, deed: SetVoice) -> Done:
    """Attach a voice note that who acts has just sent."""
    card = _card(doing, deed.card_id)
    if card is None or deed.language not in BASES:
        return REFUSED
    note = voice_of(doing, deed.attachment)
    if note is None:
        return Done("lost")
    answer_keeping.set_voice(doing.session, doing.now, card.id, deed.language, note.id)
    doing.audit("answer.voiced", f"answer:{card.id}", language=deed.language)
    return Done("saved")


PERFORM: Performers = {
    AddAnswer: add,
    ConfirmAnswer: confirm,
    CorrectAnswer: correct,
    RetireAnswer: retire,
    SetVoice: set_voice,
}
