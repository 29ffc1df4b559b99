"""Webhooks, and an index of what each revision withdrew."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0006'
branch_labels = None
depends_on = None

WITHDRAWN = sa.text('withdrawn IS NOT NULL')


def upgrade() -> None:
    op.create_index(
        'ix_record_withdrawn', 'record', ['withdrawn'], sqlite_where=WITHDRAWN, postgresql_where=WITHDRAWN
    )


def downgrade() -> None:
    op.drop_index('ix_record_withdrawn', table_name='record')
