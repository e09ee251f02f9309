"""Talking in the web chat with script off: plain forms, one effect of each, and thirty bubbles a page."""

from __future__ import annotations

import re
from html import unescape

from conversations.speech import Spoken, SpokenButton
from models.messages.message import Inbox
from tests.handlers.webchat.kit import count, external_id
from tests.web import Phone, WebHouse


async def test_a_first_visit_is_greeted_and_the_talk_goes_on_by_plain_forms(phone: Phone) -> None:
    assert phone.bubbles() == ["< What now?"]
    await phone.tap("Say it back")
    await phone.write("добар дан <b>")
    assert phone.bubbles() == [
        "< What now?",
        "> Say it back",
        "< Which words?",
        "> добар дан <b>",
        "< You said: добар дан <b>",
        "< What now?",
    ]
    assert "<b>" not in phone.html.replace("&lt;b&gt;", "")


async def test_after_a_post_the_page_can_be_reloaded_without_posting_again(phone: Phone) -> None:
    await phone.tap("Say it back")
    assert phone.address.startswith("/chat")
    before = phone.bubbles()
    await phone.open(phone.address)
    assert phone.bubbles() == before


async def test_a_form_sent_twice_has_one_effect(house: WebHouse, phone: Phone) -> None:
    form = next(form for form in phone.forms() if "Say it back" in form["buttons"])
    fields = {**form["fields"], "tap": form["buttons"]["Say it back"]}
    await phone.post("/chat", fields)
    once, taken = phone.bubbles(), await count(house, Inbox)
    await phone.post("/chat", fields)
    assert phone.bubbles() == once
    assert await count(house, Inbox) == taken


async def test_buttons_of_an_answered_question_are_not_offered_again(phone: Phone) -> None:
    await phone.tap("Say it back")
    assert not any("Say it back" in form["buttons"] for form in phone.forms())


async def test_a_reminders_button_stays_when_a_question_has_been_answered(house: WebHouse, phone: Phone) -> None:
    me = await external_id(house)
    reminder = (SpokenButton("I can't come", "s.abc"), SpokenButton("Stop messages", "w.stop", quiet=True))
    await house.channel.send(me, Spoken("Maths on Friday", "en", reminder))
    await house.channel.send(me, Spoken("And now?", "en", (SpokenButton("Old", "1.x"),)))
    await phone.open()
    await phone.write("something else")
    labels = [label for form in phone.forms() for label in form["buttons"]]
    assert "I can't come" in labels
    assert "Stop messages" in labels
    assert "Old" not in labels


async def test_a_link_in_news_stays_when_something_else_was_written(house: WebHouse, phone: Phone) -> None:
    me = await external_id(house)
    await house.channel.send(me, Spoken("A vote in the club", "en", (SpokenButton("Vote", "l.krusevac-klub"),)))
    await phone.open()
    await phone.write("something else")
    assert "Vote" in [label for form in phone.forms() for label in form["buttons"]]


async def test_browsing_takes_the_place_of_the_page_before(phone: Phone) -> None:
    await phone.tap("Look at fruit")
    assert sum("Apple from Bor" in bubble for bubble in phone.bubbles()) == 1
    await phone.tap("More")
    text = "\n".join(phone.bubbles())
    assert "Quince from Bor" in text
    assert "Apple from Bor" not in text
    assert "> More" not in text


async def test_a_place_a_page_and_a_file_are_there_to_be_opened(phone: Phone) -> None:
    await phone.tap("Everything at once")
    assert 'href="geo:44.074000,22.096000"' in phone.html
    assert 'href="https://example.org/a?b=1&amp;c="' in phone.html
    assert 'href="https://example.org/page"' in phone.html
    assert "Day centre &lt;b&gt;" in phone.html
    path = re.findall(r'href="(/chat/file/\d+)" download', phone.html)[0]
    async with phone.session.get(path) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/calendar"
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''visit.ics"
        assert (await answer.read()).startswith(b"BEGIN:VCALENDAR\r\n")


async def test_only_thirty_bubbles_are_on_a_page_and_the_earlier_ones_behind_a_link(
    house: WebHouse, phone: Phone
) -> None:
    me = await external_id(house)
    for number in range(40):
        await house.channel.send(me, Spoken(f"news {number}", "en"))
    await phone.open()
    assert len(phone.bubbles()) == 30
    assert phone.bubbles()[-1] == "< news 39"
    await phone.open(unescape(re.findall(r'href="(/chat\?before=[^"]+)"', phone.html)[0]))
    assert phone.bubbles()[-1] == "< news 9"


async def test_the_page_speaks_the_language_of_the_conversation(house: WebHouse, phone: Phone) -> None:
    assert '<html lang="en">' in phone.html
    await house.channel.send(await external_id(house), Spoken("Здравей", "bg"))
    await phone.open()
    assert '<html lang="bg">' in phone.html
    assert "Изпрати" in phone.html


async def test_a_deep_link_opens_with_its_payload_and_leaves_the_address_bar(house: WebHouse) -> None:
    async with Phone(house) as phone:
        await phone.open("/chat?start=NOTHING-LIKE-THIS")
        assert "NOTHING" not in phone.address
        assert any("does not work any more" in bubble for bubble in phone.bubbles())
