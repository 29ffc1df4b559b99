"""Heads of form 2: a salt for every version and revision, and the root over what a revision wrote.

What is there keeps its form, and has neither.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.add_column('version', sa.Column('salt', code_text(32), nullable=True))
    op.add_column('revision', sa.Column('salt', code_text(32), nullable=True))
    op.add_column('revision', sa.Column('changes', code_text(64), nullable=True))


def downgrade() -> None:
    if op.get_bind().execute(sa.text('SELECT 1 FROM revision WHERE salt IS NOT NULL')).first():
        raise RuntimeError('without its salts nobody could verify this register again: restore the backup instead')
    op.drop_column('revision', 'changes')
    op.drop_column('revision', 'salt')
    op.drop_column('version', 'salt')
