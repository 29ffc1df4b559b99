"""All the documents in the making, by what they are of."""

from collections.abc import Container

from app.datasets.national.drafting import Document, RecordDraft
from app.datasets.national.rows import AGREEMENT


class DocumentDesk:
    """All the documents in the making; those of `bch` are taken up where a row speaks of them.

    `shared` holds the ids of what several rows speak of: each of them is evidence only for what it says.
    """

    def __init__(self, bch: dict[str, Document], shared: Container[str] = ()) -> None:
        self.bch, self.shared = bch, shared
        self.drafts: dict[str, RecordDraft] = {}

    def draft(self, kind: str, slug: str) -> RecordDraft:
        """The document of that type and id, begun if need be."""
        target = f"{kind}:{slug}"
        if target not in self.drafts:
            draft = self.drafts[target] = RecordDraft(kind, slug, self.bch.get(target))
            draft.of_one_row &= slug.removesuffix(AGREEMENT) not in self.shared
        return self.drafts[target]

    def name_of(self, target: str) -> str:
        """What the record "type:id" is called."""
        document = self.drafts[target].document if target in self.drafts else self.bch[target]
        return str(document["name"])
