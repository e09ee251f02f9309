"""The web server: the channels' own paths, the stage or the chat at `/`, health, metrics, privacy."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, Protocol

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Handler, Middleware

from bot.running.logs import log
from bot.web.callers import Network, seen_from
from bot.web.pages import WebPages, statics
from bot.web.runner import Runner
from bot.web.security import guarding, hardening
from bot.web.stage import Stage, StagePages
from handlers.channel import Channel, Request, Response, Route
from handlers.webchat.house import NotOpen

LARGEST_BODY = 5_200_000
"""The most bytes of one request: a file of 5 MB and the form around it."""


Report = Callable[[], Awaitable[tuple[int, dict[str, Any]]]]
"""What `/health` answers: the status, 503 when something is wrong, and what there is to say."""
Counted = Callable[[], Awaitable[tuple[bytes, str]]]
"""What `/metrics` answers: the text and its content type."""


class Looks(Protocol):
    """Pages about one thing each."""

    async def look(self, request: web.Request) -> web.StreamResponse:
        """The page that was asked for."""
        ...


class Books(Looks, Protocol):
    """The same, with a page that lists them."""

    async def book(self, request: web.Request) -> web.StreamResponse:
        """All of them."""
        ...


def make_app(
    *,
    channels: Sequence[Channel],
    pages: WebPages,
    health: Report,
    metrics: Counted | None = None,
    stage: Stage | None = None,
    go: Books | None = None,
    certificates: Looks | None = None,
    public_url: str = "",
    trusted: Sequence[Network] = (),
) -> web.Application:
    """The application. With a `stage`, `/` shows it; else `/` leads to the web chat. `go` is where posters lead,
    `certificates` where anybody checks one.

    `public_url` is the https address that people come by, if there is one; `trusted` are the web servers before it.
    """
    around = [seen_from(trusted), _catching(pages), guarding(public_url)]
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=around)
    app.on_response_prepare.append(hardening(framed=stage is not None, secure=public_url.startswith("https://")))
    for channel in channels:
        mount(app, channel.routes())
    _add_beside(app, pages, health, metrics)
    if go is not None:
        app.router.add_get("/go", go.look)
        app.router.add_get("/go/{code}", go.look)
        app.router.add_get("/a", go.book)
        app.router.add_get("/a/{code}", go.look)
    if certificates is not None:
        app.router.add_get("/c/{code}", certificates.look)
    if stage is not None:
        on_stage = StagePages(stage, pages)
        app.router.add_get("/", on_stage.look)
        app.router.add_get("/stage/clock", on_stage.tell)
        app.router.add_post("/stage/clock", on_stage.move)
    else:
        app.router.add_get("/", _to_chat)
    return app


def mount(app: web.Application, routes: Sequence[Route]) -> None:
    """Pass the paths of a channel on to it."""
    for route in routes:
        app.router.add_route(route.method, route.path, _passing_on(route))


async def serve(app: web.Application, host: str, port: int) -> Runner:
    """Listen, and return what stops it: `await runner.cleanup()`, after the channels were stopped.

    Raises OSError where the port is taken.
    """
    runner = Runner(app, access_log_class=AccessLog, shutdown_timeout=3.0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, host, port, reuse_address=True).start()
    return runner


class AccessLog(AbstractAccessLogger):
    """One line for each request: never the query, which may carry a code, and never who asked."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line. The path is the route's own pattern, so that no number of a file stands in it."""
        matched = request.match_info.route.resource if isinstance(request, web.Request) else None
        path = matched.canonical if matched is not None else "(unknown)"
        self.logger.info("%s %s %s %.0f ms", request.method, path, response.status, time * 1000)


# ---------------------------------------------------------------- a channel's paths


def _passing_on(route: Route) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        asked = Request(
            request.method, request.path, request.headers, await request.read(), request.query, request.remote or ""
        )
        return await _answered(request, await route.answer(asked))

    return answer


async def _answered(request: web.Request, response: Response) -> web.StreamResponse:
    if response.stream is None:
        plain = web.Response(status=response.status, body=response.body)
        _head(plain, response)
        return plain
    streaming = web.StreamResponse(status=response.status)
    _head(streaming, response)
    async with aclosing(response.stream) as pieces:
        try:
            await streaming.prepare(request)
            async for piece in pieces:
                await streaming.write(piece)
            await streaming.write_eof()
        except ConnectionError:
            log.debug("a page that was live was closed")
    return streaming


def _head(answer: web.StreamResponse, response: Response) -> None:
    if response.status not in (204, 303, 304):
        answer.headers["Content-Type"] = response.media_type
    for name, value in response.headers:
        answer.headers.add(name, value)


# ---------------------------------------------------------------- pages of the house


def _add_beside(app: web.Application, pages: WebPages, health: Report, metrics: Counted | None) -> None:
    files = statics()

    async def tell_health(_request: web.Request) -> web.Response:
        status, told = await health()
        return web.json_response(told, status=status, headers={"Cache-Control": "no-store"})

    async def tell_metrics(_request: web.Request) -> web.Response:
        if metrics is None:
            raise web.HTTPNotFound
        text, content_type = await metrics()
        return web.Response(body=text, headers={"Content-Type": content_type})

    async def privacy(request: web.Request) -> web.Response:
        tag = pages.language(request.query.get("lang", "") or request.headers.get("Accept-Language", ""))
        return web.Response(text=pages.privacy(tag), content_type="text/html")

    async def static(request: web.Request) -> web.Response:
        found = files.get(request.path)
        if found is None:
            raise web.HTTPNotFound
        body, media_type = found
        return web.Response(
            body=body,
            content_type=media_type,
            charset="utf-8",
            headers={"Cache-Control": "max-age=31536000, immutable"},
        )

    app.router.add_get("/health", tell_health)
    app.router.add_get("/metrics", tell_metrics)
    app.router.add_get("/privacy", privacy)
    app.router.add_get("/static/{digest}/{name}", static)


async def _to_chat(request: web.Request) -> web.Response:
    query = f"?{request.query_string}" if request.query_string else ""
    return web.Response(status=303, headers={"Location": f"/chat{query}"})


def _catching(pages: WebPages) -> Middleware:
    @web.middleware
    async def catch(request: web.Request, handler: Handler) -> web.StreamResponse:
        """A person sees a page in their language, whatever went wrong; a platform sees the status."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status != 404:
                raise
            return _page(request, pages, 404, "not found")
        except NotOpen:
            return _page(request, pages, 503, "trouble")
        except Exception as error:  # noqa: BLE001  # the last resort: the person sees a page, the log the reason
            log.error("a page failed", kind=type(error).__name__, exc_info=error)
            return _page(request, pages, 503, "trouble")

    return catch


def _page(request: web.Request, pages: WebPages, status: int, what: str) -> web.Response:
    if "text/html" not in request.headers.get("Accept", ""):
        return web.Response(status=status, text="not found" if status == 404 else "try again later")
    tag = pages.language(request.headers.get("Accept-Language", ""))
    return web.Response(status=status, text=pages.trouble(tag, what), content_type="text/html")
