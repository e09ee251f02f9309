"""The story of the stage through the Telegram protocol: welcome, guardian, booking, reminder, call, broadcast."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.telegram import FakeTelegram
from tests.outside.product import Product
from tests.outside.talking import MENU, WITHIN, agrees, asks_parent, do, finds_maths, how_often, joins, sr, welcomed

DAY = 24 * 3600.0
REMINDER = "🔔"
WANTED = "Tražimo praktikante."
SIGNED = f"{WANTED}\n—"
"""As people get it: under the name of the organisation. The preview for staff looks the same."""


def test_the_story_from_outside(tmp_path: Path) -> None:
    with FakeTelegram() as fake:
        with Product(tmp_path, telegram_token=fake.token, telegram_api_url=fake.url) as product:
            product.wait_for_telegram()
            child, parent, staff = fake.person(101), fake.person(202), fake.person(303)

            welcomed(child, band="Under 14")
            agrees(parent, asks_parent(child))
            child.wait(sr("📅 Go on with the booking"), WITHIN, since=0)

            do(child, ("menu", MENU))
            do(child, (finds_maths(child), "Yes, please"))
            do(child, ("[Yes, please]", "Mesto je rezervisano"))
            product.wait_until(lambda: fake.calls("sendVenue") and fake.calls("sendDocument"), WITHIN)

            joins(staff, product.invite_staff())

            for _quarter in range(9 * 4):  # a quarter of a day at a time: less than lies between two reminders
                product.advance(DAY / 4)
                if parent.find(REMINDER, since=0):
                    break
            parent.wait(REMINDER, WITHIN, since=0)
            child.wait(REMINDER, WITHIN, since=0)
            assert [how_often(REMINDER, person) for person in (parent, child, staff)] == [1, 1, 0]

            do(
                staff,
                ("/new", "What would you like to publish?"),
                ("[💼 Internship, job or training]", "What kind is it? People can look for it by this."),
                ("[Internship]", "What is it called? A few plain words that a child understands."),
                (
                    "Praksa u pekari",
                    "Describe it in two or three sentences: what happens there, and what is it good for?",
                ),
                ("Učimo da pečemo hleb.", "Done"),
                ("[Done]", "None of these"),
                ("[None of these]", "In which town is it?"),
                ("Bor", "Where exactly?"),
                ("[Not known yet]", "Everybody"),
                ("[Everybody]", "Skip"),
                ("[Skip]", "Until when can people register? A day is enough, for example: 26.11."),
                ("1", "How many people can be chosen?"),
                ("5", "When should people be reminded?"),
                ("1", "For which ages? Choose nothing for everybody."),
                ("[Done]", "✅ Publish"),
                ("[✅ Publish]", "Would you like to tell people about it now?"),
                ("[📣 Yes, write a message]", "Who should get it?"),
                ("1", "What should the message say? Short and plain is best."),
                (WANTED, "Done"),
                ("[Done]", "📤 Send now"),
                ("[📤 Send now]", "Yes, send it"),
                ("[Yes, send it]", "📤 It is going out."),
            )
            for _hour in range(15):  # at night people are not written to: it goes out in the morning
                if child.find(SIGNED, since=0):
                    break
                product.advance(3600)
            child.wait(SIGNED, WITHIN, since=0)
            do(child, ("[Look]", "Praksa u pekari"))
            assert [how_often(SIGNED, person) for person in (parent, child)] == [0, 1], "it went to people in Bor"
            assert [how_often(REMINDER, person) for person in (parent, child)] == [1, 1]

            status, body = product.get("/metrics")
            assert status == 200
            assert b"putokaz_arrivals" in body
            assert product.health() is not None
            assert fake.unanswered == []
        log = product.log.read_text(encoding="utf-8")
        assert fake.token not in log
        assert "Traceback" not in log
