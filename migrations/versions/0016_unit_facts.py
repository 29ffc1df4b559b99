"""What is counted of joint units, in rows of their own: empty until `registry rebuild` makes them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0013'
branch_labels = None
depends_on = None


def big_key() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'unit_facts',
        sa.Column('record_pk', big_key(), nullable=False),
        sa.Column('kind', code_text(40), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ('own', 'functions', 'participants', 'runs')),
        sa.Column('recorded_from', sa.Integer(), nullable=False),
        sa.Column('recorded_to', sa.Integer(), nullable=True),
        sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_unit_facts_recorded_in_order')),
        *(
            sa.ForeignKeyConstraint([column], ['revision.number'], name=op.f(f'fk_unit_facts_{column}_revision'),
                                    initially='DEFERRED', deferrable=True)
            for column in ('recorded_from', 'recorded_to')
        ),
        sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_unit_facts_record_pk_record')),
        sa.PrimaryKeyConstraint('record_pk', 'recorded_from', name=op.f('pk_unit_facts')),
    )
    op.create_index('ix_unit_facts_recorded_from', 'unit_facts', ['recorded_from'])
    there = sa.text('recorded_to IS NOT NULL')
    op.create_index('ix_unit_facts_recorded_to', 'unit_facts', ['recorded_to'], sqlite_where=there,
                    postgresql_where=there)


def downgrade() -> None:
    op.drop_table('unit_facts')
