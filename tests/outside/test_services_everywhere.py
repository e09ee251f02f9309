"""Services on all channels at once: appointments and papers on Viber, a course and a survey on Telegram, answers, news
and seats on the web page without script; staff at the desk and by the public bot."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram.people import Person
from tests.fakes.viber import FakeViber
from tests.fakes.viber.people import Person as ViberPerson
from tests.outside.product import Product
from tests.outside.talking import MENU, WITHIN, at_desk, do, joins, sr, tap, welcomed
from tests.outside.test_story_everywhere import DESK_TOKEN, all_there, three_platforms
from tests.transcripts.playing import FOLDER
from tests.web import Phone

MARK = "Zvezdokljun"
ALONE = "That is yours alone. Write it to me in a private chat."
SLOW = 2 * WITHIN


def to_morning(product: Product) -> None:
    """Go on to ten o'clock of a Monday, when people are awake and a whole week of dates lies ahead."""
    now = datetime.now(ZoneInfo("Europe/Belgrade"))
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=10, minute=0)
    product.advance((monday - now).total_seconds())


def books_moves_and_prints(child: ViberPerson, paper: bytes) -> None:
    """A young person on Viber makes an appointment, moves it, and sends something to be printed."""
    welcomed(child)
    do(
        child,
        ("čovek", "🗣 I want to talk, face to face"),
        ("[🗣 I want to talk, face to face]", "Neko za razgovor: gde?"),
        ("1", "Sa ženom ili sa muškarcem?"),
        ("1", "Na kom jeziku?"),
        ("1", "Koji dan odgovara?"),
        ("1", "U koliko sati?"),
        ("1", "Da zakažemo ovaj termin?"),
        ("1", "Termin je zakazan"),
    )
    child.wait(sr(MENU), WITHIN)
    do(
        child,
        ("moje prijave", "Vaš termin"),
        ("1", "🔁 Another time"),
        ("[🔁 Another time]", "Koji dan odgovara?"),
        ("2", "U koliko sati?"),
        ("1", "Da zakažemo ovaj termin?"),
        ("1", "Pomereno je."),
        ("meni", MENU),
        ("štampanje", "Računari i štampanje"),
        ("1", "Šta Vam treba?"),
        ("2", "📎 Send the file here"),
        ("[📎 Send the file here]", "Pošaljite rad"),
    )
    child.sends_file(paper, name=f"{MARK}.pdf")
    child.wait("Čeka na štampu: broj", WITHIN)


def enrols(youth: Person) -> None:
    """Somebody on Telegram enrols in a course once, for all its meetings."""
    welcomed(youth)
    do(youth, ("bezbednost na internetu", "Bezbednost na internetu"), ("1", "Jedna prijava važi za sve susrete."))
    tap(youth, next(label for label in youth.last.labels if label.startswith("✍️")))
    youth.wait("Da prijavimo za sve susrete?", WITHIN)
    do(youth, ("1", "Mesto je rezervisano"))


async def without_script(product: Product) -> str:
    """Somebody with a plain browser reads an answer, subscribes to news and takes a seat. The last page."""
    async with Phone(product, language="en") as phone:
        await phone.open("/chat")

        async def act(what: str, answer: str) -> None:
            await (phone.tap(what[1:-1]) if what.startswith("[") else phone.write(what))
            for _look in range(100):
                if answer in "\n".join(phone.bubbles()) + phone.html:
                    return
                await asyncio.sleep(0.1)
                await phone.open("/chat")
            raise AssertionError(f"{what!r} was not answered with {answer!r}: {phone.bubbles()[-3:]}")

        for what, answer in (
            ("[English]", "All right"),
            ("[All right]", "How old are you?"),
            ("[18 or more]", "Which town"),
            ("bor", "Done"),
        ):
            await act(what, answer)
        for _step in range(3):
            if "🔎 What is on" in phone.html:
                break
            await phone.tap("Done" if any("Done" in form["buttons"] for form in phone.forms()) else "Yes")
        for what, answer in (
            ("/help", "📖 Answers by topic"),
            ("[📖 Answers by topic]", "Which of these is it?"),
            ("1", "Tap a question."),
            ("1", "Did this help?"),
            ("[👍 Yes]", "Good to know, thank you."),
            ("/news", "🎓 Workshops"),
            ("[🎓 Workshops]", "🔔 On: 🎓 Workshops"),
            ("/menu", "🔎 What is on"),
            ("printing", "Computers and printing"),
            ("1", "🖥 4 seats"),
            ("1", "Which day?"),
            ("1", "At what time?"),
            ("1", "Shall we book this?"),
            ("1", "The place is booked."),
        ):
            await act(what, answer)
        return phone.html


