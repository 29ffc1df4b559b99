"""The day on which a source last shows a record: empty until `registry rebuild` makes the answers anew."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('answer', sa.Column('evidence_day', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('answer', 'evidence_day')
