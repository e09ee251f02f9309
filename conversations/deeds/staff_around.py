"""Deeds of staff around a session: who leads it, materials, the code of the room, certificates, absences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conversations.deeds import Deed


@dataclass(frozen=True, slots=True)
class AddLeader(Deed):
    """Put somebody on the roster. Details: "leader"."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "refused")
    organisation: int | None
    called: str


@dataclass(frozen=True, slots=True)
class EndLeader(Deed):
    """Take somebody off the roster. Details: "left", how many meetings nobody leads now."""

    outcomes: ClassVar[tuple[str, ...]] = ("ended", "refused")
    leader: int


@dataclass(frozen=True, slots=True)
class InviteLeader(Deed):
    """A code by which a leader comes to use the bot. Details: "code"."""

    outcomes: ClassVar[tuple[str, ...]] = ("made", "refused")
    leader: int


@dataclass(frozen=True, slots=True)
class SetLeader(Deed):
    """Say who leads a meeting, or all meetings of a listing to come (`leader` 0 for nobody). Details: "told"."""

    outcomes: ClassVar[tuple[str, ...]] = ("set", "same", "late", "refused")
    leader: int
    session: int = 0
    listing: int = 0


@dataclass(frozen=True, slots=True)
class AddMaterial(Deed):
    """Add a file, a link or a text for "before" or "after"; with `session` for that meeting alone."""

    outcomes: ClassVar[tuple[str, ...]] = ("added", "many", "lost", "refused")
    listing: int
    session: int
    part: str
    name: str
    words: str = ""
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class RemoveMaterial(Deed):
    """Take a material away."""

    outcomes: ClassVar[tuple[str, ...]] = ("removed", "refused")
    material: int


@dataclass(frozen=True, slots=True)
class ShowRoomCode(Deed):
    """The code by which people in the room say that they are there. Details: "code"."""

    outcomes: ClassVar[tuple[str, ...]] = ("shown", "not_now", "refused")
    session: int


@dataclass(frozen=True, slots=True)
class SetChildCare(Deed):
    """Whether people are asked if they need child care."""

    outcomes: ClassVar[tuple[str, ...]] = ("on", "off", "refused")
    listing: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class IssueCertificates(Deed):
    """Issue certificates to everybody who completed a listing and has none. Details: "n", "told"."""

    outcomes: ClassVar[tuple[str, ...]] = ("issued", "nobody", "refused")
    listing: int


@dataclass(frozen=True, slots=True)
class RevokeCertificate(Deed):
    """Withdraw a certificate, with a reason for the register."""

    outcomes: ClassVar[tuple[str, ...]] = ("revoked", "gone", "refused")
    certificate: int
    reason: str


@dataclass(frozen=True, slots=True)
class SettleAbsence(Deed):
    """Somebody talked to a person who was missed: the notice is done with."""

    outcomes: ClassVar[tuple[str, ...]] = ("settled", "gone", "refused")
    notice: int
