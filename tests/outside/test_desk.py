"""The desk through the Telegram protocol: a request, its topic, the answer; what is broken in the group and mended."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from tests.fakes.telegram import FakeTelegram, Group, Person
from tests.outside.product import Product
from tests.outside.talking import WITHIN

TOKEN = "5822:FAKE-desk-token-for-tests-00000000"  # opens nothing: the fake's own
GROUP = -1009
MARK = "Zvezdokljun"


def colleague(product: Product, person: Person) -> None:
    """Somebody joins the team on the public bot."""
    person.start(product.invite_staff("--organisation", "kokoro"))
    person.wait("Putokaz", WITHIN)
    person.tap("English")
    person.wait("Is that right?", WITHIN)
    person.tap("Yes")
    person.wait("Welcome to the team!", WITHIN)


def asks(person: Person, words: str) -> None:
    person.start()
    person.wait("", WITHIN)
    person.write("/person")
    person.wait("", WITHIN)
    person.write(words)
    person.wait("", WITHIN)


def thread_of(product: Product, group: Group) -> int:
    product.wait_until(lambda: bool(group.topics), WITHIN)
    return next(reversed(group.topics))


def test_a_request_an_answer_and_everything_that_can_happen_to_a_group(tmp_path: Path) -> None:
    with FakeTelegram() as fake:
        at_desk = fake.second(TOKEN)
        ana, child = at_desk.person(303), fake.person(101)
        group = at_desk.group(GROUP).make_forum(ana)
        settings = {
            "telegram_token": fake.token,
            "telegram_api_url": fake.url,
            "desk_token": TOKEN,
            "desk_group": str(GROUP),
        }
        with Product(tmp_path, **settings) as product:
            product.wait_until(lambda: ((product.health() or {}).get("channels") or {}).get("desk") == "ok")
            product.wait_for_telegram()
            colleague(product, fake.person(303))

            asks(child, MARK)
            thread = thread_of(product, group)
            group.wait(f"👤 {MARK}", WITHIN, since=0, thread=thread)
            group.write(ana, "Come on Friday.", thread)
            child.wait("Come on Friday.", WITHIN, since=0)
            product.wait_until(lambda: list(group.reactions.values()) == [["👍"]], WITHIN)

            group.write(ana, "/lists")
            offered = group.wait("Which list", WITHIN, thread=0)
            people = next(label for label in offered.labels if label.startswith("👥"))
            group.press(ana, people, offered)
            file = group.wait(lambda shown: shown.kind == "document", WITHIN).file
            assert file is not None
            with zipfile.ZipFile(BytesIO(file[1])) as book:
                assert "xl/workbook.xml" in book.namelist()
            group.press(ana, "📈 Registrations", offered)
            picture = group.wait(lambda shown: shown.kind == "photo", 4 * WITHIN).file
            assert picture is not None
            assert picture[1].startswith(b"\x89PNG")

            group.delete_topic(thread)
            child.write("/person")
            child.wait("", WITHIN)
            child.write("And on Monday?")
            product.wait_until(lambda: group.find("👤 And on Monday?") is not None, WITHIN)
            again = thread_of(product, group)
            assert again != thread
            assert group.find(f"👤 {MARK}", thread=again), "the new topic has all of it"

            group.kick_bot(ana)
            product.wait_until(lambda: "desk: not a member" in (product.health() or {}).get("wrong", []), WITHIN)
            child.write("Still there?")
            child.wait("", WITHIN)
            assert "not in the group" in product.run("check").stdout
            group.promote_bot(ana)
            product.wait_until(lambda: group.find("👤 Still there?") is not None, WITHIN)
            product.wait_until(lambda: (product.health() or {}).get("status") == "ok", WITHIN)
            assert "with topics, all rights, for kokoro" in product.run("check").stdout, "the only one with staff"

            moved = group.upgrade(ana, -2002)
            child.write("Hello from the new number")
            product.wait_until(lambda: moved.find("👤 Hello from the new number", thread=again) is not None, WITHIN)
            assert at_desk.unanswered == []
        log = product.log.read_text(encoding="utf-8")
        assert TOKEN not in log
        assert MARK not in log
        assert "Traceback" not in log
