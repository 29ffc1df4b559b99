"""Search: the tables emptied, for entries and words are made otherwise from here on.

Entries have initials of the endings of names, hyphenated words of names as one, and shared identifiers among the links;
the words of addresses are not learnt. What is derived from the records is made anew after a migration, not by it.
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TABLES = ('search_piece', 'search_word', 'search_name', 'search_entry')


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        # no trigger empties the index, which takes its text from search_entry and so must go first
        op.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        for table in TABLES:
            op.execute(f'DELETE FROM {table}')
    else:
        # DELETE would look through all of search_name for each entry
        op.execute(f"TRUNCATE {', '.join(TABLES)}")


def downgrade() -> None:
    """Nothing: the tables are the same before and after."""
