"""The audit log: who did what to what, and who read what. No contents."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Object, When


class Audit(Base):
    """One act of staff, of a guardian or of the house itself (`actor_id` None). Kept 24 months."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"),)

    id: Mapped[Id]
    at: Mapped[When]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(48), default="")
    details: Mapped[Object]
