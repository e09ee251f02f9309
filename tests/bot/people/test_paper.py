"""Consent on paper: recorded by staff for a child that shows its short code, kept with its form, and taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.arriving.knowing import me_of
from bot.deeds.every import perform
from bot.doing import Doing
from conversations.deeds import Deed
from conversations.deeds.offers import Book
from conversations.deeds.people import ConfirmGuardian, EndMyPaper, IssueGuardianCode, LookAtCode
from conversations.deeds.staff import EndPaper, LookAtPaper, RecordPaper
from conversations.speech import Done
from models.audit import Audit
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.who import erasure
from models.who.consent import Consent, PaperForm, Wording
from models.who.people import Guardianship, Person
from tests.house import House

SHORT = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")
WHO = "DEMO-Zvezdokljun"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.person("kid", "en", band="under14", town="bor")
    made.person("ana", "en", organisation="kokoro")
    made.person("petra", "en", organisation="kokoro")
    made.person("boris", "en", organisation="kazanlak")
    made.person("thief", "en", band="18+", town="bor")
    return made


def do(house: House, name: str, deed: Deed) -> Done:
    person_id = house.person_id(name)
    with Session(house.database) as session:
        done = perform(Doing(session, house.now, house.rules, person_id, channel="console"), deed)
        session.commit()
    return done


def short_code(house: House) -> str:
    return str(do(house, "kid", IssueGuardianCode()).details["short"])


def form(code: str, number: str = "17/2026", *purposes: str, signed: str = "2026-02-27") -> RecordPaper:
    return RecordPaper(code, number, "DEMO kid", WHO, "mother", purposes or ("attend", "photos"), signed)


def may_book(house: House) -> bool:
    kid = house.person_id("kid")
    with Session(house.database) as session:
        return me_of(session, session.get_one(Person, kid)).may_book


def newest(house: House, name: str) -> list[str]:
    return [message.text for who, message in house.advance(minutes=15) if who == name]


# ---------------------------------------------------------------- recording


def test_the_child_is_shown_a_short_code_and_told_of_the_yes(house: House) -> None:
    house.hear("kid", "my data")
    house.tap("kid", "👍 Yes to booking")
    shown = house.tap("kid", "Write the message")
    found = [code for _name, message in shown for code in SHORT.findall(message.text)]
    assert len(found) == 1
    assert do(house, "ana", form(found[0].lower().replace("-", ""))).outcome == "recorded", "as it is typed"
    assert any("said yes" in text for text in newest(house, "kid"))
    assert may_book(house)


def test_it_is_kept_with_form_wording_day_and_who_recorded_it_and_audited(house: House) -> None:
    assert do(house, "ana", form(short_code(house))).outcome == "recorded"
    kid, ana = house.person_id("kid"), house.person_id("ana")
    with Session(house.database) as session:
        rows = session.execute(
            select(Consent, Wording, PaperForm)
            .join(Wording, Wording.id == Consent.wording_id)
            .join(PaperForm, PaperForm.id == Consent.form_id)
        ).all()
        assert sorted(consent.purpose for consent, _words, _form in rows) == ["attend", "photos"]
        for consent, words, paper in rows:
            assert (consent.person_id, consent.method, words.language) == (kid, "paper", "en")
            assert len(words.hash) == 64
            assert (paper.number, paper.recorded_by_id, paper.signed_on.isoformat()) == ("17/2026", ana, "2026-02-27")
            assert consent.given_at.date() == paper.signed_on
        link = session.scalars(select(Guardianship)).one()
        assert (link.child_id, link.relation, link.reminders) == (kid, "mother", False)
        assert session.get_one(Person, link.guardian_id).called == WHO
        (audit,) = session.scalars(select(Audit).where(Audit.action == "paper consent recorded")).all()
        assert (audit.actor_id, audit.subject) == (ana, f"person {kid}")
        assert WHO not in str(audit.details)


def test_what_is_not_ticked_is_not_agreed_to(house: House) -> None:
    assert do(house, "ana", form(short_code(house), "1", "photos", "reminders")).outcome == "recorded"
    assert not may_book(house)
    kid = house.person_id("kid")
    with Session(house.database) as session:
        given = session.scalars(select(Consent.purpose).where(Consent.person_id == kid)).all()
    assert given == ["photos"], "nobody without a chat is reminded"


@pytest.mark.parametrize("name", ["thief", "kid"])
def test_only_staff_record_and_look(house: House, name: str) -> None:
    code = short_code(house)
    assert do(house, name, LookAtPaper(code)).outcome == "refused"
    assert do(house, name, form(code)).outcome == "refused"
    assert do(house, name, EndPaper("17/2026")).outcome == "refused"
    assert not may_book(house)


def test_staff_cannot_record_for_an_organisation_that_is_not_theirs(house: House) -> None:
    from dataclasses import replace

    from models.offers.programme import Organisation

    with Session(house.database) as session:
        other = session.scalars(select(Organisation.id).where(Organisation.code == "kazanlak")).one()
    assert do(house, "ana", replace(form(short_code(house)), organisation_id=other)).outcome == "refused"


def test_a_code_works_once_and_a_used_an_invented_and_an_old_one_are_answered_alike(house: House) -> None:
    code = short_code(house)
    assert do(house, "ana", form(code)).outcome == "recorded"
    assert do(house, "ana", form(code, "18")).outcome == "unknown"
    assert do(house, "ana", LookAtPaper("ABCD-EFGH")).outcome == "unknown"
    late = short_code(house)
    house.now += timedelta(days=7)
    assert do(house, "ana", form(late, "19")).outcome == "unknown"


def test_after_ten_guesses_even_the_right_code_is_unknown(house: House) -> None:
    code = short_code(house)
    for number in range(10):
        assert do(house, "ana", LookAtPaper(f"ABCD-EF{number + 22}")).outcome == "unknown"
    assert do(house, "ana", LookAtPaper(code)).outcome == "unknown"


def test_the_short_code_makes_nobody_a_guardian_in_the_chat(house: House) -> None:
    code = short_code(house)
    assert do(house, "thief", LookAtCode(code)).outcome == "unknown"
    assert do(house, "thief", ConfirmGuardian(code, "mother", ("attend",))).outcome == "unknown"
    house.hear("thief", f"/start {code}")
    assert not may_book(house)


def test_a_yes_in_the_chat_ends_the_code_for_paper(house: House) -> None:
    made = do(house, "kid", IssueGuardianCode()).details
    assert do(house, "thief", ConfirmGuardian(str(made["code"]), "mother", ("attend",))).outcome == "confirmed"
    assert do(house, "ana", form(str(made["short"]))).outcome == "unknown"


@pytest.mark.parametrize("signed", ["2026-03-03", "2022-03-01"])
def test_a_day_to_come_or_long_gone_is_not_taken(house: House, signed: str) -> None:
    assert do(house, "ana", form(short_code(house), signed=signed)).outcome == "date"
    assert not may_book(house)


def test_a_number_is_recorded_once_in_an_organisation(house: House) -> None:
    house.person("other", "en", band="under14", town="bor")
    assert do(house, "ana", form(short_code(house))).outcome == "recorded"
    second = str(do(house, "other", IssueGuardianCode()).details["short"])
    assert do(house, "petra", form(second)).outcome == "taken"
    assert do(house, "boris", form(second)).outcome == "recorded", "another organisation has numbers of its own"


# ---------------------------------------------------------------- taking it back


def booked(house: House) -> None:
    with Session(house.database) as session:
        found = select(Meeting.id).join(Listing, Listing.id == Meeting.listing_id)
        meeting = session.scalars(found.where(Listing.code == "bor-matematika").order_by(Meeting.starts_at)).first()
    assert meeting is not None
    assert do(house, "kid", Book(meeting, (house.person_id("kid"),))).outcome == "booked"


def test_a_colleague_takes_it_back_and_what_was_booked_ends(house: House) -> None:
    do(house, "ana", form(short_code(house)))
    booked(house)
    house.advance(minutes=15)
    assert do(house, "boris", EndPaper("17/2026")).outcome == "unknown", "not theirs"
    done = do(house, "petra", EndPaper("17/2026"))
    assert (done.outcome, done.details["cancelled"]) == ("ended", 1)
    assert any("taken back" in text for text in newest(house, "kid"))
    assert not may_book(house)
    with Session(house.database) as session:
        assert session.scalars(select(Booking.state)).all() == ["cancelled"]
        assert session.scalars(select(Person.called).where(Person.called == WHO)).all() == [], "who signed is forgotten"
    assert do(house, "petra", EndPaper("17/2026")).outcome == "unknown"


def test_the_child_takes_it_back_with_one_word(house: House) -> None:
    do(house, "ana", form(short_code(house)))
    house.hear("kid", "withdraw")
    house.tap("kid", "📄 The paper form")
    assert not may_book(house)
    assert do(house, "kid", EndMyPaper()).outcome == "nothing"


def test_nobody_else_takes_it_back_by_that_word(house: House) -> None:
    do(house, "ana", form(short_code(house)))
    assert do(house, "thief", EndMyPaper()).outcome == "nothing"
    assert may_book(house)


def test_with_the_child_everything_about_the_form_is_erased(house: House) -> None:
    do(house, "ana", form(short_code(house)))
    kid = house.person_id("kid")
    with Session(house.database) as session:
        erasure.erase(session, house.now, kid)
        session.commit()
        assert session.scalars(select(PaperForm.number)).all() == [""]
        assert session.scalars(select(Person).where(Person.called.in_((WHO, "DEMO kid")))).all() == []
        assert (
            session.scalars(
                select(Consent.id).where(Consent.withdrawn_at.is_(None), Consent.form_id.is_not(None))
            ).all()
            == []
        )
