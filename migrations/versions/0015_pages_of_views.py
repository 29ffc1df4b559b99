"""Who is in what, and when what happened, in the order of the answers: empty until `registry rebuild` makes them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

KEYS = ('record_pk', 'through_pk', 'position', 'target_pk', 'recorded_from')
DAYS = ('begins_earliest', 'begins_latest', 'possible_until', 'part_from', 'part_until', 'whole_until')


def big_key() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'commitment',
        sa.Column('record_pk', big_key(), autoincrement=False, nullable=False),
        sa.Column('through_pk', big_key(), autoincrement=False, nullable=False),
        sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('target_pk', big_key(), autoincrement=False, nullable=False),
        sa.Column('recorded_from', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('recorded_to', sa.Integer(), nullable=True),
        sa.Column('collection', code_text(40), nullable=False),
        sa.Column('record_id', code_text(120), nullable=False),
        sa.Column('undated', sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in DAYS),
        sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_commitment_recorded_in_order')),
        sa.PrimaryKeyConstraint(*KEYS, name=op.f('pk_commitment')),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_commitment_target', 'commitment', [
        'target_pk', 'collection', 'undated', 'begins_earliest', 'begins_latest', 'record_id', 'recorded_from',
        'recorded_to', 'part_from', 'part_until', 'whole_until', 'possible_until', 'record_pk',
    ])
    op.create_table(
        'event',
        sa.Column('record_pk', big_key(), autoincrement=False, nullable=False),
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('recorded_from', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('recorded_to', sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('undated', 'day', 'earliest', 'latest')),
        sa.Column('kind', code_text(20), nullable=False),
        sa.Column('subject_type', code_text(40), nullable=False),
        sa.Column('subject_id', code_text(120), nullable=False),
        sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_event_recorded_in_order')),
        sa.PrimaryKeyConstraint('record_pk', 'number', 'recorded_from', name=op.f('pk_event')),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_event_day', 'event', [
        'undated', 'day', 'latest', 'subject_type', 'subject_id', 'record_pk', 'number', 'recorded_from',
        'recorded_to', 'earliest', 'kind',
    ])


def downgrade() -> None:
    op.drop_table('event')
    op.drop_table('commitment')
    op.execute(sa.text("DELETE FROM projection WHERE name IN ('commitments', 'events')"))
