"""Performing what staff do with surveys: send, close, tell the results to those who were asked, hand over files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.campaigns import survey_files
from bot.campaigns.broadcasting import step
from bot.campaigns.judging import count
from bot.deeds.people.staff_rights import audience_for, organisation_for, own
from bot.deeds.performing import Performers
from bot.doing import Doing
from bot.language.tongue import tongue
from conversations.asking import notices, results
from conversations.deeds.asking import CloseSurvey, SendSurvey, ShowResults, TellResults
from conversations.facts.asking import Asked
from conversations.speech import Document, Done, Say, Spoken, Text, Words
from models.asking import survey as surveys
from models.asking import survey_results
from models.asking.survey import KINDS, QUESTIONS_MOST, Survey
from models.asking.survey_turn import give_back_turns
from models.base import fresh_token
from models.campaigns import broadcast as broadcasts
from models.campaigns.audience import Audience
from models.messages.message import StoredAttachment

REFUSED = Done("refused")
SPEAKS = {"sr": "sr-Cyrl", "bg": "bg", "en": "en"}
"""The languages that results are written in for everybody, and in which form."""
KEPT = timedelta(hours=48)
VOICES_MOST = 20


def send(doing: Doing, deed: SendSurvey) -> Done:
    """Plan the survey and the broadcast that carries it; one that is due now begins in this transaction."""
    draft = deed.draft
    organisation = organisation_for(doing, draft.get("organisation"))
    earlier = own(doing, Survey, int(draft["again"])) if draft.get("again") else None
    audience = audience_for(doing, draft)
    if organisation is None or audience is None or (draft.get("again") and earlier is None):
        return REFUSED
    questions = list(earlier.questions) if earlier is not None else _questions(draft)
    title = dict(earlier.title) if earlier is not None else draft.get("title")
    if not questions or not title or not draft.get("closes"):
        return Done("incomplete")
    due = datetime.fromisoformat(draft["due"]) if draft.get("due") else None
    closes = datetime.fromisoformat(draft["closes"])
    if closes <= max(due or doing.now, doing.now):
        return Done("past")
    counted = count(doing.session, doing.rules, due or doing.now, audience, now=doing.now, asks=True)
    if not counted.reached:
        return Done("nobody")
    if not counted.affordable:
        return Done("unpaid")
    most = int(draft.get("most") or 0)
    carrier = broadcasts.plan(
        doing.session,
        doing.now,
        organisation_id=organisation,
        author_id=doing.person_id,
        audience=audience.to_json(),
        texts=title,
        listing_id=None,
        due_at=due,
        counted=min(counted.reached, most) if most else counted.reached,
    )
    row = Survey(
        code=fresh_token(),
        organisation_id=organisation,
        author_id=doing.person_id,
        root_id=(earlier.root_id or earlier.id) if earlier is not None else None,
        broadcast_id=carrier.id,
        title=title,
        questions=questions,
        anonymous=earlier.anonymous if earlier is not None else bool(draft.get("anonymous")),
        most=most,
        closes_at=closes,
        created_at=doing.now,
    )
    doing.session.add(row)
    doing.session.flush()
    doing.audit("survey.planned", f"survey:{row.id}", counted=carrier.counted)
    if due is not None and due > doing.now:
        return Done("scheduled", {"survey": row.id})
    step(doing)
    return Done("sending", {"survey": row.id})


def _questions(draft: Any) -> list[dict[str, Any]]:
    """The questions that can be asked, with keys of their own."""
    found: list[dict[str, Any]] = []
    for number, given in enumerate((draft.get("questions") or ())[:QUESTIONS_MOST], 1):
        kind, text = given.get("kind"), given.get("text") or {}
        choices = given.get("choices") or {}
        if kind == "faces":
            choices = {face: {} for face in surveys.FACES}
        if kind not in KINDS or not text or (kind in ("one", "many") and len(choices) < 2):
            return []
        found.append({"key": f"q{number}", "kind": kind, "text": text, "choices": choices})
    return found


def close(doing: Doing, deed: CloseSurvey) -> Done:
    """Ask nobody any more and take no more answers; who was not written to has their turn again."""
    row = own(doing, Survey, deed.survey_id, locked=True)
    if row is None:
        return REFUSED
    if row.state != "open":
        return Done("over")
    spared = broadcasts.stop(doing.session, doing.now, row.broadcast_id) or 0
    doing.session.flush()
    give_back_turns(doing.session, row)
    surveys.close(doing.session, doing.now, row)
    doing.audit("survey.closed", f"survey:{row.id}", spared=spared)
    return Done("closed", {"spared": spared})


def tell_results(doing: Doing, deed: TellResults) -> Done:
    """The counts go to everybody who was asked, once; nothing of few people, and no words of anybody."""
    row = own(doing, Survey, deed.survey_id, locked=True)
    if row is None:
        return REFUSED
    if row.results_id is not None:
        return Done("told")
    told = [
        (_asked(question), one.counts)
        for question, one in zip(row.questions, survey_results.results(doing.session, row), strict=False)
        if one.counts and not one.few
    ]
    if not told:
        return Done("few")
    _people, answered = surveys.taken_part(doing.session, row.id)
    text = notices.results(Words.of(row.title), answered, told)
    audience = Audience(asked=(row.id,))
    counted = count(doing.session, doing.rules, doing.now, audience, now=doing.now)
    if not counted.reached:
        return Done("nobody")
    if not counted.affordable:
        return Done("unpaid")
    carrier = broadcasts.plan(
        doing.session,
        doing.now,
        organisation_id=row.organisation_id,
        author_id=doing.person_id,
        audience=audience.to_json(),
        texts={language: tongue(tag).speak(text) for language, tag in SPEAKS.items()},
        listing_id=None,
        due_at=None,
        counted=counted.reached,
    )
    row.results_id = carrier.id
    doing.session.flush()
    doing.audit("survey.told", f"survey:{row.id}", counted=counted.reached)
    step(doing)
    return Done("sending", {"people": counted.reached})


def _asked(question: Any) -> Asked:
    choices = tuple((str(key), Words.of(words)) for key, words in question["choices"].items())
    return Asked(str(question["key"]), str(question["kind"]), Words.of(question["text"]), choices)


# ---------------------------------------------------------------- files


def show(doing: Doing, deed: ShowResults) -> Done:
    """Queue a file for whoever asked, where they asked."""
    row = own(doing, Survey, deed.survey_id)
    if row is None:
        return REFUSED
    voice = doing.voice
    if deed.form == "voices":
        return _voices(doing, row, deed.question)
    if deed.form == "sheet":
        document = survey_files.sheet(doing.session, row, voice)
        if document is None:
            return Done("nothing")
        doing.hand(Say(results.HERE, document=document))
    else:
        picture = survey_files.picture(doing.session, row, deed.question, voice, over_time=deed.form == "months")
        if picture is None:
            return Done("nothing")
        file = Document(f"survey-{row.id}.png", "image/png", b"")
        order = {
            "desk": "picture", "picture": asdict(picture), "about": 0, "organisation": 0, "tag": voice.tag,
            "sorry": voice.speak(results.SORRY),
        }  # fmt: skip
        message = Spoken(voice.speak(results.HERE), voice.tag, document=file)
        doing.hand(message, drawn=order)
    doing.audit("survey.exported", f"survey:{row.id}", form=deed.form)
    return Done("coming")


def _voices(doing: Doing, row: Survey, question: str) -> Done:
    """Voice notes in no order; whose they are is not known here, so they are lent to whoever listens."""
    told = next((one for one in survey_results.results(doing.session, row) if one.key == question), None)
    keys = told.voices[:VOICES_MOST] if told is not None else ()
    for key in keys:
        note = survey_results.voice(doing.session, row, key)
        if note is not None and note.content is not None:
            lend_voice(doing, note.content, note.media_type, results.A_VOICE)
    doing.audit("survey.heard", f"survey:{row.id}", voices=len(keys))
    return Done("coming" if keys else "nothing")


def lend_voice(doing: Doing, content: bytes, media_type: str, words: Text) -> None:
    """Hand a voice note without a name to the person who acts, for as long as files are kept."""
    lent = StoredAttachment(
        person_id=doing.person_id,
        kind="voice",
        name="",
        media_type=media_type,
        content=content,
        created_at=doing.now,
        keep_until=doing.now + KEPT,
    )
    doing.session.add(lent)
    doing.session.flush()
    doing.hand(Say(words, relay=lent.id))


PERFORM: Performers = {SendSurvey: send, CloseSurvey: close, TellResults: tell_results, ShowResults: show}
