"""Imports: those that are carried out after they were answered, and what became of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'import_job',
        sa.Column('id', code_text(20), nullable=False),
        sa.Column('actor', code_text(40), nullable=False),
        sa.Column('account', code_text(40), nullable=False),
        sa.Column('host', code_text(255), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('dry_run', sa.Boolean(), nullable=False),
        sa.Column('received', code_text(27), nullable=False),
        sa.Column('state', code_text(10), nullable=False),
        sa.Column('finished', code_text(27), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=True),
        sa.Column('report', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_job')),
    )
    op.create_index('ix_import_job_account_received', 'import_job', ['account', 'received'])


def downgrade() -> None:
    op.drop_table('import_job')
