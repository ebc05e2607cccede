"""`accept` (受理) one by one and a thousand at once, against a loop of stock Viewflow steps."""

from statistics import median

from apps.engine.door import perform, perform_all
from workflows.transfer import TransferBatch

from . import city, stock
from .figures import Figures, middle, ratio, spent, statements

ROUNDS, STEPS, WARM = 15, 40, 20
ACTS, SET = 3, 1000
PEOPLE = 10  # in each batch


def measure(found: Figures) -> None:
    """Take both sides in turns, each round on batches and processes nobody has touched yet."""
    clerk = city.holder("RMO_CLERK", city.CITY)
    number = WARM + ROUNDS * STEPS + ACTS * SET
    batches = city.cases(number, "submitted", authorities=[clerk.organisation.pk], each=PEOPLE)
    stocks = stock.fill(number)
    city.tidy()
    ours, theirs = iter(batches), iter(stocks)

    def accept(rows: list) -> None:
        for row in rows:  # as a page hands them over; the door reads them again under its lock
            perform(row, "accept", by=clerk)

    def some(count: int) -> list:
        return list(TransferBatch.objects.filter(pk__in=[next(ours) for _row in range(count)]))

    def stock_steps(count: int) -> None:
        for _turn in range(count):
            stock.step(*next(theirs), clerk.user)

    accept(some(WARM - 1))
    stock_steps(WARM - 1)
    one = some(1)
    with statements() as sent:
        accept(one)
    with statements() as sent_by_stock:
        stock_steps(1)
    a, b = [], []
    for turn in range(ROUNDS):
        rows = some(STEPS)
        for act, what, rounds in ((accept, rows, a), (stock_steps, STEPS, b))[:: 1 if turn % 2 else -1]:
            rounds.append(spent(lambda act=act, what=what: act(what)))
    mine, stock_round = middle(a), middle(b)
    cpu = median(theirs.cpu / ours.cpu for theirs, ours in zip(b, a, strict=True))
    note = (f"accept {STEPS / mine.wall:.0f}/s, stock {STEPS / stock_round.wall:.0f}/s; process time {cpu:.2f} ×; "
            f"stock sends {len(sent_by_stock)} statements")  # fmt: skip
    found.add("step_vs_viewflow", ratio(b, a), at_least=2.0, note=note)
    found.add("step_statements", len(sent), unit="", at_most=12, note="one accept")

    sets, loops = [], []
    for _turn in range(ACTS):
        chosen = TransferBatch.objects.filter(pk__in=[next(ours) for _row in range(SET)])
        sets.append(spent(lambda chosen=chosen: _all(chosen, clerk)))
        loops.append(spent(lambda: stock_steps(100)))
    per_case = median((loop.wall / 100) / (act.wall / SET) for loop, act in zip(loops, sets, strict=True))
    found.add("act_vs_viewflow", per_case, at_least=20, note=f"{SET} cases in {middle(sets).wall:.2f} s")


def _all(chosen, clerk) -> None:
    outcome = perform_all(chosen, "accept", by=clerk)
    if outcome.moved != SET:
        raise AssertionError(outcome.stayed)
