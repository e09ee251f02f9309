"""What the tests of the web chat share."""

from __future__ import annotations

from sqlalchemy import func, select

from models.who.people import Address
from tests.web import WebHouse


async def external_id(house: WebHouse) -> str:
    """The newest chat."""
    return await house.store.read(
        lambda session: session.scalars(select(Address.external_id).order_by(Address.id.desc())).first() or ""
    )


async def count(house: WebHouse, what: type) -> int:
    return await house.store.read(lambda session: session.scalar(select(func.count()).select_from(what)) or 0)
