"""Transcripts: conversations as pages anyone can read, replayed against the whole product.

`python -m tests.transcripts --update FILE...` writes what is said into the files; read it critically.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from conversations.engine.walking import Walk
from conversations.speech import Attachment, Spoken
from tests.house import House, as_line

FOLDER = Path(__file__).parent
SAID = re.compile(r"^(\w+)< ?(.*)$")
SHOWS = "# shows:"
LINK = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])")
CODE = re.compile(r"(?<![\w-])(?:[\w-]{22}|[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})(?![\w-])")
DONE = re.compile(r"^(\w+)> ?(.*)$")


@dataclass(frozen=True)
class Line:
    """One line of a transcript: who does what. `who` is "clock" for time passing, "given" for who is who."""

    who: str
    what: str


def read(path: Path) -> tuple[list[str], list[Line]]:
    """The comments at the top, and everything that is done (what is said is left out)."""
    comments, done = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comments.append(line)
        elif line.startswith("given:"):
            done.append(Line("given", line.removeprefix("given:").strip()))
        elif match := DONE.match(line):
            done.append(Line(match[1], match[2]))
    return comments, done


def play(path: Path, folder: Path, *, url: str = "") -> str:
    """The transcript as it goes today, in a database of its own or in the empty one at `url`.

    Raises AssertionError where a conversation that it is to show was not held.
    """
    comments, done = read(path)
    house = House(folder, url=url)
    page = list(comments)
    try:
        with patch.object(Walk, "open", autospec=True, side_effect=Walk.open) as opened:
            for line in done:
                page.extend(_goes(house, line))
    finally:
        house.database.dispose()
    missing = shows(path) - {call.args[1].conversation for call in opened.call_args_list} - {path.name.split(".")[0]}
    assert not missing, f"{path.name} does not show {sorted(missing)}"
    return "\n".join(page) + "\n"


def shows(path: Path) -> set[str]:
    """The conversations that a transcript shows: the one in its name, and those of a line "# shows: a, b"."""
    named = {path.name.split(".")[0]}
    for comment in read(path)[0]:
        if comment.startswith(SHOWS):
            named |= {name.strip() for name in comment.removeprefix(SHOWS).split(",")}
    return named


def _goes(house: House, line: Line) -> list[str]:
    """What a line leaves on the page: itself, and all that is said to anybody because of it."""
    if line.who == "given":
        _given(house, line.what)
        return [f"given: {line.what}"]
    said = [_said(name, message) for name, message in _do(house, line)]
    return [f"{line.who}> {line.what}".rstrip(), *said]


def _given(house: House, what: str) -> None:
    name, tag, *rest = what.split()
    if name == "older":  # older NAME: a year and more has passed since they told their age
        _make_older(house, tag)
        return
    if name == "review":  # review ANSWER DAYS: its review date is so many days ahead
        _set_review(house, tag, int(rest[0]))
        return
    if name == "places":  # places LISTING N: so many in each of its sessions
        _set_places(house, tag, int(rest[0]))
        return
    if name == "ages":  # ages LISTING: it is for every age
        _for_all_ages(house, tag)
        return
    if rest and rest[0] in ("staff", "admin", "safeguarding", "helper"):
        house.person(name, tag, organisation=rest[1], role=rest[0], town=rest[2] if len(rest) > 2 else "")
    elif rest and rest[0] == "child":  # child BAND TOWN of GUARDIAN: linked, with consent
        house.person(name, tag, band=rest[1], town=rest[2])
        _link(house, name, rest[4])
    elif rest:
        house.person(name, tag, band=rest[0], town=rest[1] if len(rest) > 1 else "")
    else:
        house.person(name, tag)


def _make_older(house: House, name: str) -> None:
    from datetime import timedelta

    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from models.who.people import Guardianship, Person

    long_ago = house.now - timedelta(days=400)
    child_id = house.person_id(name)
    with Session(house.database) as session:
        session.get_one(Person, child_id).band_at = long_ago
        for link in session.scalars(select(Guardianship).where(Guardianship.child_id == child_id)):
            link.confirmed_at = long_ago
        session.commit()


def _for_all_ages(house: House, code: str) -> None:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from models.offers.listing import Listing

    with Session(house.database) as session:
        session.scalars(select(Listing).where(Listing.code == code)).one().bands = []
        session.commit()


def _set_review(house: House, answer: str, days: int) -> None:
    from datetime import timedelta

    from sqlalchemy import update
    from sqlalchemy.orm import Session

    from models.caring.answer import AnswerCard

    with Session(house.database) as session:
        until = house.now.date() + timedelta(days=days)
        session.execute(update(AnswerCard).where(AnswerCard.code == answer).values(review_on=until))
        session.commit()


def _set_places(house: House, listing: str, places: int) -> None:
    from sqlalchemy import select, update
    from sqlalchemy.orm import Session

    from models.offers.listing import Listing
    from models.offers.listing import Session as Meeting

    with Session(house.database) as session:
        of = select(Listing.id).where(Listing.code == listing).scalar_subquery()
        session.execute(update(Meeting).where(Meeting.listing_id == of).values(capacity=places))
        session.commit()


def _link(house: House, child: str, guardian: str) -> None:
    from sqlalchemy.orm import Session

    from models.who.consent import Consent, Wording
    from models.who.people import Guardianship

    ids = house.person_id(guardian), house.person_id(child)
    with Session(house.database) as session:
        wording = Wording(hash=f"test-{child}", language="en", text="given in a test")
        session.add(wording)
        session.flush()
        session.add(Guardianship(guardian_id=ids[0], child_id=ids[1], relation="mother", confirmed_at=house.now))
        for purpose in ("attend", "reminders", "messages"):
            session.add(
                Consent(
                    person_id=ids[1],
                    given_by_id=ids[0],
                    purpose=purpose,
                    wording_id=wording.id,
                    channel="console",
                    given_at=house.now,
                )
            )
        session.commit()


def _do(house: House, line: Line) -> list[tuple[str, Spoken]]:
    if line.who == "clock":
        amount, unit = line.what[:-1], line.what[-1]
        return house.advance(**{{"m": "minutes", "h": "hours", "d": "days"}[unit]: float(amount)})
    what = line.what.replace("{code}", _code(house)).replace("{link}", _code(house, LINK))
    old = re.fullmatch(r"\[\[(\d+)\]\] (.*)", what)
    if old:
        return house.tap(line.who, old[2], shown=int(old[1]))
    if re.fullmatch(r"\[.*\]", what):
        return house.tap(line.who, what[1:-1])
    sent = re.fullmatch(r"\((photo|file): ([\w.-]+)\)", what)  # (file: NAME), from the folder files
    if sent:
        content = (FOLDER / "files" / sent[2]).read_bytes()
        return house.hear(line.who, attachment=Attachment(sent[1], sent[2], size=len(content), content=content))  # type: ignore[arg-type]
    if what in ("(voice)", "(photo)", "(file)"):
        return house.hear(line.who, attachment=Attachment(what[1:-1], size=4, content=b"DEMO"))  # type: ignore[arg-type]
    if what == "(place)":
        return house.hear(line.who, attachment=Attachment("location", latitude=42.617, longitude=25.393))
    if what in ("(in doubt)", "(trouble)"):
        return house.in_doubt(line.who) if what == "(in doubt)" else house.trouble(line.who)
    if what in ("(blocks)", "(returns)"):
        return house.event(line.who, "left" if what == "(blocks)" else "returned")
    return house.hear(line.who, what)


def _code(house: House, kind: re.Pattern[str] = CODE) -> str:
    """The newest one-time code that was shown to anybody."""
    found = [
        match
        for somebody in house.people.values()
        for message in somebody.shown
        for match in re.findall(kind, message.text)
    ]
    return found[-1] if found else ""


def _said(name: str, message: Spoken) -> str:
    return f"{name}< " + as_line(message).replace("\n", "\n    ")
