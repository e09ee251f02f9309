"""What every answer carries, and what no other site may make a browser do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)


def headers_for(*, framed: bool, secure: bool) -> dict[str, str]:
    """The headers of every answer. `framed`: the stage shows chats in frames of its own page; `secure`: https."""
    headers = {
        "Content-Security-Policy": _POLICY.format(ancestors="'self'" if framed else "'none'"),
        "X-Frame-Options": "SAMEORIGIN" if framed else "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def same_origin(request: web.Request, public_host: str = "") -> bool:
    """Whether a request that changes something comes from a page of ours, or from no page at all.

    Browsers say where a post comes from; programs and platforms say nothing. `Origin: null` is what our
    own forms send, because no referrer leaves our pages: then Sec-Fetch-Site decides, and where an old
    browser does not send that either, the token in the form (every form of the chat has one).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    if origin == "null":
        return request.path.startswith("/chat")
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host in (request.host, public_host)


def guarding(public_url: str = "") -> Middleware:
    """The middleware that refuses posts which another site made a browser send."""
    public_host = urlsplit(public_url).netloc

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in _READING and not same_origin(request, public_host):
            return web.Response(status=403, text="This came from another site.")
        return await handler(request)

    return guard


def hardening(*, framed: bool, secure: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """The signal that adds the headers to every answer before it begins, streams and errors too."""
    headers = headers_for(framed=framed, secure=secure)

    async def harden(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    return harden
