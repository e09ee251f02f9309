"""The story with the child on Viber, the parent on Telegram and staff at the desk, seen from outside the process."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.groups import Group
from tests.fakes.viber import FakeViber
from tests.fakes.viber.people import Person as ViberPerson
from tests.outside.product import Product
from tests.outside.talking import MENU, WITHIN, agrees, asks_parent, at_desk, do, joins, sr, to_young_people, welcomed

DAY = 24 * 3600.0
REMINDER = "🔔"
DESK_TOKEN = "654321:" + "D" * 35
WANTED = "Tražimo praktikante."
BOOKED = "Mesto je rezervisano"
ASKED = "Da li dolazi neko i u subotu?"
ANSWERED = "Dolazimo i u subotu, od deset."


def three_platforms(folder: Path, viber: FakeViber, public: FakeTelegram, desk: FakeTelegram, group: Group) -> Product:
    """The product with everything switched on, at a public address that is loopback here."""
    product = Product(
        folder,
        telegram_token=public.token,
        telegram_api_url=public.url,
        viber_token=viber.token,
        viber_api_url=viber.url,
        viber_budget="5",
        viber_prices="RS=0.02",
        viber_prices_checked="2026-11-01",
        desk_token=desk.token,
        desk_group=str(group.id),
        desk_organisation="kokoro",
        stage="true",
    )
    product.environment["PUTOKAZ_PUBLIC_URL"] = product.url
    return product


def all_there(product: Product) -> None:
    for name in ("telegram", "viber", "desk"):
        product.wait_until(lambda name=name: (product.health() or {}).get("channels", {}).get(name) == "ok")


def how_often(words: str, person: ViberPerson) -> int:
    return sum(sr(words) in text for text in person.texts)


def test_the_story_on_viber_telegram_and_the_desk(tmp_path: Path) -> None:
    with FakeTelegram() as public, FakeViber() as viber:
        desk = public.second(DESK_TOKEN)
        group = desk.group(-1004711)
        leader = desk.person(303)
        group.make_forum(leader)
        with three_platforms(tmp_path, viber, public, desk, group) as product:
            all_there(product)
            child, parent, staff = viber.person("mila"), public.person(202), public.person(303)

            welcomed(child, band="Under 14")
            agrees(parent, asks_parent(child))
            child.wait(sr("📅 Go on with the booking"), WITHIN, since=0)
            do(child, ("[📅 Go on with the booking]", "Yes, please"), ("[Yes, please]", BOOKED))

            joins(staff, product.invite_staff())

            do(child, ("čovek", "Napišite o čemu je reč"), (ASKED, "Poruka je kod našeg tima."))
            product.wait_until(lambda: any(ASKED in shown.text for shown in group.shown), WITHIN)
            topic = next(shown.thread for shown in group.shown if ASKED in shown.text)
            assert topic in group.topics
            group.write(leader, ANSWERED, topic)
            child.wait(ANSWERED, WITHIN)
            assert not any(words in text for words in (ASKED, ANSWERED) for text in parent.texts), "that is the child's"
            do(child, ("[Odgovori timu]", "Napišite odgovor"), ("menu", MENU))

            for _quarter in range(9 * 4):  # a quarter of a day at a time: less than lies between two reminders
                product.advance(DAY / 4)
                if parent.find(REMINDER, since=0):
                    break
            parent.wait(REMINDER, WITHIN, since=0)
            child.wait(REMINDER, WITHIN, since=0)
            assert how_often(REMINDER, child) == 1
            assert sum(REMINDER in text for text in parent.texts) == 1

            at_desk(group, leader, *to_young_people(WANTED))
            for _hour in range(15):  # at night people are not written to: it goes out in the morning
                if child.find(WANTED, since=0):
                    break
                product.advance(3600)
            child.wait(WANTED, WITHIN, since=0)
            assert how_often(WANTED, child) == 1
            numbers = set(re.findall(r"Broj: (\d+)", "\n".join(child.texts)))
            assert len(numbers) == 1, "the booking was made once"
            assert [call for call in viber.history if call.status != 0] == [], "Viber refused nothing"
            assert viber.methods.bad_welcomes == []
            product.wait_until(lambda: all(callback.done for callback in viber.callbacks.all), WITHIN)
            assert public.unanswered == []
        log = product.log.read_text(encoding="utf-8")
        for secret in (public.token, desk.token, viber.token, child.id, ASKED, ANSWERED):
            assert secret not in log
        assert "Traceback" not in log
