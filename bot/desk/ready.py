"""Ready answers: a small set that staff keep, by name and language."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.arriving.numbers import number
from bot.desk import words
from bot.desk.acting import Act
from bot.language.languages import BY_TAG
from bot.language.tongue import tongue
from conversations.speech import Say, Words, lines
from models.caring import ready_answer
from models.caring.ready_answer import ReadyAnswer

LONGEST = 1000


def names_for(session: Session, organisation_id: int, tag: str) -> list[tuple[int, str]]:
    """The answers there are for somebody who reads `tag`: id and name, in their language or else in any."""
    base = BY_TAG[tag].base
    by_name: dict[str, ReadyAnswer] = {}
    for row in ready_answer.answers(session, organisation_id):
        if row.name not in by_name or row.language == base:
            by_name[row.name] = row
    return [(row.id, name) for name, row in by_name.items()]


def words_of(session: Session, organisation_id: int, answer_id: str, tag: str) -> str:
    """An answer in somebody's script; "" for one that is not there (any more)."""
    row = session.get(ReadyAnswer, number(answer_id))
    if row is None or row.organisation_id != organisation_id:
        return ""
    return tongue(tag).words(Words.of({row.language: row.words}))


def command(act: Act, rest: str) -> None:
    """/answers: alone it lists them; with language, name and words it keeps one, without words it removes it."""
    if not rest:
        _list(act)
        return
    language, _colon, further = rest.partition(":")
    name, _colon, said = further.partition(":")
    language, name, said = language.strip().lower(), " ".join(name.split()), said.strip()
    try:
        kept = ready_answer.keep_answer(
            act.doing.session,
            act.doing.now,
            act.group.organisation_id,
            act.person.id,
            language,
            name,
            said[:LONGEST],
        )
    except ValueError:
        act.tell(words.HOW_TO_ANSWER)
        return
    if not kept:
        act.tell(words.TOO_MANY)
        return
    act.doing.audit("ready_answer", f"organisation {act.group.organisation_id}", removed=not said)
    act.tell((words.ANSWER_KEPT if said else words.ANSWER_REMOVED).of(name=name))


def _list(act: Act) -> None:
    rows = ready_answer.answers(act.doing.session, act.group.organisation_id)
    listed = [words.ANSWER_LINE.of(language=row.language, name=row.name, words=row.words) for row in rows]
    act.post(Say(lines(*(listed or [words.NO_ANSWERS]), words.HOW_TO_ANSWER)))
