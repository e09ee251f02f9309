"""The answer book: what ran out, who is told, who may change it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.caring import reviewing
from bot.offering.public_answers import answer_in_public, answers_in_public
from bot.searching.answer_search import find
from conversations.deeds import Deed
from conversations.deeds import campaigns as deeds
from models.caring import answer, answer_keeping
from models.caring.answer import AnswerCard
from models.messages.message import StoredAttachment
from models.offers.announcement import Announcement
from models.offers.programme import Site
from tests.bot.campaigns.kit import act, doing
from tests.house import House


def test_an_answer_that_ran_out_is_shown_nowhere(house: House) -> None:
    def everywhere() -> list[bool]:
        with Session(house.database) as session:
            card = session.scalars(select(AnswerCard).where(AnswerCard.code == "rs-work")).one()
            shown = answer.cards(session, house.now.date(), "RS")
            return [
                card in shown,
                card in find(shown, "od koliko godina smem da radim"),
                answer_in_public(session, house.now, "rs-work", house.rules.zone) is not None,
                "rs-work" in {one.code for one in answers_in_public(session, house.now, house.rules.zone)},
            ]

    assert everywhere() == [True] * 4
    with Session(house.database) as session:
        session.execute(update(AnswerCard).where(AnswerCard.code == "rs-work").values(review_on=house.now.date()))
        session.commit()
    assert everywhere() == [False] * 4
    shown = house.hear("mila", "/start rs-work")
    assert not any("15 godina" in message.text for _name, message in shown)
    with Session(house.database) as session:
        card_id = session.scalars(select(AnswerCard.id).where(AnswerCard.code == "rs-work")).one()
    assert act(house, "ana", deeds.ConfirmAnswer(card_id)) == "confirmed"
    assert everywhere() == [True] * 4
    assert act(house, "ana", deeds.RetireAnswer(card_id)) == "retired"
    assert everywhere() == [False] * 4


@pytest.mark.parametrize("words", ["лична карта", "LICNA KARTA", "lična krta", "licnu kartu"])
def test_free_words_find_an_answer_in_either_script_and_with_a_letter_wrong(house: House, words: str) -> None:
    with Session(house.database) as session:
        found = find(answer.cards(session, house.now.date(), "RS"), words)
        assert found[0].code == "rs-id-card"
        assert find(answer.cards(session, house.now.date(), "RS"), "xylophone quartz") == []


def test_its_owner_is_told_once_before_and_once_when_it_is_hidden(house: House) -> None:
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard).where(AnswerCard.code == "bor-online")).one()
        card.review_on = (house.now + timedelta(days=14)).date()
        session.commit()
    told = [m.text for name, m in house.advance(hours=2) if name == "ana" and "internet" in m.text]
    assert len(told) == 1
    house.now += timedelta(days=14)
    told = [m.text for name, m in house.advance(hours=2) if name == "ana" and "hidden" in m.text]
    assert len(told) == 1
    house.tap("ana", "✅ It is still true")
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard).where(AnswerCard.code == "bor-online")).one()
        assert card.review_on > house.now.date() + timedelta(days=100)
        assert reviewing.tell_owners(doing(house, session)) == 0


def test_staff_of_another_organisation_change_nothing(house: House) -> None:
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard.id).where(AnswerCard.code == "bor-online")).one()
        site = session.scalars(select(Site.id).where(Site.code == "bor-boravak")).one()
        event = session.scalars(select(Announcement.id).where(Announcement.code == "bor-tv")).one()
    today = house.now.isoformat()
    attempts: list[Deed] = [
        deeds.ConfirmAnswer(card),
        deeds.CorrectAnswer(card, "answer", "en", "wrong"),
        deeds.RetireAnswer(card),
        deeds.SetVoice(card, "en", "1"),
        deeds.CloseSite({"site": site, "first": today, "last": today, "cancel": True}),
        deeds.SetHours(site, (0,), "8-9"),
        deeds.SetBus(site, "en", "wrong"),
        deeds.MoveEvent(event, (house.now + timedelta(days=9)).isoformat()),
        deeds.CancelEvent(event),
        deeds.AddEvidence(event, "https://example.org/x"),
    ]
    for name in ("eva", "mila"):
        assert [act(house, name, deed) for deed in attempts] == ["refused"] * len(attempts), name
    assert act(house, "mila", deeds.AddAnswer({"topic": "papers"})) == "refused"
    assert act(house, "mila", deeds.Announce({"at": today, "topic": "tv", "title": {}, "place": {}})) == "refused"


def test_a_voice_is_replaced_and_goes_with_its_answer(house: House) -> None:
    ana = house.person_id("ana")
    with Session(house.database) as session:
        card = session.scalars(select(AnswerCard).where(AnswerCard.code == "bor-online")).one()
        made = [
            StoredAttachment(person_id=ana, kind="voice", content=b"DEMO", created_at=house.now, keep_until=house.now)
            for _n in range(2)
        ]
        session.add_all(made)
        session.flush()
        for one in made:
            answer_keeping.set_voice(session, house.now, card.id, "sr", one.id)
        assert answer_keeping.voice_of(session, card.id, "sr") == made[1].id
        assert made[0].keep_until == house.now < made[1].keep_until
        answer_keeping.retire(session, house.now, card)
        assert answer_keeping.voice_of(session, card.id, "sr") is None
        assert made[1].keep_until == house.now


ASKED = {
    "sr-Latn": {
        "na sta imam pravo kad sam se vratio": "Na šta imam pravo posle povratka",
        "moja prava": "Na šta imam pravo posle povratka",
        "nemam licnu kartu": "Kada mi treba lična karta",
        "gde se trazi novcana pomoc": "Gde se traži novčana socijalna pomoć",
        "posao": "",
        "matematika": "",
    },
    "bg": {
        "imam li prava sled zavrashtane": "На какво имам право след завръщане",
        "kakvo mi se polaga kato se vurnah": "На какво имам право след завръщане",
        "nqmam lichna karta": "Кога ми трябва лична карта",
        "zdravna osigurovka za deteto": "Има ли детето здравно осигуряване",
        "rabota nqma li": "",
    },
    "en": {
        "what am i entitled to after return?": "What am I entitled to after return",
        "my rights": "What am I entitled to after return",
        "maths": "",
    },
}


@pytest.mark.parametrize("tag", ASKED)
def test_what_is_asked_at_the_menu_is_answered_and_what_is_looked_for_is_found(house: House, tag: str) -> None:
    # no offers are shown that merely look like the words of an answer, and no answers in place of an offer
    house.person("writer", tag, band="18+", town="nis")
    house.hear("writer", "/menu")
    for words, answered in ASKED[tag].items():
        shown = house.hear("writer", words)[-1][1]
        texts = [card.text for card in shown.cards]
        assert ("📍" in texts[0]) is not bool(answered), (words, texts)
        assert any(text.startswith(answered) for text in texts), (words, texts)
    house.hear("writer", next(iter(ASKED[tag])))
    answers = house.people["writer"].shown[-1]
    beside = house.hear("writer", tap=next(one.tap for one in answers.buttons if one.label.startswith("🔎")))[-1][1]
    assert any("📍" in card.text for card in beside.cards) or not beside.cards
