"""What people write who want something: it opens by itself, beside a search, and never out of a letter."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.language.wishes import spoken_of
from models.offers.listing import Listing
from models.offers.listing import Session as Meeting
from models.places.booking import Booking
from models.places.taking import book
from tests.house import House, buttons


def test_a_wish_opens_what_it_means(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mira", "sr-Latn", band="18+", town="nis")
    for words, shown in (
        ("otkaži", "Nema nijedne prijave"),
        ("vesti", "O čemu da pišem?"),
        ("smece", "🧹 Gde ima smeća?"),
    ):
        house.hear("mira", "meni")
        assert house.hear("mira", words)[0][1].text.startswith(shown), words


def test_a_letter_to_the_team_stays_a_letter(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mira", "bg", band="18+", town="kazanlak")
    house.hear("mira", "човек")
    assert "записвания" not in house.hear("mira", "не мога да дойда")[0][1].text


def test_a_longer_text_shows_the_way_beside_what_is_found(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mira", "bg", band="18+", town="kazanlak")
    found = house.hear("mira", "детето няма да дойде утре")[0][1]
    assert "🚫 Някой не може да дойде" in [button.label for button in buttons(found)]
    assert house.tap("mira", "🚫 Някой не може да дойде")[0][1].text.startswith("Няма записвания")
    house.hear("mira", "меню")
    asked = house.hear("mira", "в парка има много боклук")  # words that may be a cry: both are shown
    assert "🧹 Място за почистване" in [button.label for _, message in asked for button in buttons(message)]


def test_beginnings_stand_in_order_in_every_script() -> None:
    assert spoken_of("ne mogu sutra da dođem") == spoken_of("не могу сутра да дођем") == ("not_coming",)
    assert spoken_of("da dođem ne mogu") == ()
    assert spoken_of("kade e avtobusut za ekskurziqta") == ("what_to_bring",)
    assert spoken_of("математика петак") == ()
    assert spoken_of("до колко часа сте отворени утре") == spoken_of("da li ste otvoreni subotom") == ("where",)
    assert spoken_of("javljaj mi svake nedelje sta ima") == spoken_of("пращай ми всяка седмица") == ("news",)


def test_what_is_asked_about_is_cancelled_whatever_was_booked_meanwhile(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mila", "en", band="15-17", town="bor")
    books = partial(booked_for, house, "mila")
    later = books("bor-fizika")
    assert "Physics" in house.hear("mila", "cancel")[0][1].text
    sooner = books("bor-matematika")  # somebody else may book for her in between: it comes first in the list
    house.hear("mila", "yes")
    with Session(house.database) as session:
        assert session.get_one(Booking, later).state == "cancelled"
        assert session.get_one(Booking, sooner).state == "booked"


def booked_for(house: House, name: str, code: str) -> int:
    """A place in the next session of a listing, without a word in the chat."""
    who = house.person_id(name)
    with Session(house.database) as session:
        of = Meeting.listing_id.in_(select(Listing.id).where(Listing.code == code))
        session_id = session.scalars(select(Meeting.id).where(of).order_by(Meeting.starts_at)).first() or 0
        made = book(session, house.now, session_id=session_id, person_id=who, booked_by_id=who).booking
        session.commit()
        return made.id if made is not None else 0


def test_a_wish_that_no_offer_has_is_asked_about_before_what_merely_looks_like_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.person("mama", "sr-Cyrl", band="18+", town="kazanlak")
    house.person("otac", "sr-Cyrl", band="18+", town="kazanlak")
    asked = house.hear("mama", "моје дете не може да дође у суботу")[-1][1]
    assert [button.label for button in buttons(asked)][:2] == ["🚫 Неко не може да дође", "🔎 Потражи то"]
    assert house.hear("mama", "не")[-1][1].cards, "then it is looked for"
    house.hear("otac", "моје дете не може да дође у суботу")
    said = house.hear("otac", "да")
    assert said[0][1].text.startswith("Нема ниједне пријаве")
    assert "🚫 Неко не може да дође" not in [b.label for _, message in said for b in buttons(message)]


@pytest.mark.parametrize(
    ("tag", "words", "label"),
    [
        ("sr-Latn", "radite li u subotu", "🕗 Radno vreme i gde je"),
        ("bg", "работите ли утре", "🕗"),
        ("sr-Cyrl", "треба ми неко да причам", "💬 Разговор са човеком"),
        ("sr-Latn", "hocu da porazgovaram", "💬 Razgovor sa čovekom"),
        ("sr-Latn", "hocu drugi termin", "📅 Moje prijave"),
        ("sr-Cyrl", "хоћу да ме неко позове", "☎️ Позовите ме"),
        ("bg", "трябва ми удостоверение за училище", "🎓 Удостоверения"),
        ("sr-Latn", "javite kad bude nešto novo", "📰"),
        ("en", "can somebody please phone me", "☎️ Please call me"),
    ],
)
def test_what_is_asked_in_half_a_sentence_has_its_way(tmp_path: Path, tag: str, words: str, label: str) -> None:
    house = House(tmp_path)
    house.person("mira", tag, band="18+", town="bor")
    shown = [button.label for _, message in house.hear("mira", words) for button in buttons(message)]
    assert any(one.startswith(label) for one in shown), shown


@pytest.mark.parametrize("words", ["savetnik za povratnike", "саветник за повратнике", "съветник за завърнали се"])
def test_who_names_an_adviser_for_returnees_is_not_asked_about_rights(tmp_path: Path, words: str) -> None:
    house = House(tmp_path)
    house.person("ibro", "sr-Cyrl", band="18+", town="vranje")
    found = house.hear("ibro", words)[0][1]
    assert "Саветник за повратнике" in [button.label for button in buttons(found)]
