"""`manage.py demo_roster`: write a roster of synthetic people, with planted faults where they are asked for."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.exchange import planted, template
from apps.exchange.columns import COLUMNS
from apps.exchange.synthetic import People, Row, Town, cover_of

MOST = 200_000


class Command(BaseCommand):
    help = "Write a roster of synthetic people (numbers of address code 445299) as xlsx or csv."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=int, required=True)
        parser.add_argument("--out", type=Path, required=True, help="file to write, .xlsx or .csv")
        parser.add_argument(
            "--faults", action="store_true", help="plant invalid rows and people who will not pass"
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--enterprise", default="", help="credit code or organisation code; default: the first"
        )
        parser.add_argument(
            "--as-of", type=date.fromisoformat, default=None, help="the cover's 填报日期; default: today"
        )
        parser.add_argument("--json", action="store_true", help="print what was planted as one line of JSON")

    def handle(self, *, rows, out, faults, seed, enterprise, as_of, **options):
        if not 1 <= rows <= MOST:
            raise CommandError(_("行数应在1至%(most)s之间。") % {"most": MOST})
        if out.suffix not in (".xlsx", ".csv"):
            raise CommandError(_("文件名应以 .xlsx 或 .csv 结尾。"))
        town = Town(as_of or date.today())
        try:
            company = town.enterprise(enterprise)
        except LookupError:
            raise CommandError(_("没有代码为“%(code)s”的示例企业。") % {"code": enterprise}) from None
        people = list(People(town, company, seed).rows(rows))
        done = planted.Planted(rows)
        if faults:
            done = planted.plant(people, on=town.on, seed=seed, formulas=out.suffix == ".xlsx")
        if out.suffix == ".csv":
            self._write_csv(out, people)
        else:
            cover = cover_of(company, people, town.on)
            template.write_roster(str(out), cover=cover, rows=people, formulas=done.formulas)
        self._say(done, as_json=options["json"])

    def _write_csv(self, out: Path, people: list[Row]) -> None:
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.header for column in COLUMNS])
            writer.writerow([column.hint for column in COLUMNS])
            writer.writerows([row.get(column.key, "") for column in COLUMNS] for row in people)

    def _say(self, done: planted.Planted, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(done.counts()))
            return
        titles = {
            "rows": _("总人数"), "invalid": _("校验不通过"), "disputed": _("街道将提出异议"),
            "returned": _("街道将退回"), "deferred": _("将暂缓移交"), "removed": _("将被剔除"), "dead": _("在途死亡"),
        }  # fmt: skip
        for kind, count in done.counts().items():
            self.stdout.write(f"{titles[kind]}\t{count}")
        by_code = Counter(code for codes in done.invalid.values() for code in codes)
        if by_code:
            counted = "  ".join(f"{code}×{count}" for code, count in sorted(by_code.items()))
            self.stdout.write(f"{_('校验不通过的规则')}\t{counted}")
