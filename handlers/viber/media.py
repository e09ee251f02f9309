"""Fetches what people sent, from Viber's own addresses and from nowhere inside our network."""

from __future__ import annotations

import ipaddress
import re
import socket

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from handlers.channel import SendFailed

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes of a file that are fetched."""
VIBER = "viber.com"
"""Pictures and files lie at hosts of this domain, such as dl-media.viber.com, for an hour."""
_SECONDS = 60.0
_REDIRECTS = 3
_ODD = re.compile(r"[\x00-\x20\x7f\\]")


class Media:
    """Downloads by the addresses in callbacks.

    A callback is signed, yet its addresses are treated as a stranger's: only https, only Viber's domain to
    begin with, on from there only to public addresses of the internet. An API server of one's own
    (`api_url`, in tests) may hand out files itself.
    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._session: ClientSession | None = None

    async def download(self, ref: str) -> bytes:
        """The content at an address, at most 20 MB. Raises SendFailed, without the address in it."""
        failed: SendFailed | None = None
        try:
            return await self._download(ref)
        except SendFailed as error:
            failed = SendFailed(error.kind, error.reason)
        except Exception as error:  # noqa: BLE001  an address with its key in it stands in some
            failed = SendFailed("retry", f"viber: download broke ({type(error).__name__})")
        # raised out here, so that no exception with the address in it hangs on as its context
        raise failed

    async def _download(self, ref: str) -> bytes:
        url, first = _parsed(ref), True
        for _hop in range(_REDIRECTS + 1):
            if not self._may_fetch(url, first=first):
                raise SendFailed("refused", "viber: not an address of Viber's")
            async with self._opened().get(url, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    url, first = url.join(_parsed(answer.headers.get("Location", ""))), False
                    continue
                if answer.status != 200:
                    raise SendFailed("retry" if answer.status >= 500 else "refused", f"viber: HTTP {answer.status}")
                content = bytearray()
                async for chunk in answer.content.iter_any():
                    content += chunk
                    if len(content) > LARGEST_DOWNLOAD:
                        raise SendFailed("refused", "viber: the file is too large")
                return bytes(content)
        raise SendFailed("refused", "viber: too many redirects")

    def _may_fetch(self, url: URL, *, first: bool) -> bool:
        ours = _parsed(self._api_url)
        if (url.scheme, url.host, url.port) == (ours.scheme, ours.host, ours.port):
            return True
        host = (url.host or "").rstrip(".").lower()
        if url.scheme != "https" or url.port != 443 or url.user or url.password or _is_number(host):
            return False
        return host == VIBER or host.endswith(f".{VIBER}") if first else "." in host

    def _opened(self) -> ClientSession:
        if self._session is None:
            connector = TCPConnector(resolver=PublicResolver(but=_parsed(self._api_url).host or ""))
            timeout = ClientTimeout(total=_SECONDS)
            self._session = ClientSession(connector=connector, timeout=timeout, cookie_jar=DummyCookieJar())
        return self._session

    async def close(self) -> None:
        """Closes the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def is_public(address: str) -> bool:
    """True for an address out on the internet: not ours, not a neighbour's, nobody's own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or is_public(str(mapped)))


def _parsed(url: str) -> URL:
    if _ODD.search(url) or len(url) > 2048:
        raise SendFailed("refused", "viber: not an address of Viber's")
    # what was signed must go out as it came: nothing is quoted anew
    return URL(url, encoded=True)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class PublicResolver(AbstractResolver):
    """Finds the addresses of a name, and only those out on the internet.

    What is found here is what is connected to, so that a name cannot mean something else a moment later.
    """

    def __init__(self, resolver: AbstractResolver | None = None, *, but: str = "") -> None:
        self._resolver = resolver or ThreadedResolver()
        self._but = but

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses; any at all for the one host excepted. Raises OSError where none is public."""
        found = await self._resolver.resolve(host, port, family)
        public = [one for one in found if host == self._but or is_public(one["host"])]
        if not public:
            reason = "no public address"
            raise OSError(reason)
        return public

    async def close(self) -> None:
        """Closes what stands behind."""
        await self._resolver.close()
