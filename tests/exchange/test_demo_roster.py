"""Synthetic rosters: without fault when asked for good ones, with exactly the planted faults otherwise."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.exchange import planted, roster
from apps.exchange.rules import judge
from apps.exchange.synthetic import ADDRESS_CODE
from tests.exchange.places import book_on
from tests.exchange.rosters import AS_OF


def made(path, capsys, *options):
    call_command("demo_roster", "--out", str(path), "--as-of", AS_OF.isoformat(), "--json", *options)
    return json.loads(capsys.readouterr().out), roster.read(path)


def judgement(sheet):
    return judge(sheet, as_of=AS_OF, book=book_on(AS_OF))


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_good_roster_has_no_fault_and_no_real_number(tmp_path, capsys, kind):
    counts, sheet = made(tmp_path / f"a.{kind}", capsys, "--rows", "300")
    assert counts == {
        "rows": 300,
        "invalid": 0,
        "disputed": 0,
        "returned": 0,
        "deferred": 0,
        "removed": 0,
        "dead": 0,
    }
    assert judgement(sheet).faults == []
    numbers = {line.values["citizen_id"] for line in sheet.rows}
    assert len(numbers) == 300
    assert all(number.startswith(ADDRESS_CODE) for number in numbers)
    assert len({line.values["name"] for line in sheet.rows}) == 300


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("rows", [10, 60, 200])
def test_what_is_planted_is_what_is_found(tmp_path, capsys, kind, rows):
    counts, sheet = made(tmp_path / f"a.{kind}", capsys, "--rows", str(rows), "--faults", "--seed", "5")
    found = judgement(sheet)
    assert counts["rows"] - found.acceptable == counts["invalid"] > 0
    assert not found.blocked
    remarks = [row.facts.get("remark") for row in found.rows if row.ok]
    words = {kind: word for kind, (word, _share) in planted.SHARES.items()} | {"dead": planted.DEAD}
    assert {kind: remarks.count(word) for kind, word in words.items()} == {
        kind: counts[kind] for kind in words
    }


def test_a_large_roster_has_every_planted_rule(tmp_path, capsys):
    _counts, sheet = made(tmp_path / "a.xlsx", capsys, "--rows", "200", "--faults")
    blocking = {fault.code for fault in judgement(sheet).faults if fault.blocks}
    assert blocking == set(planted.FAULTS) | {"V-50", "V-58"}


def test_the_same_seed_gives_the_same_people_and_another_seed_others(tmp_path, capsys):
    _counts, first = made(tmp_path / "a.csv", capsys, "--rows", "50", "--faults", "--seed", "3")
    _counts, again = made(tmp_path / "b.csv", capsys, "--rows", "50", "--faults", "--seed", "3")
    _counts, other = made(tmp_path / "c.csv", capsys, "--rows", "50", "--faults", "--seed", "4")
    assert first.digest == again.digest != other.digest
    numbers = {line.values["citizen_id"] for line in first.rows}
    assert len(numbers & {line.values["citizen_id"] for line in other.rows}) <= 2


def test_the_cover_names_the_enterprise_asked_for(tmp_path, capsys):
    _counts, sheet = made(tmp_path / "a.xlsx", capsys, "--rows", "5", "--enterprise", "WWDEM010-2")
    assert (sheet.cover.code, sheet.cover.heads) == ("91445281WWDEM0102C", 5)


@pytest.mark.parametrize(
    "options",
    [("--rows", "0"), ("--rows", "5", "--enterprise", "nobody"), ("--rows", "5", "--out", "a.pdf")],
)
def test_nonsense_is_refused(tmp_path, options):
    with pytest.raises(CommandError):
        call_command("demo_roster", "--out", str(tmp_path / "a.xlsx"), *options)


# In a process of its own: what else this one started counts among its children.
READING = r"""
import re, sys
from pathlib import Path
from apps.exchange.reading import child
assert len(child.read(Path(sys.argv[1]).read_bytes(), set())["rows"]) > 20_000
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_twenty_thousand_rows_are_written_and_read_in_half_a_gigabyte(tmp_path, capsys):
    _counts, sheet = made(tmp_path / "a.xlsx", capsys, "--rows", "20000", "--faults")
    assert len(sheet.rows) == 20_000
    judgement(sheet)
    command = [sys.executable, "-c", READING, str(tmp_path / "a.xlsx")]
    megabytes = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True).stdout
    assert int(megabytes) < 500
