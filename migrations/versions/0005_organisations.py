"""Organisations that are neither a force nor a governance body: fire and ambulance services, councils, companies."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('organisation',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('country', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('started_earliest', sa.Integer(), nullable=True),
    sa.Column('started_latest', sa.Integer(), nullable=True),
    sa.Column('ended_earliest', sa.Integer(), nullable=True),
    sa.Column('ended_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_organisation_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_organisation'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_started_earliest_started_latest'), ['started_earliest', 'started_latest'], unique=False)


def downgrade() -> None:
    op.drop_table('organisation')
