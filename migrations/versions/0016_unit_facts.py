"""What is counted of joint units, and of all records, in rows of their own: empty until `registry rebuild` makes them.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def big_key() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def facts(name: str, *columns: Any) -> None:
    op.create_table(
        name,
        sa.Column('record_pk', big_key(), nullable=False),
        *columns,
        sa.Column('recorded_from', sa.Integer(), nullable=False),
        sa.Column('recorded_to', sa.Integer(), nullable=True),
        sa.CheckConstraint('recorded_to > recorded_from', name=op.f(f'ck_{name}_recorded_in_order')),
        *(
            sa.ForeignKeyConstraint([column], ['revision.number'], name=op.f(f'fk_{name}_{column}_revision'),
                                    initially='DEFERRED', deferrable=True)
            for column in ('recorded_from', 'recorded_to')
        ),
        sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f(f'fk_{name}_record_pk_record')),
        sa.PrimaryKeyConstraint('record_pk', 'recorded_from', name=op.f(f'pk_{name}')),
    )
    op.create_index(f'ix_{name}_recorded_from', name, ['recorded_from'])
    there = sa.text('recorded_to IS NOT NULL')
    op.create_index(f'ix_{name}_recorded_to', name, ['recorded_to'], sqlite_where=there, postgresql_where=there)


def upgrade() -> None:
    numbers = (sa.Column(name, sa.LargeBinary(), nullable=False) for name in ('own', 'functions', 'participants', 'runs'))
    facts('unit_facts', sa.Column('kind', code_text(40), nullable=True), *numbers)
    facts('record_facts', sa.Column('collection', code_text(40), nullable=False),
          sa.Column('facts', sa.LargeBinary(), nullable=False))


def downgrade() -> None:
    op.drop_table('record_facts')
    op.drop_table('unit_facts')
