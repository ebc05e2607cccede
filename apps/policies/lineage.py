"""From a rule to the documents it rests on, up to those that rest on none here."""

from dataclasses import dataclass

from apps.policies.models import Document


@dataclass(frozen=True)
class Step:
    """A document in a lineage and how far above the start it stands (0 = the start itself)."""

    document: Document
    height: int


def above(document: Document) -> list[Step]:
    """A document and everything it rests on, nearest first, each once; two queries whatever the depth."""
    documents = Document.objects.in_bulk()
    basis: dict[int, list[int]] = {}
    for lower, higher in Document.basis.through.objects.values_list(
        "from_document_id", "to_document_id"
    ).order_by("id"):
        basis.setdefault(lower, []).append(higher)
    heights = {document.pk: 0}
    queue = [document.pk]
    for current in queue:
        for higher in basis.get(current, ()):
            if higher not in heights:
                heights[higher] = heights[current] + 1
                queue.append(higher)
    return [Step(documents[pk], heights[pk]) for pk in queue]
