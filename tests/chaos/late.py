"""So many batches whose time ran out yesterday: `python -m tests.chaos.late NUMBER`."""

import sys
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()

    from django.core.management import call_command

    from apps.audit.streams import now
    from apps.cases.models import Case
    from apps.policies.models import Rule
    from tests.bench import city

    call_command("seed", verbosity=0)
    city.build()
    offices = city.Organisation.objects.filter(key__in=[city.CITY, city.COUNTY]).values_list("pk", flat=True)
    city.cases(int(sys.argv[1]), "submitted", authorities=list(offices))
    Case.objects.update(due_at=now() - timedelta(days=1))
    Rule.objects.update(reckoned=True)  # the dates are made up: nothing is to be reckoned anew
