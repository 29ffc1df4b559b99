"""Revisions, records, versions with their columns and pointers, and answers; this database's own cursor key."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('installation',
    sa.Column('pk', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('cursor_key', sa.String(length=64).with_variant(sa.String(length=64, collation='C'), 'postgresql'), nullable=False),
    sa.CheckConstraint('pk = 1', name=op.f('ck_installation_single')),
    sa.PrimaryKeyConstraint('pk', name=op.f('pk_installation'))
    )
    op.create_table('revision',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('recorded', sa.String(length=27).with_variant(sa.String(length=27, collation='C'), 'postgresql'), nullable=False),
    sa.Column('actor', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64).with_variant(sa.String(length=64, collation='C'), 'postgresql'), nullable=False),
    sa.Column('previous', sa.String(length=64).with_variant(sa.String(length=64, collation='C'), 'postgresql'), nullable=True),
    sa.CheckConstraint('(number = 1) = (previous IS NULL)', name=op.f('ck_revision_first_has_no_previous')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_revision_number')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_revision')),
    sa.UniqueConstraint('previous', name=op.f('uq_revision_previous')),
    sa.UniqueConstraint('recorded', name=op.f('uq_revision_recorded'))
    )
    op.create_table('record',
    sa.Column('pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('collection', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('id', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('merged_into', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('withdrawn', sa.Integer(), nullable=True),
    sa.CheckConstraint('merged_into IS NULL OR withdrawn IS NOT NULL', name=op.f('ck_record_merged_is_withdrawn')),
    sa.ForeignKeyConstraint(['merged_into'], ['record.pk'], name=op.f('fk_record_merged_into_record')),
    sa.ForeignKeyConstraint(['withdrawn'], ['revision.number'], name=op.f('fk_record_withdrawn_revision'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('pk', name=op.f('pk_record')),
    sa.UniqueConstraint('collection', 'id', name=op.f('uq_record_collection_id'))
    )
    op.create_table('answer',
    sa.Column('record_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recorded_from', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('periods', sa.Text(), nullable=False),
    sa.Column('recorded_to', sa.Integer(), nullable=True),
    sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_answer_recorded_in_order')),
    sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_answer_record_pk_record')),
    sa.ForeignKeyConstraint(['recorded_from'], ['revision.number'], name=op.f('fk_answer_recorded_from_revision'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['recorded_to'], ['revision.number'], name=op.f('fk_answer_recorded_to_revision'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('record_pk', 'recorded_from', name=op.f('pk_answer'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index('uq_answer_current', ['record_pk'], unique=True, sqlite_where=sa.text('recorded_to IS NULL'), postgresql_where=sa.text('recorded_to IS NULL'))

    op.create_table('version',
    sa.Column('pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('record_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('collection', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('record_id', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('name', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=False),
    sa.Column('names_folded', sa.String().with_variant(sa.String(collation='C'), 'postgresql'), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('recorded_from', sa.Integer(), nullable=False),
    sa.Column('recorded_to', sa.Integer(), nullable=True),
    sa.Column('begins_earliest', sa.Integer(), nullable=False),
    sa.Column('begins_latest', sa.Integer(), nullable=False),
    sa.Column('certain_until', sa.Integer(), nullable=False),
    sa.Column('presumed_until', sa.Integer(), nullable=False),
    sa.Column('possible_until', sa.Integer(), nullable=False),
    sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_version_recorded_in_order')),
    sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_version_record_pk_record')),
    sa.ForeignKeyConstraint(['recorded_from'], ['revision.number'], name=op.f('fk_version_recorded_from_revision'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['recorded_to'], ['revision.number'], name=op.f('fk_version_recorded_to_revision'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('pk', name=op.f('pk_version'))
    )
    with op.batch_alter_table('version', schema=None) as batch_op:
        batch_op.create_index('ix_version_collection_record_id', ['collection', 'record_id'], unique=False)
        batch_op.create_index('ix_version_record_pk', ['record_pk'], unique=False)
        batch_op.create_index('ix_version_recorded_from', ['recorded_from'], unique=False)
        batch_op.create_index('ix_version_recorded_to', ['recorded_to'], unique=False, sqlite_where=sa.text('recorded_to IS NOT NULL'), postgresql_where=sa.text('recorded_to IS NOT NULL'))
        batch_op.create_index('uq_version_current', ['record_pk'], unique=True, sqlite_where=sa.text('recorded_to IS NULL'), postgresql_where=sa.text('recorded_to IS NULL'))

    op.create_table('agreement',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('made_earliest', sa.Integer(), nullable=True),
    sa.Column('made_latest', sa.Integer(), nullable=True),
    sa.Column('commences_earliest', sa.Integer(), nullable=True),
    sa.Column('commences_latest', sa.Integer(), nullable=True),
    sa.Column('expires_earliest', sa.Integer(), nullable=True),
    sa.Column('expires_latest', sa.Integer(), nullable=True),
    sa.Column('review_due_earliest', sa.Integer(), nullable=True),
    sa.Column('review_due_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_agreement_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_agreement'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_made_earliest_made_latest'), ['made_earliest', 'made_latest'], unique=False)

    op.create_table('alliance',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('started_earliest', sa.Integer(), nullable=True),
    sa.Column('started_latest', sa.Integer(), nullable=True),
    sa.Column('ended_earliest', sa.Integer(), nullable=True),
    sa.Column('ended_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_alliance_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_alliance'))
    )
    with op.batch_alter_table('alliance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alliance_started_earliest_started_latest'), ['started_earliest', 'started_latest'], unique=False)

    op.create_table('appointment',
    sa.Column('post', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=False),
    sa.Column('status', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('started_earliest', sa.Integer(), nullable=True),
    sa.Column('started_latest', sa.Integer(), nullable=True),
    sa.Column('ended_earliest', sa.Integer(), nullable=True),
    sa.Column('ended_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_appointment_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_appointment'))
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_started_earliest_started_latest'), ['started_earliest', 'started_latest'], unique=False)

    op.create_table('business_case',
    sa.Column('stage', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_business_case_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_business_case'))
    )
    op.create_table('claim',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('standing', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('bound', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('basis', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('claimed_earliest', sa.Integer(), nullable=True),
    sa.Column('claimed_latest', sa.Integer(), nullable=True),
    sa.Column('period_earliest', sa.Integer(), nullable=True),
    sa.Column('period_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_claim_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_claim'))
    )
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_claim_claimed_earliest_claimed_latest'), ['claimed_earliest', 'claimed_latest'], unique=False)

    op.create_table('decision',
    sa.Column('stage', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('outcome', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('reference', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('decided_earliest', sa.Integer(), nullable=True),
    sa.Column('decided_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_decision_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_decided_earliest_decided_latest'), ['decided_earliest', 'decided_latest'], unique=False)

    op.create_table('force',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('country', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('region', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('started_earliest', sa.Integer(), nullable=True),
    sa.Column('started_latest', sa.Integer(), nullable=True),
    sa.Column('ended_earliest', sa.Integer(), nullable=True),
    sa.Column('ended_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_force_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_force'))
    )
    with op.batch_alter_table('force', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_force_started_earliest_started_latest'), ['started_earliest', 'started_latest'], unique=False)

    op.create_table('function',
    sa.Column('scheme', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=False),
    sa.Column('code', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_function_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_function'))
    )
    op.create_table('governance_body',
    sa.Column('kind', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=True),
    sa.Column('started_earliest', sa.Integer(), nullable=True),
    sa.Column('started_latest', sa.Integer(), nullable=True),
    sa.Column('ended_earliest', sa.Integer(), nullable=True),
    sa.Column('ended_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_governance_body_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_governance_body'))
    )
    with op.batch_alter_table('governance_body', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_governance_body_started_earliest_started_latest'), ['started_earliest', 'started_latest'], unique=False)

    op.create_table('joint_unit',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('started_earliest', sa.Integer(), nullable=True),
    sa.Column('started_latest', sa.Integer(), nullable=True),
    sa.Column('ended_earliest', sa.Integer(), nullable=True),
    sa.Column('ended_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_joint_unit_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_joint_unit'))
    )
    with op.batch_alter_table('joint_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joint_unit_started_earliest_started_latest'), ['started_earliest', 'started_latest'], unique=False)

    op.create_table('person',
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_person_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_person'))
    )
    op.create_table('pointer',
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('field', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('target_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('record_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('record_id', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('role', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('recorded_from', sa.Integer(), nullable=False),
    sa.Column('recorded_to', sa.Integer(), nullable=True),
    sa.Column('begins_earliest', sa.Integer(), nullable=False),
    sa.Column('begins_latest', sa.Integer(), nullable=False),
    sa.Column('certain_until', sa.Integer(), nullable=False),
    sa.Column('presumed_until', sa.Integer(), nullable=False),
    sa.Column('possible_until', sa.Integer(), nullable=False),
    sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_pointer_recorded_in_order')),
    sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_pointer_record_pk_record')),
    sa.ForeignKeyConstraint(['recorded_from'], ['revision.number'], name=op.f('fk_pointer_recorded_from_revision'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['recorded_to'], ['revision.number'], name=op.f('fk_pointer_recorded_to_revision'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['target_pk'], ['record.pk'], name=op.f('fk_pointer_target_pk_record')),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_pointer_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', 'field', 'position', 'target_pk', name=op.f('pk_pointer'))
    )
    with op.batch_alter_table('pointer', schema=None) as batch_op:
        batch_op.create_index('ix_pointer_record_pk', ['record_pk'], unique=False)
        batch_op.create_index('ix_pointer_target', ['target_pk', 'field', 'record_id', 'begins_earliest', 'possible_until', 'recorded_from', 'recorded_to', 'record_pk'], unique=False)

    op.create_table('source',
    sa.Column('kind', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('publisher', sa.String(length=500).with_variant(sa.String(length=500, collation='C'), 'postgresql'), nullable=True),
    sa.Column('language', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=True),
    sa.Column('published_earliest', sa.Integer(), nullable=True),
    sa.Column('published_latest', sa.Integer(), nullable=True),
    sa.Column('retrieved_earliest', sa.Integer(), nullable=True),
    sa.Column('retrieved_latest', sa.Integer(), nullable=True),
    sa.Column('version_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['version_pk'], ['version.pk'], name=op.f('fk_source_version_pk_version')),
    sa.PrimaryKeyConstraint('version_pk', name=op.f('pk_source'))
    )
    key = sa.table("installation", sa.column("pk", sa.Integer), sa.column("cursor_key", sa.String))
    op.bulk_insert(key, [{"pk": 1, "cursor_key": secrets.token_hex(32)}])


def downgrade() -> None:
    op.drop_table('source')
    with op.batch_alter_table('pointer', schema=None) as batch_op:
        batch_op.drop_index('ix_pointer_target')
        batch_op.drop_index('ix_pointer_record_pk')

    op.drop_table('pointer')
    op.drop_table('person')
    with op.batch_alter_table('joint_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_joint_unit_started_earliest_started_latest'))

    op.drop_table('joint_unit')
    with op.batch_alter_table('governance_body', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_governance_body_started_earliest_started_latest'))

    op.drop_table('governance_body')
    op.drop_table('function')
    with op.batch_alter_table('force', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_force_started_earliest_started_latest'))

    op.drop_table('force')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_decided_earliest_decided_latest'))

    op.drop_table('decision')
    with op.batch_alter_table('claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claim_claimed_earliest_claimed_latest'))

    op.drop_table('claim')
    op.drop_table('business_case')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appointment_started_earliest_started_latest'))

    op.drop_table('appointment')
    with op.batch_alter_table('alliance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alliance_started_earliest_started_latest'))

    op.drop_table('alliance')
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_made_earliest_made_latest'))

    op.drop_table('agreement')
    with op.batch_alter_table('version', schema=None) as batch_op:
        batch_op.drop_index('uq_version_current', sqlite_where=sa.text('recorded_to IS NULL'), postgresql_where=sa.text('recorded_to IS NULL'))
        batch_op.drop_index('ix_version_recorded_to', sqlite_where=sa.text('recorded_to IS NOT NULL'), postgresql_where=sa.text('recorded_to IS NOT NULL'))
        batch_op.drop_index('ix_version_recorded_from')
        batch_op.drop_index('ix_version_record_pk')
        batch_op.drop_index('ix_version_collection_record_id')

    op.drop_table('version')
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index('uq_answer_current', sqlite_where=sa.text('recorded_to IS NULL'), postgresql_where=sa.text('recorded_to IS NULL'))

    op.drop_table('answer')
    op.drop_table('record')
    op.drop_table('revision')
    op.drop_table('installation')
