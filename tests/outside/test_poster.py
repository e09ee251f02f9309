"""A coordinator has a poster drawn in the chat: the file comes, and its code leads where it says."""

from __future__ import annotations

from pathlib import Path

from tests.fakes.telegram import FakeTelegram
from tests.outside.product import Product
from tests.outside.talking import MATHS, WITHIN, do, sr, welcomed

DRAWN_WITHIN = 90.0
"""Seconds for the very first drawing on a busy machine: the library looks through the fonts."""
PRINT_IT = "Print it on A4 paper; black and white will do. Page 1 is for the wall. Cut page 2 into eight cards."


def test_a_poster_comes_as_a_file_and_its_code_leads_in(tmp_path: Path) -> None:
    with FakeTelegram() as fake:
        fake.rate = None
        with Product(tmp_path, telegram_token=fake.token, telegram_api_url=fake.url) as product:
            product.wait_for_telegram()
            staff, other = fake.person(303), fake.person(101)
            welcomed(other)
            staff.start(product.invite_staff())
            staff.wait("Putokaz", WITHIN)
            do(
                staff,
                ("[Srpski]", "Yes"),
                ("[Yes]", "Welcome to the team! Everything for staff is in the menu, under “For staff”."),
                ("/poster", "Of which town?"),
                ("Pirot", "In which language?"),
                ("[Български]", "What for?"),
                ("[🖨 To print: a poster and cards]", "🖨 It is being drawn. One moment …"),
            )
            do(other, ("matematika", MATHS[1:-1]))
            product.wait_until(lambda: fake.calls("sendDocument"), DRAWN_WITHIN)
            file = staff.wait(lambda shown: shown.file is not None, WITHIN, since=0).file
            assert file is not None
            name, content = file
            assert name == "putokaz-pirot-bg.pdf"
            assert content.startswith(b"%PDF-")
            assert b"/FontFile2" in content
            staff.wait(sr(PRINT_IT), WITHIN, since=0)
            status, page = product.get("/go/pirot")
            assert status == 200
            assert b"https://t.me/demo_bot?start=pirot" in page
            other.start("pirot")
            other.wait("Pirot", WITHIN)
        log = product.log.read_text(encoding="utf-8")
        assert "Traceback" not in log
        assert "a poster was not drawn" not in log
