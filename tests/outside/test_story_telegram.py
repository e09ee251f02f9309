"""The story of the stage through the Telegram protocol: welcome, guardian, booking, reminder, call, broadcast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.people import Person
from tests.outside.product import Product

DAY = 24 * 3600.0
WITHIN = 20.0


def do(person: Person, *acts: tuple[str, str]) -> None:
    """Each act is something to tap ("[label]") or to write, and what is shown in answer."""
    for act, answer in acts:
        if act.startswith("["):
            person.tap(act[1:-1])
        else:
            person.write(act)
        person.wait(answer, WITHIN)


def welcome(person: Person, *, band: str, town: str) -> None:
    person.start()
    person.wait("Putokaz", WITHIN)
    do(
        person,
        ("[Srpski]", "Čuvamo malo"),
        ("[U redu]", "Koliko godina"),
        (f"[{band}]", "Koje mesto"),
        (town, "zanimljivo"),
        ("[Gotovo]", "Možete"),
    )


def first_session(person: Person) -> str:
    return next(label for label in person.last.labels if "slobodnih mesta" in label)


@pytest.mark.xdist_group("outside")
def test_the_story_from_outside(tmp_path: Path) -> None:
    with FakeTelegram() as fake:
        with Product(tmp_path, telegram_token=fake.token, telegram_api_url=fake.url) as product:
            product.wait_for_telegram()
            child, parent, staff = fake.person(101), fake.person(202), fake.person(303)

            welcome(child, band="Manje od 14", town="bor")
            do(child, ("matematika", "Pronađeno"), ("[1. Matematika: pomoć u učenju]", "Koji termin"))
            do(child, (f"[{first_session(child)}]", "roditelj"), ("[Pitaj roditelja ili staratelja]", "jednom kaže"))
            do(child, ("[Sastavi poruku]", "Važi jednom"))
            link = child.find("t.me", since=0)
            assert link is not None
            code = re.search(r"start=([A-Za-z0-9_-]{22})", link.text)
            assert code is not None

            parent.start(code[1])
            parent.wait("Putokaz", WITHIN)
            do(
                parent,
                ("[Srpski]", "odrasla osoba"),
                ("[Da]", "traži pristanak"),
                ("[Dalje]", "Ko daje"),
                ("[Majka]", "Šta je u redu"),
                ("1, 2, 3", "Šta je u redu"),
                ("gotovo", "Pristanak za"),
                ("[Da]", "Hvala"),
            )
            child.wait("Dobre vesti", WITHIN, since=0)

            do(child, ("menu", "Možete"), ("matematika", "Pronađeno"), ("[1. Matematika: pomoć u učenju]", "Koji termin"))
            do(child, (f"[{first_session(child)}]", "rezervišemo"), ("[Da, molim]", "Mesto je rezervisano"))
            assert fake.calls("sendVenue")
            assert fake.calls("sendDocument")

            staff.start(product.invite_staff())
            staff.wait("Putokaz", WITHIN)

            for _day in range(9):
                product.advance(DAY)
                if parent.find("Podsetnik", since=0) and child.find("Podsetnik", since=0):
                    break
            reminded = child.find("Podsetnik", since=0)
            assert reminded is not None
            assert parent.find("Podsetnik", since=0) is not None
            assert sum("Podsetnik" in text for text in parent.texts) <= 2

            do(
                staff,
                ("[Da]", ""),
                ("/new", "objavite"),
                ("3", "Koje je vrste"),
                ("1", "Kako se zove"),
                ("Praksa u pekari", "Opišite"),
                ("Učimo da pečemo hleb.", "drugim jezicima"),
                ("[Gotovo]", "O čemu"),
                ("[Ništa od ovoga]", "U kom mestu"),
                ("Bor", "Gde tačno"),
                ("[Još se ne zna]", "Ko može"),
                ("Svako.", "Šta se nudi"),
                ("[Preskoči]", "Do kada"),
                ("1", "Koliko"),
                ("5", "Kada"),
                ("1", "uzrast"),
                ("[Gotovo]", "Ovako"),
                ("1", "javite ljudima"),
                ("1", "Ko treba"),
                ("1", "u poruci"),
                ("Tražimo praktikante.", "drugim jezicima"),
                ("[Gotovo]", "Poruka ide"),
                ("1", "Poslati sada"),
                ("1", "Slanje"),
            )
            for _hour in range(15):  # at night people are not written to: it goes out in the morning
                if child.find("Tražimo praktikante", since=0):
                    break
                product.advance(3600)
            child.wait("Tražimo praktikante", WITHIN, since=0)
            do(child, ("[Pogledaj]", "Praksa u pekari"))
            assert sum("Tražimo praktikante" in text for text in child.texts) == 1

            status, body = product.get("/metrics")
            assert status == 200
            assert b"putokaz_arrivals" in body
            assert product.health() is not None
            assert fake.unanswered == []
        log = product.log.read_text(encoding="utf-8")
        assert fake.token not in log
        assert "Traceback" not in log
