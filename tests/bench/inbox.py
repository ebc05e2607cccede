"""The inbox of a street, a county and the city, with a thousand open tasks and with a hundred thousand."""

from contextlib import contextmanager
from statistics import median, quantiles

from django.test import Client

from apps.organisations.models import Organisation

from . import city
from .figures import Figures, spent, statements

SMALL = 1_000
BLOCKS, PAGES, WARM = 4, 25, 5
OFFICES = {
    "street": ("STREET_CLERK", city.STREET),
    "county": ("RMO_CLERK", city.COUNTY),
    "city": ("RMO_CLERK", city.CITY),
}
# Of ten batches: two at their enterprise, three before the bureau, five with a person before a street.
SHARES = {"draft": 2, "submitted": 3, "allocating": 5}


@contextmanager
def grown(found: Figures, *, tasks: int):
    """Look at the small inbox; inside, ``grow()`` makes it large; look again at the end."""
    fill(SMALL)
    city.tidy()
    before = {name: look(*office) for name, office in OFFICES.items()}

    def grow() -> None:
        fill(tasks - SMALL)
        city.tidy()

    yield grow
    for name, office in OFFICES.items():
        small, sent_small = before[name]
        large, sent = look(*office)
        found.add(f"inbox_{name}_p95", large / small, at_most=1.5,
                  note=f"{small * 1000:.1f} ms at {SMALL}, {large * 1000:.1f} ms at {tasks} open tasks")  # fmt: skip
        found.add(f"inbox_{name}_statements", sent, unit="", at_most=8, note=f"{sent_small} at {SMALL}")


def fill(tasks: int) -> None:
    """So many open tasks, spread over all bodies as in a working city."""
    authorities = list(Organisation.objects.filter(kind="RMO").values_list("pk", flat=True))
    for stage, tenths in SHARES.items():
        with_people = {"each": 1, "item": "placed"} if stage == "allocating" else {}
        city.cases(tasks * tenths // 10, stage, authorities=authorities, **with_people)


def look(role: str, key: str) -> tuple[float, int]:
    """The p95 of the page in seconds, and its statements."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(city.holder(role, key).user, backend="django.contrib.auth.backends.ModelBackend")

    def page() -> None:
        answer = client.get("/")
        if answer.status_code != 200:
            raise AssertionError(f"{role} at {key}: {answer.status_code}")

    for _turn in range(WARM):
        page()
    with statements() as sent:
        page()
    blocks = [[spent(page).wall for _turn in range(PAGES)] for _block in range(BLOCKS)]
    return median(quantiles(block, n=20)[-1] for block in blocks), len(sent)
