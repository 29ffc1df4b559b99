"""Search: the text of every record at every revision, its full-text index, and the words that queries are corrected by.

The tables stay empty: what is derived from the records is made after a migration, not by it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

FTS5 = """CREATE VIRTUAL TABLE search_index USING fts5(
    tokens, content='search_entry', content_rowid='pk', detail='none', tokenize="ascii tokenchars '~.@_'"
)"""
FILLED = """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_index (rowid, tokens) VALUES (new.pk, new.tokens);
END"""
GIN = "CREATE INDEX search_index ON search_entry USING gin (tokens)"
STATISTICS = "ALTER TABLE search_entry ALTER COLUMN tokens SET STATISTICS 1000"


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('record_pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('collection', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('record_id', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('names', sa.Text(), nullable=False),
    sa.Column('initials', sa.Text(), nullable=False),
    sa.Column('links', sa.Text(), nullable=False),
    sa.Column('other', sa.Text(), nullable=False),
    sa.Column('marks', sa.Text(), nullable=False),
    sa.Column('tokens', sa.Text().with_variant(postgresql.TSVECTOR(), 'postgresql'), nullable=False),
    sa.Column('recorded_from', sa.Integer(), nullable=False),
    sa.Column('recorded_to', sa.Integer(), nullable=True),
    sa.CheckConstraint('recorded_to > recorded_from', name=op.f('ck_search_entry_recorded_in_order')),
    sa.ForeignKeyConstraint(['record_pk'], ['record.pk'], name=op.f('fk_search_entry_record_pk_record')),
    sa.ForeignKeyConstraint(['recorded_from'], ['revision.number'], name=op.f('fk_search_entry_recorded_from_revision'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['recorded_to'], ['revision.number'], name=op.f('fk_search_entry_recorded_to_revision'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('pk', name=op.f('pk_search_entry'))
    )
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.create_index('ix_search_entry_record_pk', ['record_pk'], unique=False)

    op.create_table('search_name',
    sa.Column('name', sa.String(length=200).with_variant(sa.String(length=200, collation='C'), 'postgresql'), nullable=False),
    sa.Column('pk', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['pk'], ['search_entry.pk'], name=op.f('fk_search_name_pk_search_entry')),
    sa.PrimaryKeyConstraint('name', 'pk', name=op.f('pk_search_name')),
    sqlite_with_rowid=False
    )
    op.create_table('search_word',
    sa.Column('word', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('recorded_from', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['recorded_from'], ['revision.number'], name=op.f('fk_search_word_recorded_from_revision'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('word', name=op.f('pk_search_word'))
    )
    op.create_table('search_piece',
    sa.Column('piece', sa.String(length=41).with_variant(sa.String(length=41, collation='C'), 'postgresql'), nullable=False),
    sa.Column('word', sa.String(length=40).with_variant(sa.String(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('recorded_from', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['recorded_from'], ['revision.number'], name=op.f('fk_search_piece_recorded_from_revision'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('piece', 'word', name=op.f('pk_search_piece')),
    sqlite_with_rowid=False
    )
    for statement in (FTS5, FILLED) if op.get_bind().dialect.name == 'sqlite' else (GIN, STATISTICS):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TABLE search_index')
    op.drop_table('search_piece')
    op.drop_table('search_word')
    op.drop_table('search_name')
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_search_entry_record_pk')

    op.drop_table('search_entry')
