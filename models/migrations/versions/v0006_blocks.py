"""Listings of two more blocks: appointments and resources."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

OLD = "block IN ('OFF', 'CALL', 'GRANT')"
NEW = "block IN ('OFF', 'CALL', 'GRANT', 'APT', 'RES')"


def _allow(blocks: str) -> None:
    with op.batch_alter_table("listing") as batch:
        batch.drop_constraint(op.f("ck_listing_block"), type_="check")
        batch.create_check_constraint(op.f("ck_listing_block"), blocks)


def upgrade() -> None:
    """Allow them; what is there stays."""
    _allow(NEW)


def downgrade() -> None:
    """Older versions know no such listings: they stay as withdrawn offers without meetings."""
    op.execute("UPDATE listing SET block = 'OFF', state = 'cancelled' WHERE block IN ('APT', 'RES')")
    _allow(OLD)
