"""What witnesses of the log signed last."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'witness',
        sa.Column('name', code_text(200), nullable=False),
        sa.Column('origin', code_text(200), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('root', code_text(44), nullable=False),
        sa.Column('line', sa.Text(), nullable=True),
        sa.Column('cosigned', code_text(27), nullable=True),
        sa.Column('failing_since', code_text(27), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_witness')),
    )


def downgrade() -> None:
    op.drop_table('witness')
