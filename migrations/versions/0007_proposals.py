"""Proposals and what happened to them; reports and what became of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'proposal',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('state', code_text(20), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('title', code_text(200), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('operations', sa.Text(), nullable=False),
        sa.Column('changes', sa.Text(), nullable=False),
        sa.Column('warnings', sa.Text(), nullable=False),
        sa.Column('base_revision', sa.Integer(), nullable=False),
        sa.Column('created', code_text(27), nullable=False),
        sa.Column('due', code_text(10), nullable=True),
        sa.Column('expires', code_text(10), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_proposal')),
    )
    op.create_table(
        'proposal_event',
        sa.Column('proposal', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', code_text(27), nullable=False),
        sa.Column('actor', code_text(40), nullable=False),
        sa.Column('account', code_text(40), nullable=False),
        sa.Column('forces', sa.Text(), nullable=True),
        sa.Column('kind', code_text(20), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('text', sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(['proposal'], ['proposal.number'], name=op.f('fk_proposal_event_proposal_proposal')),
        sa.PrimaryKeyConstraint('proposal', 'position', name=op.f('pk_proposal_event')),
    )
    op.create_index('ix_proposal_event_account', 'proposal_event', ['account'])
    op.create_table(
        'proposal_subject',
        sa.Column('proposal', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('kind', code_text(10), nullable=False),
        sa.Column('name', code_text(170), nullable=False),
        sa.ForeignKeyConstraint(['proposal'], ['proposal.number'], name=op.f('fk_proposal_subject_proposal_proposal')),
        sa.PrimaryKeyConstraint('proposal', 'kind', 'name', name=op.f('pk_proposal_subject')),
    )
    op.create_index('ix_proposal_subject_kind_name', 'proposal_subject', ['kind', 'name'])
    op.create_table(
        'report',
        sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('received', code_text(27), nullable=False),
        sa.Column('record', code_text(170), nullable=False),
        sa.Column('pointer', sa.Text(), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=True),
        sa.Column('contact', sa.Text(), nullable=True),
        sa.Column('actor', code_text(40), nullable=True),
        sa.Column('forces', sa.Text(), nullable=False),
        sa.Column('state', code_text(20), nullable=False),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_report')),
    )
    op.create_index('ix_report_record', 'report', ['record'])
    op.create_table(
        'report_event',
        sa.Column('report', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', code_text(27), nullable=False),
        sa.Column('actor', code_text(40), nullable=False),
        sa.Column('state', code_text(20), nullable=False),
        sa.Column('note', sa.Text(), nullable=True),
        sa.Column('proposal', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['proposal'], ['proposal.number'], name=op.f('fk_report_event_proposal_proposal')),
        sa.ForeignKeyConstraint(['report'], ['report.number'], name=op.f('fk_report_event_report_report')),
        sa.PrimaryKeyConstraint('report', 'position', name=op.f('pk_report_event')),
    )


def downgrade() -> None:
    for table in ('report_event', 'report', 'proposal_subject', 'proposal_event', 'proposal'):
        op.drop_table(table)
