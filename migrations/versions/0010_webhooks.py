"""Webhooks, and an index of what each revision withdrew."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

WITHDRAWN = sa.text('withdrawn IS NOT NULL')


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_index(
        'ix_record_withdrawn', 'record', ['withdrawn'], sqlite_where=WITHDRAWN, postgresql_where=WITHDRAWN
    )
    op.create_table(
        'webhook',
        sa.Column('id', code_text(20), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('filters', sa.Text(), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.Column('previous_sealed', sa.Text(), nullable=True),
        sa.Column('previous_until', code_text(27), nullable=True),
        sa.Column('public_key', code_text(100), nullable=False),
        sa.Column('state', code_text(10), nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('told', sa.Integer(), nullable=False),
        sa.Column('created', code_text(27), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('failing_since', code_text(27), nullable=True),
        sa.Column('next_attempt', code_text(27), nullable=False),
        sa.Column('leased_until', code_text(27), nullable=True),
        sa.Column('lease', code_text(32), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook')),
    )
    op.create_index('ix_webhook_state_next_attempt', 'webhook', ['state', 'next_attempt'])
    op.create_table(
        'webhook_attempt',
        sa.Column('pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('webhook_id', code_text(20), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('attempted', code_text(27), nullable=False),
        sa.Column('milliseconds', sa.Integer(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_attempt_webhook_id_webhook')),
        sa.PrimaryKeyConstraint('pk', name=op.f('pk_webhook_attempt')),
    )
    op.create_index('ix_webhook_attempt_webhook_id', 'webhook_attempt', ['webhook_id', 'pk'])


def downgrade() -> None:
    op.drop_table('webhook_attempt')
    op.drop_table('webhook')
    op.drop_index('ix_record_withdrawn', table_name='record')
