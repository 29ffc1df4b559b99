"""Projections: periods and states in tables of their own, and in which format each projection was made.

Versions and pointers lose the days that were worked out of their documents; periods, answers and search are made anew
by `registry rebuild`, for nothing says yet that they were made in any format.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

DAYS = ('begins_earliest', 'begins_latest', 'certain_until', 'presumed_until', 'possible_until')


def big_key() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def recorded(table: str) -> list[Any]:
    return [
        sa.Column('recorded_from', sa.Integer(), nullable=False),
        sa.Column('recorded_to', sa.Integer(), nullable=True),
        sa.CheckConstraint('recorded_to > recorded_from', name=op.f(f'ck_{table}_recorded_in_order')),
        *(
            sa.ForeignKeyConstraint([column], ['revision.number'], name=op.f(f'fk_{table}_{column}_revision'),
                                    initially='DEFERRED', deferrable=True)
            for column in ('recorded_from', 'recorded_to')
        ),
    ]


def upgrade() -> None:
    op.create_table(
        'projection',
        sa.Column('name', code_text(40), nullable=False),
        sa.Column('format', sa.Integer(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['revision'], ['revision.number'], name=op.f('fk_projection_revision_revision'),
                                initially='DEFERRED', deferrable=True),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_projection')),
    )
    op.create_table(
        'period',
        sa.Column('record_pk', big_key(), nullable=False),
        sa.Column('field', code_text(60), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('target_pk', big_key(), nullable=False),
        sa.Column('record_id', code_text(120), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in DAYS),
        *recorded('period'),
        sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_period_record_pk_record')),
        sa.ForeignKeyConstraint(['target_pk'], ['record.pk'], name=op.f('fk_period_target_pk_record')),
        sa.PrimaryKeyConstraint('record_pk', 'field', 'position', 'target_pk', 'recorded_from', name=op.f('pk_period')),
    )
    op.create_index('ix_period_target', 'period', [
        'target_pk', 'field', 'record_id', 'begins_earliest', 'possible_until', 'recorded_from', 'recorded_to',
        'record_pk',
    ])
    op.create_table(
        'state',
        sa.Column('record_pk', big_key(), nullable=False),
        sa.Column('name', code_text(40), nullable=False),
        sa.Column('first_day', sa.Integer(), nullable=False),
        sa.Column('until_day', sa.Integer(), nullable=False),
        sa.Column('value', code_text(40), nullable=False),
        *recorded('state'),
        sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_state_record_pk_record')),
        sa.PrimaryKeyConstraint('record_pk', 'name', 'first_day', 'recorded_from', name=op.f('pk_state')),
    )
    op.drop_index('ix_pointer_target', table_name='pointer')
    for column in ('record_id', *DAYS):
        op.drop_column('pointer', column)
    op.create_index('ix_pointer_target', 'pointer', ['target_pk', 'field'])
    for column in DAYS:
        op.drop_column('version', column)


def downgrade() -> None:
    """As it was before, but for the days, which the software of then has no way to work out anew: it must be loaded."""
    bind = op.get_bind()
    if bind.scalar(sa.text('SELECT count(*) FROM revision')):
        raise RuntimeError('a register with data cannot go back to schema 0003: restore the backup made before upgrading')
    op.drop_index('ix_pointer_target', table_name='pointer')
    for table in ('version', 'pointer'):
        for column in DAYS:
            op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default='0'))
    op.add_column('pointer', sa.Column('record_id', code_text(120), nullable=False, server_default=''))
    op.create_index('ix_pointer_target', 'pointer', [
        'target_pk', 'field', 'record_id', 'begins_earliest', 'possible_until', 'recorded_from', 'recorded_to',
        'record_pk',
    ])
    op.drop_table('state')
    op.drop_table('period')
    op.drop_table('projection')
