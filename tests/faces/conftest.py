"""Batches walked as far as a test of the faces needs them."""

import io

import pytest

from apps.exchange import template
from apps.exchange.synthetic import People, Town, cover_of
from tests.worlds import standing_world, world  # noqa: F401 - fixtures
from workflows.rehearsals.transfer import TransferRehearsal


@pytest.fixture
def walked(town):
    """Walk a batch of an enterprise until it stands at a stage: ``walked("allocating", rows=6)``."""

    def walk(until, *, rows=6, enterprise="ENT-001", seed=1):
        from django.utils import timezone

        office = town.office(enterprise)
        data = Town(timezone.localdate())
        company = data.enterprise(office.enterprise.uscc)
        people = list(People(data, company, seed).rows(rows))
        book = io.BytesIO()
        template.write_roster(book, cover=cover_of(company, people, data.on), rows=people)
        rehearsal = TransferRehearsal(office)
        if until == "draft":
            rehearsal.prepare(book.getvalue(), "花名册.xlsx")
            return rehearsal.case
        return rehearsal.walk(book.getvalue(), "花名册.xlsx", until=until)

    return walk
