"""What is left of versions that were redacted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def of_revision(column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f'fk_redacted_version_{column}_revision')
    return sa.ForeignKeyConstraint([column], ['revision.number'], name=name, initially='DEFERRED', deferrable=True)


def upgrade() -> None:
    op.create_table(
        'redacted_version',
        sa.Column('record_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('recorded_from', sa.Integer(), nullable=False),
        sa.Column('recorded_to', sa.Integer(), nullable=False),
        sa.Column('collection', code_text(40), nullable=False),
        sa.Column('record_id', code_text(120), nullable=False),
        sa.Column('hash', code_text(64), nullable=False),
        sa.Column('redacted', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_redacted_version_record_pk_record')),
        of_revision('recorded_from'),
        of_revision('recorded_to'),
        of_revision('redacted'),
        sa.PrimaryKeyConstraint('record_pk', 'recorded_from', name=op.f('pk_redacted_version')),
        sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_redacted_version_recorded_in_order')),
        sa.CheckConstraint('redacted >= recorded_to', name=op.f('ck_redacted_version_redacted_when_superseded')),
    )
    for column in ('recorded_from', 'recorded_to', 'redacted'):
        op.create_index(f'ix_redacted_version_{column}', 'redacted_version', [column])


def downgrade() -> None:
    if op.get_bind().execute(sa.text('SELECT 1 FROM redacted_version')).first():
        raise RuntimeError('without the lines of what was redacted nobody could verify this register again')
    op.drop_table('redacted_version')