def test_the_services_on_viber_telegram_the_web_and_the_desk(tmp_path: Path) -> None:
    paper = (FOLDER / "files" / "seminarski.pdf").read_bytes()
    with FakeTelegram() as public, FakeViber() as viber:
        desk = public.second(DESK_TOKEN)
        group = desk.group(-1004712)
        leader = desk.person(303)
        group.make_forum(leader)
        with three_platforms(tmp_path, viber, public, desk, group) as product:
            all_there(product)
            to_morning(product)
            child, youth, staff = viber.person("mila"), public.person(202), public.person(303)
            joins(staff, product.invite_staff("--organisation", "kokoro"))
            books_moves_and_prints(child, paper)
            enrols(youth)
            page = asyncio.run(without_script(product))
            assert "<script" not in page or "src=" in page

            at_desk(
                group,
                leader,
                ("/prints", ALONE),
                ("/survey", "What is the survey about? A few plain words."),
                ("Centar i mi", "🙈 Without names"),
                ("[🙈 Without names]", "Done"),
                ("[Done]", "😊😐🙁 Faces"),
                ("[😊😐🙁 Faces]", "What do you ask?"),
                ("Kako je ovde?", "✅ No more questions"),
                ("[✅ No more questions]", "Young people"),
                ("[Young people]", "All of them"),
                ("[All of them]", "Until when can people answer? A day is enough, for example: 26.11."),
                ("1", "📤 Send now"),
                ("[📤 Send now]", "Yes, send it"),
                ("[Yes, send it]", ALONE),
            )
            for somebody in (youth, child):
                somebody.wait(sr("✍️ Answer"), SLOW, since=0)
                do(somebody, ("[✍️ Answer]", "✍️ Begin"), ("[✍️ Begin]", "Kako je ovde?"))
                do(somebody, ("1", "📨 Send"), ("[📨 Send]", "Hvala!"))
            do(staff, ("/surveys", "Centar i mi"), ("1", "Odgovori: 2 od"), ("[⏹ End it now]", "Yes"))

            staff.wait("🔁 Termin je pomeren", WITHIN, since=0)
            do(
                staff,
                ("/calendar", "Čiji kalendar?"),
                ("1", "Koji dan?"),
                ("/prints", "Broj 1001"),
                ("1", "📎 Give me the file"),
                ("[📎 Give me the file]", "It is nobody else's to read."),
            )
            file = staff.wait(lambda shown: shown.kind == "document", WITHIN).file
            assert file is not None
            assert file[1] == paper
            staff.wait(sr("✅ It is printed"), WITHIN)  # the question comes again below the file
            do(staff, ("[✅ It is printed]", "✅ The person is told to collect it. Nothing is kept here."))
            child.wait("Odštampano", WITHIN, since=0)

            assert not any(MARK in text for text in staff.texts), "what a file is called is nobody's to read"
            assert [call for call in viber.history if call.status != 0] == [], "Viber refused nothing"
            assert public.unanswered == []
        log = product.log.read_text(encoding="utf-8")
        for secret in (public.token, desk.token, viber.token, child.id, MARK):
            assert secret not in log
        assert "Traceback" not in log
