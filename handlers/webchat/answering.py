"""The chat itself: its page, what is posted from it, its live stream, and the files in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from handlers.channel import Request, Response, Route
from handlers.webchat.house import House, Visitor, page, to
from handlers.webchat.reading import BadForm, Form, heard_in, message_id, read_form
from handlers.webchat.sessions import fresh_key, key_hash
from handlers.webchat.transcript import Line
from handlers.webchat.views import ChatView, Notice
from handlers.webchat.writing import bubble, bubbles, label_of

SHOWN = 30
"""How many bubbles a page shows; the earlier ones are behind a link."""
_STATUS: dict[Notice, int] = {
    "too long": 413,
    "too big": 413,
    "unreadable": 400,
    "too fast": 429,
    "old form": 403,
}
_INLINE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "audio/ogg", "audio/mpeg", "audio/webm", "audio/mp4"}
)
_HANDED_OUT = frozenset({"text/calendar", "application/pdf", "text/csv"})


class Answering:
    """Answers the requests of one web chat."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> Sequence[Route]:
        """The paths of the chat."""
        return (
            Route("GET", "/chat", self.look),
            Route("POST", "/chat", self.post),
            Route("GET", "/chat/events", self.events),
            Route("GET", "/chat/file/{line}", self.file),
        )

    async def look(self, request: Request) -> Response:
        """The page. A first visit gets its cookie here and is greeted once the browser brings it back."""
        house, query = self._house, request.query
        seat = house.seat(query.get("seat", ""))
        if house.cookies.hidden(request.headers, seat):
            return house.plain(request, "hidden", seat=seat)
        if query.get("key"):
            return house.plain(request, "come back", value=query["key"][:64])
        start, visitor = query.get("start", ""), await house.visitor(request, seat)
        met: Visitor | Response | None = None
        if visitor is None:
            met = await self._meet(request, seat, start)
            if isinstance(met, Response):
                return met
            visitor = met
        if start:
            await house.hand_over(visitor, f"s.{fresh_key()}", request, event="opened", link=start)
            await house.settled(visitor.external_id)
            return to("/chat#end", seat=seat)
        if met or not await house.transcript.before(visitor.external_id, None, 1):
            # one greeting a minute at most for a key, however many pages are opened at once
            once = fresh_key() if met and seat else f"{house.now():%Y%m%d%H%M}"
            greeting = f"o.{key_hash(visitor.key)}.{once}"
            await house.hand_over(visitor, greeting, request, event="opened")
            await house.settled(visitor.external_id)
        kept = house.cookies.keeping(visitor.key, "") if not seat else None
        earlier = query.get("before", "")
        before = int(earlier) if earlier.isdecimal() and len(earlier) < 19 else None
        answer = await self._page(request, visitor, before=before)
        return replace(answer, headers=(*answer.headers, kept)) if kept else answer

    async def post(self, request: Request) -> Response:
        """What somebody wrote, tapped or sent. It takes effect once, however often it is posted."""
        house = self._house
        try:
            form = read_form(request.headers.get("Content-Type", ""), request.body)
        except BadForm:
            form = Form()
        seat = house.seat(form.get("seat") or request.query.get("seat", ""))
        visitor = await house.visitor(request, seat)
        if visitor is None:
            return house.plain(request, "lost", seat=seat, status=403, value=form.get("text"))
        if not house.cookies.token_fits(visitor.key, form.get("token")):
            return await self._page(request, visitor, notice="old form", draft=form.get("text"))
        if not house.sending.allows(visitor.external_id):
            return await self._page(request, visitor, notice="too fast", draft=form.get("text"))
        try:
            await self._take(request, visitor, form)
        except BadForm as bad:
            return await self._page(request, visitor, notice=bad.why, draft=bad.text)
        if request.headers.get("X-Live"):
            return Response(204, headers=(("Cache-Control", "no-store"),))
        await house.settled(visitor.external_id)
        return to("/chat#end", seat=seat)

    async def _take(self, request: Request, visitor: Visitor, form: Form) -> None:
        house, external_id = self._house, visitor.external_id
        heard = heard_in(form)
        if not (heard.text or heard.tap or heard.attachment):
            return
        name = message_id(external_id, form)
        of = form.get("of") if heard.tap else ""
        shown = int(of) if of.isdecimal() and len(of) < 19 else None
        asked = await house.transcript.line(external_id, shown) if shown is not None else None
        text = (label_of(asked, heard.tap) or "…") if heard.tap else heard.text
        attached = heard.attachment.name or heard.attachment.kind if heard.attachment else ""
        line = Line(0, "person", house.now(), text=text, attached=attached, of=asked.id if asked else None)
        await house.transcript.said(external_id, name, line)
        house.watching.wake(external_id)
        await house.hand_over(
            visitor, name, request, heard=heard, shown_id=str(asked.id) if asked and heard.tap else ""
        )

    async def events(self, request: Request) -> Response:
        """The live stream: what came after the last bubble that the page has."""
        house = self._house
        seat = house.seat(request.query.get("seat", ""))
        visitor = await house.visitor(request, seat)
        if visitor is None or house.watching.full:
            # 204 tells an EventSource not to come back
            return Response(204)
        seen = request.headers.get("Last-Event-ID", "") or request.query.get("after", "")
        after = int(seen) if seen.isdecimal() and len(seen) < 19 else 0
        # in the language in which the chat is held, which may change while the page is open
        last = await house.transcript.before(visitor.external_id, None, SHOWN)
        view = replace(self._view(request, visitor, ()), language=self._language(request, last))

        def draw(line: Line) -> str:
            nonlocal view
            view = replace(view, language=line.message.language if line.message else view.language, nonce=fresh_key())
            return house.pages.bubble(bubble(line, seat), view)

        async def still_open() -> bool:
            return await house.visitor(request, seat) is not None

        stream = house.watching.stream(visitor.external_id, after, house.transcript, draw, still_open)
        headers = (("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"))
        return Response(200, media_type="text/event-stream", headers=headers, stream=stream)

    async def file(self, request: Request) -> Response:
        """A file that stands in the visitor's own chat; nobody else's browser gets it."""
        house = self._house
        number = request.path.rpartition("/")[2]
        visitor = await house.visitor(request, house.seat(request.query.get("seat", "")))
        if visitor is None or not number.isdecimal() or len(number) > 18:
            return Response(404, b"", "text/plain")
        found = await house.transcript.file(visitor.external_id, int(number))
        if found is None:
            return Response(404, b"", "text/plain")
        kind = found.media_type.partition(";")[0].strip().lower()
        how = "inline" if kind in _INLINE else "attachment"
        media_type = found.media_type if kind in _INLINE | _HANDED_OUT else "application/octet-stream"
        name = quote(found.name or "file", safe="")
        headers = (
            ("Content-Disposition", f"{how}; filename*=UTF-8''{name}"),
            ("Cache-Control", "private, no-store"),
            ("Content-Security-Policy", "default-src 'none'; sandbox"),
        )
        return Response(200, found.content, media_type, headers)

    async def _page(
        self,
        request: Request,
        visitor: Visitor,
        *,
        notice: Notice = "",
        draft: str = "",
        before: int | None = None,
    ) -> Response:
        lines = await self._house.transcript.before(visitor.external_id, before, SHOWN + 1)
        view = self._view(request, visitor, lines[-SHOWN:])
        earlier = lines[-SHOWN].id if len(lines) > SHOWN else None
        view = replace(view, notice=notice, draft=draft, earlier=earlier, past=before is not None)
        return page(self._house.pages.chat(view), _STATUS.get(notice, 200))

    def _language(self, request: Request, lines: Sequence[Line]) -> str:
        """The language in which the chat is held; before anything is said, one that the browser asks for."""
        spoken = (line.message.language for line in reversed(lines) if line.message)
        return next(spoken, "") or self._house.pages.language(request.headers.get("Accept-Language", ""))

    def _view(self, request: Request, visitor: Visitor, lines: Sequence[Line]) -> ChatView:
        return ChatView(
            language=self._language(request, lines),
            bubbles=bubbles(lines, visitor.seat),
            token=self._house.cookies.token(visitor.key),
            nonce=fresh_key(),
            seat=visitor.seat,
            last=max((line.id for line in lines), default=0),
        )

    async def _meet(self, request: Request, seat: str, start: str) -> Visitor | Response:
        """Somebody whose browser brought no key of ours: they get one, or begin with the one just given."""
        house = self._house
        if seat:
            return await house.begin(house.seats[seat], seat)
        key = house.cookies.key(request.headers, "")
        if "hello" in request.query:
            return await house.begin(key, "") if key else house.plain(request, "cookies", value=start)
        if not house.opening.allows(request.remote):
            return house.plain(request, "full", status=429)
        # nothing is stored until the cookie comes back: whoever only looks in leaves no trace
        return to("/chat", house.cookies.keeping(fresh_key(), ""), hello="1", start=start)
