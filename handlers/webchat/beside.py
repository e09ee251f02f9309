"""Beside the chat: a private link to come back with, forgetting, and leaving quickly."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.channel import Request, Response, Route
from handlers.webchat.house import House, Visitor, to
from handlers.webchat.reading import BadForm, Form, read_form
from handlers.webchat.sessions import fresh_key, is_key, key_hash


class Beside:
    """Answers the requests beside one web chat."""

    def __init__(self, house: House) -> None:
        self._house = house

    def routes(self) -> Sequence[Route]:
        """The paths beside the chat. Only posts change anything that stays."""
        return (
            Route("POST", "/chat/link", self.make_link),
            Route("POST", "/chat/key", self.come_back),
            Route("GET", "/chat/forget", self.ask_to_forget),
            Route("POST", "/chat/forget", self.forget),
            Route("GET", "/chat/exit", self.leave_quickly),
            Route("POST", "/chat/show", self.show_again),
        )

    async def make_link(self, request: Request) -> Response:
        """A new private link; the one before it ends."""
        house, form, visitor = self._house, self._form(request), await self._ours(request)
        if visitor is None:
            return to("/chat", seat=house.seat(form.get("seat")))
        key = fresh_key()
        await house.transcript.add_key(key_hash(f"link:{key}"), visitor.external_id, "link")
        host = house.public_url or f"http://{request.headers.get('Host', 'localhost')}"
        return house.plain(request, "link", seat=visitor.seat, value=f"{host}/chat?key={key}")

    async def come_back(self, request: Request) -> Response:
        """Open the chat of a private link here. The phone gets a key of its own."""
        house, form = self._house, self._form(request)
        link = form.get("key")
        if not house.trying.allows(request.remote):
            return house.plain(request, "full", status=429)
        external_id = await house.transcript.opens(key_hash(f"link:{link}"), "link") if is_key(link) else None
        if external_id is None:
            return house.plain(request, "no link", status=404)
        key = fresh_key()
        await house.transcript.add_key(key_hash(key), external_id)
        await house.transcript.use_key(key_hash(key))
        return to("/chat#end", house.cookies.keeping(key, ""), house.cookies.showing(""))

    async def ask_to_forget(self, request: Request) -> Response:
        """What forgetting means, and whether it is meant."""
        house = self._house
        seat = house.seat(request.query.get("seat", ""))
        visitor = await house.visitor(request, seat)
        if visitor is None:
            return to("/chat", seat=seat)
        linked = "linked" if await house.transcript.has_link(visitor.external_id) else ""
        return house.plain(request, "forget", seat=seat, token=house.cookies.token(visitor.key), value=linked)

    async def forget(self, request: Request) -> Response:
        """Take the chat off this phone. Without a private link nothing leads back, so nothing is written there."""
        house, visitor = self._house, await self._ours(request)
        if visitor is None:
            return to("/chat")
        linked = await house.transcript.forget_device(visitor.external_id)
        if not linked:
            await house.hand_over(visitor, f"l.{fresh_key()}", request, event="left")
        house.watching.wake(visitor.external_id)
        answer = house.plain(request, "forgotten", seat=visitor.seat)
        dropped = (*answer.headers, house.cookies.dropping(visitor.seat), ("Clear-Site-Data", '"cache", "storage"'))
        return Response(answer.status, answer.body, answer.media_type, dropped)

    async def leave_quickly(self, request: Request) -> Response:
        """Away to a neutral page. Who then goes back sees nothing of the chat until they ask for it."""
        house = self._house
        seat = house.seat(request.query.get("seat", ""))
        hide = house.cookies.hiding(seat)
        return to("/chat", hide, seat=seat) if seat else to(house.exit_url, hide)

    async def show_again(self, request: Request) -> Response:
        """The chat is to be seen again."""
        house = self._house
        seat = house.seat(self._form(request).get("seat"))
        return to("/chat#end", house.cookies.showing(seat), seat=seat)

    def _form(self, request: Request) -> Form:
        try:
            return read_form(request.headers.get("Content-Type", ""), request.body)
        except BadForm:
            return Form()

    async def _ours(self, request: Request) -> Visitor | None:
        """Who sent this form, if it was a form of ours."""
        house, form = self._house, self._form(request)
        visitor = await house.visitor(request, house.seat(form.get("seat")))
        if visitor is None or not house.cookies.token_fits(visitor.key, form.get("token")):
            return None
        return visitor
