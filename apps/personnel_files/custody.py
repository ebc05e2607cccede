"""What the decisions on files record, for one file and for a set."""


def record_check(deed) -> None:
    deed.rows.update(messenger=deed.given["messenger"])


def record_receipt(deed) -> None:
    deed.rows.update(witness=deed.given["witness"])


def record_gap(deed) -> None:
    deed.rows.update(gap=deed.given["gap"])
