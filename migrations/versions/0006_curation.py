"""Curation: accounts and their keys, and what requests with an idempotency key were answered."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'account',
        sa.Column('id', code_text(20), nullable=False),
        sa.Column('name', code_text(200), nullable=True),
        sa.Column('subject', code_text(64), nullable=True),
        sa.Column('created', code_text(27), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
        sa.UniqueConstraint('subject', name=op.f('uq_account_subject')),
    )
    op.create_table(
        'access_key',
        sa.Column('id', code_text(20), nullable=False),
        sa.Column('account_id', code_text(20), nullable=False),
        sa.Column('secret_digest', code_text(64), nullable=False),
        sa.Column('scopes', code_text(100), nullable=False),
        sa.Column('forces', sa.Text(), nullable=True),
        sa.Column('created', code_text(27), nullable=False),
        sa.Column('expires', code_text(27), nullable=True),
        sa.Column('last_used', code_text(27), nullable=True),
        sa.Column('revoked', code_text(27), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_access_key_account_id_account')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_access_key')),
    )
    op.create_index('ix_access_key_account_id', 'access_key', ['account_id'])
    op.create_table(
        'answered_request',
        sa.Column('actor', code_text(40), nullable=False),
        sa.Column('key', code_text(255), nullable=False),
        sa.Column('fingerprint', code_text(64), nullable=False),
        sa.Column('answered', code_text(27), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=True),
        sa.Column('status', sa.Integer(), nullable=False),
        sa.Column('headers', sa.Text(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('actor', 'key', name=op.f('pk_answered_request')),
    )
    op.create_index('ix_answered_request_answered', 'answered_request', ['answered'])
    op.create_index('ix_answered_request_key', 'answered_request', ['key'])


def downgrade() -> None:
    op.drop_table('answered_request')
    op.drop_table('access_key')
    op.drop_table('account')
