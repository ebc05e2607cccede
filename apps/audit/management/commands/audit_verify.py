"""Proves that the audit trail is what was written; exits with 1 when anything is wrong."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from apps.audit.findings import Report
from apps.audit.verify import verify


class Command(BaseCommand):
    help = "Verify chains, items, anchors, clock and seals of the audit trail."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--stream", default="", help="verify one stream only, for example case/12")

    def handle(self, *, json: bool, stream: str, **options):
        try:
            report = verify(stream)
        except ValueError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(_as_json(report) if json else _as_text(report))
        if not report.ok:
            raise SystemExit(1)


def _as_json(report: Report) -> str:
    return json.dumps(report.as_dict(), ensure_ascii=False, indent=2)


def _as_text(report: Report) -> str:
    lines = [
        _(
            "核对了 %(streams)s 条流、%(events)s 条记录、%(items)s 条人员明细、%(seals)s 个封印，"
            "每秒 %(speed)s 条。"
        )
        % {
            "streams": report.streams,
            "events": report.events,
            "items": report.items,
            "seals": report.seals,
            "speed": report.events_per_second,
        }
    ]
    if report.unsealed_events:
        lines.append(
            _("尚未封印：%(events)s 条，自 %(since)s 起。")
            % {"events": report.unsealed_events, "since": report.unsealed_since}
        )
    lines += report.notes
    if report.ok:
        lines.append(_("未发现问题。"))
    else:
        total = sum(report.counts.values())
        lines.append(
            _("发现 %(total)s 处问题，第一处：%(where)s") % {"total": total, "where": report.first.where}
        )
        lines += [f"  {finding.where}  {finding.sentence}" for finding in report.findings]
    return "\n".join(lines)
