"""``manage.py handover FILE``: walk a roster through the whole transfer, and say what came of everybody."""

import json
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.audit.models import Event
from apps.audit.verify import verify
from apps.engine.door import Refused
from apps.exchange import roster
from apps.organisations.models import Organisation
from apps.policies.rules import RuleMissing
from workflows.rehearsals.transfer import Step, TransferRehearsal


class Command(BaseCommand):
    help = "Walk a roster through the whole transfer, every act by the post-holder whose act it is."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the roster: xlsx, xls or csv")
        parser.add_argument(
            "--enterprise", default="", help="credit code or organisation code; default: the cover's"
        )
        parser.add_argument("--json", action="store_true", help="print the result as one line of JSON")

    def handle(self, *, file: Path, enterprise: str, **options):
        started = time.perf_counter()
        try:
            content = file.read_bytes()
            company = self._enterprise(enterprise or roster.read(content, file.name).cover.code)
            rehearsal = TransferRehearsal(
                company, tell=(lambda step: None) if options["json"] else self._tell
            )
            case = rehearsal.walk(content, file.name)
        except (roster.Unreadable, Refused, RuleMissing) as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except OSError as error:
            raise CommandError(_("无法打开文件：%s") % error.strerror, returncode=2) from error
        version = case.rosters.get(superseded=False)
        walked = round(time.perf_counter() - started, 3)
        report = verify()
        result = {
            "batch": case.number,
            "rows": version.rows_count,
            "invalid": version.rows.filter(left_out=True).count(),
            **rehearsal.counts(),
            "by_street": rehearsal.by_street(),
            "events": Event.objects.filter(stream="case", stream_id=case.pk).count(),
            "audit": "ok" if report.ok else "broken",
            "seconds": {**rehearsal.seconds, "total": walked},
        }
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else self._words(result))

    def _enterprise(self, code: str) -> Organisation:
        found = Organisation.objects.filter(Q(enterprise__uscc=code) | Q(enterprise__org_code=code)).exclude(
            enterprise=None
        )
        if not code or not found:
            raise CommandError(
                _("没有代码为“%s”的企业；请用 --enterprise 指明统一社会信用代码或组织机构代码") % code,
                returncode=2,
            )
        return found.get()

    def _tell(self, step: Step) -> None:
        stayed = "".join(f"；{count} {_('未办')}：{sentence}" for sentence, count in step.stayed.items())
        self.stdout.write(f"  {step.stage}　{step.title}　{step.who}　{step.moved}{stayed}")

    def _words(self, result: dict) -> str:
        lines = [_("批次 %(batch)s：%(rows)s 行，其中不申报 %(invalid)s 行，列入 %(listed)s 人。") % result]
        lines.append(
            _(
                "接收 %(received)s，退回 %(returned)s，暂缓 %(deferred)s，剔除 %(removed)s，"
                "死亡终止 %(ended)s，未办结 %(open)s。"
            )
            % result
        )
        lines += [f"  {street}　{count}" for street, count in result["by_street"].items()]
        lines.append(_("本批履历 %(events)s 条；履历核对：%(audit)s。") % result)
        lines.append("  ".join(f"{name} {seconds}s" for name, seconds in result["seconds"].items()))
        return "\n".join(lines)
