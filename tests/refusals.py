"""What the door says to a move that must be refused."""

import pytest

from apps.engine.door import Refused, perform


def refuses(row, name, **terms) -> str:
    """Try a move on the row as it stands now; return the words of the refusal."""
    with pytest.raises(Refused) as refused:
        perform(type(row).objects.get(pk=row.pk), name, **terms)
    return str(refused.value)
