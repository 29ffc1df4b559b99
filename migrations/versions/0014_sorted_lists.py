"""What lists are sorted by stands in indexes with the ids: of every field, and of texts the beginning.

Answers and states are made anew by `registry rebuild`, for they have the ids now.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

OPENING = 64
TEXTS: dict[str, list[str]] = {
    'source': ['url', 'archived_url', 'sha256', 'copy_on'],
    'function': [],
    'force': ['short_name', 'website'],
    'governance_body': ['location'],
    'organisation': ['website'],
    'person': [],
    'appointment': [],
    'alliance': [],
    'joint_unit': ['location', 'end_reason'],
    'agreement': ['legal_basis_as_stated'],
    'business_case': [],
    'decision': ['decided_by'],
    'claim': ['text'],
}
"""By the table of each collection, the texts besides name and note of which the beginning is kept."""
ORDERS: dict[str, list[str]] = {
    'source': ['kind', 'publisher', 'language', 'published_earliest', 'retrieved_earliest'],
    'function': ['scheme', 'code'],
    'force': ['kind', 'country', 'region', 'started_earliest', 'ended_earliest'],
    'governance_body': ['kind', 'started_earliest', 'ended_earliest'],
    'organisation': ['kind', 'country', 'started_earliest', 'ended_earliest'],
    'person': [],
    'appointment': ['post', 'status', 'started_earliest', 'ended_earliest'],
    'alliance': ['kind', 'started_earliest', 'ended_earliest'],
    'joint_unit': ['kind', 'started_earliest', 'ended_earliest'],
    'agreement': ['kind', 'made_earliest', 'commences_earliest', 'expires_earliest', 'review_due_earliest'],
    'business_case': ['stage'],
    'decision': ['stage', 'outcome', 'reference', 'decided_earliest'],
    'claim': ['kind', 'standing', 'bound', 'basis', 'claimed_earliest', 'period_earliest'],
}
"""By the table of each collection, the columns there were that an index begins with."""
INDEXED: dict[str, str] = {
    **dict.fromkeys(('force', 'governance_body', 'organisation', 'appointment', 'alliance', 'joint_unit'), 'started'),
    'agreement': 'made',
    'decision': 'decided',
    'claim': 'claimed',
}
"""The dates that had an index without the ids."""


def code_text(length: int) -> Any:
    return sa.String(length=length).with_variant(sa.String(length=length, collation='C'), 'postgresql')


def upgrade() -> None:
    for table in TEXTS:
        _widen(table)
    for table in ('state', 'answer'):
        op.execute(f'DELETE FROM {table}')  # noqa: S608 - names of ours
    op.execute("DELETE FROM projection WHERE name = 'answers'")
    with op.batch_alter_table('answer') as batch:
        batch.add_column(sa.Column('collection', code_text(40), nullable=False))
        batch.add_column(sa.Column('record_id', code_text(120), nullable=False))
        batch.create_index('ix_answer_evidence_day', ['collection', 'evidence_day', 'record_id'])
    with op.batch_alter_table('state') as batch:
        batch.add_column(sa.Column('record_id', code_text(120), nullable=False))
        batch.create_index(
            'ix_state_value', ['name', 'value', 'record_id', 'first_day', 'until_day', 'record_pk']
        )


def _widen(table: str) -> None:
    openings = [f'{name}_opening' for name in ('name', 'note', *TEXTS[table])]
    for column in (
        sa.Column('record_id', code_text(120), nullable=True),
        sa.Column('recorded_from', sa.Integer(), nullable=True),
        sa.Column('newest_first', sa.Integer(), nullable=True),
        *(sa.Column(name, code_text(OPENING), nullable=True) for name in openings),
    ):
        op.add_column(table, column)
    _fill(table)
    date = INDEXED.get(table)
    with op.batch_alter_table(table) as batch:
        batch.alter_column('record_id', existing_type=code_text(120), nullable=False)
        for name in ('recorded_from', 'newest_first'):
            batch.alter_column(name, existing_type=sa.Integer(), nullable=False)
        if date:
            batch.drop_index(f'ix_{table}_{date}_earliest_{date}_latest')
    for first in ('recorded_from', 'newest_first', *openings, *ORDERS[table]):
        columns = [first, 'record_id']
        if first.endswith('_earliest'):
            columns.insert(1, first.replace('_earliest', '_latest'))
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def _fill(table: str) -> None:
    """From the versions: their ids and names, and the texts that stand in their documents."""
    document = 'version.document' if op.get_bind().dialect.name == 'sqlite' else 'version.document::json'
    texts = ', '.join(
        f"{name}_opening = substr({document} ->> '{name}', 1, {OPENING})" for name in ('note', *TEXTS[table])
    )
    op.execute(
        f'UPDATE {table} SET record_id = version.record_id, recorded_from = version.recorded_from, newest_first = -version.recorded_from, '  # noqa: S608
        f'name_opening = substr(version.names_folded, 1, {OPENING}), {texts} '
        f'FROM version WHERE version.pk = {table}.version_pk'
    )


def downgrade() -> None:
    op.execute("DELETE FROM projection WHERE name = 'answers'")
    for table in ('state', 'answer'):
        op.execute(f'DELETE FROM {table}')  # noqa: S608 - names of ours
    op.drop_index('ix_state_value', table_name='state')
    op.drop_index('ix_answer_evidence_day', table_name='answer')
    op.drop_column('state', 'record_id')
    op.drop_column('answer', 'record_id')
    op.drop_column('answer', 'collection')
    for table in TEXTS:
        openings = [f'{name}_opening' for name in ('name', 'note', *TEXTS[table])]
        for first in ('recorded_from', 'newest_first', *openings, *ORDERS[table]):
            columns = [first, 'record_id']
            if first.endswith('_earliest'):
                columns.insert(1, first.replace('_earliest', '_latest'))
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table_name=table)
        for name in ('record_id', 'recorded_from', 'newest_first', *openings):
            op.drop_column(table, name)
        if date := INDEXED.get(table):
            columns = [f'{date}_earliest', f'{date}_latest']
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
