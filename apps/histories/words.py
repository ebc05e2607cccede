"""Turns events into sentences: codes and values in the trail, titles from the registry here."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.calendar.workdays import is_provisional
from apps.clocks.alarms import ALARMS
from apps.documents.papers import KINDS
from apps.engine import registry
from apps.engine.dues import RENAME
from apps.engine.words import Reasons
from apps.inbox.filters import DEADLINES
from apps.organisations.choices import OrgKind, Role
from apps.organisations.second_person import KINDS as CHANGES
from apps.policies.keys import KEYS
from apps.treasury.models import DifferenceKind

# What is recorded without being a move of a process.
NOTES = {
    "enter": gettext_lazy("列入"),
    "attach": gettext_lazy("上传材料"),
    "claim": gettext_lazy("签收"),
    "release": gettext_lazy("退签"),
    "read_evidence": gettext_lazy("查阅材料"),
    "draw_up": gettext_lazy("制成文书"),
    "print_paper": gettext_lazy("打印文书"),
    "print_papers": gettext_lazy("成批打印文书"),
    "fetch_bundle": gettext_lazy("下载成批打印的文书"),
    "void_paper": gettext_lazy("文书作废"),
    "reissue_paper": gettext_lazy("更正文书"),
    "reveal": gettext_lazy("查看完整身份证号"),
    "signed_in": gettext_lazy("登录"),
    "signed_out": gettext_lazy("退出登录"),
    "read_history": gettext_lazy("查阅履历"),
    "read_ledger": gettext_lazy("查阅台帐"),
    "search_inbox": gettext_lazy("查询案件"),
    "export": gettext_lazy("导出名单"),
    "verify": gettext_lazy("校验履历"),
    "found": gettext_lazy("设立机构"),
    "rename": gettext_lazy("机构更名"),
    "appoint": gettext_lazy("任职"),
    "end_post": gettext_lazy("免职"),
    "propose": gettext_lazy("录入规则"),
    "approve": gettext_lazy("核准规则"),
    "propose_days": gettext_lazy("录入放假安排"),
    "approve_days": gettext_lazy("核准放假安排"),
    "reckon": gettext_lazy("期限重算"),
    RENAME: gettext_lazy("环节更名"),
    **{alarm.name: alarm.title for alarm in ALARMS},
    "retry_jobs": gettext_lazy("重新提交任务"),
    "cancel_job": gettext_lazy("停止任务"),
    "move": gettext_lazy("机构划转"),
    "close": gettext_lazy("撤销机构"),
    "liaison": gettext_lazy("更新企业联系方式"),
    "enrol": gettext_lazy("开设账号"),
    "invite": gettext_lazy("重设密码"),
    "show_link": gettext_lazy("查看设密链接"),
    "show_code": gettext_lazy("查看校验码"),
    "wrong_code": gettext_lazy("校验码不符"),
    "password_set": gettext_lazy("设定密码"),
    "dismiss": gettext_lazy("停用账号"),
    "end_sessions": gettext_lazy("结束登录"),
    "unlock": gettext_lazy("解除锁定"),
    "propose_change": gettext_lazy("提出变更"),
    "approve_change": gettext_lazy("批准变更"),
    "refuse_change": gettext_lazy("退回变更"),
    "withdraw_change": gettext_lazy("撤回变更"),
    "import_statement": gettext_lazy("导入银行对账文件"),
    "take_line": gettext_lazy("认定到账"),
    "untake_line": gettext_lazy("撤回到账认定"),
    "book_suspense": gettext_lazy("记入待查款项"),
    "book_interest": gettext_lazy("登记利息"),
    "book_charge": gettext_lazy("登记手续费"),
    "return_suspense": gettext_lazy("退回待查款项"),
    "prepare_month": gettext_lazy("编制对账单"),
    "explain_difference": gettext_lazy("说明对账差异"),
    "sign_month": gettext_lazy("签署对账单"),
    "read_account": gettext_lazy("查阅财政专户"),
}

# What such notes are given.
LABELS = {
    "name": gettext_lazy("文件名"),
    "file_name": gettext_lazy("文件名"),
    "field": gettext_lazy("项目"),
    "count": gettext_lazy("数量"),
    "rows": gettext_lazy("行数"),
    "digest": gettext_lazy("内容摘要"),
    "streams": gettext_lazy("校验范围"),
    "sound": gettext_lazy("校验通过"),
    "events": gettext_lazy("记录条数"),
    "unit": gettext_lazy("机构"),
    "role": gettext_lazy("岗位"),
    "list": gettext_lazy("名单"),
    "kind": gettext_lazy("类别"),
    "words": gettext_lazy("查询内容"),
    "care": gettext_lazy("照护类别"),
    "timing": gettext_lazy("期限"),
    "deadline": gettext_lazy("期限"),
    "process": gettext_lazy("事项"),
    "stage": gettext_lazy("环节"),
    "event": gettext_lazy("记录"),
    "retiree": gettext_lazy("退休人员"),
    "key": gettext_lazy("规则"),
    "paper": gettext_lazy("文书"),
    "notice": gettext_lazy("放假安排"),
    "year": gettext_lazy("年份"),
    "approved_by": gettext_lazy("核准人"),
    "above": gettext_lazy("上报级数"),
    "value": gettext_lazy("取值"),
    "status": gettext_lazy("状态"),
    "jobs": gettext_lazy("任务"),
    "basis": gettext_lazy("依据"),
    "approval": gettext_lazy("批复文号"),
    "from": gettext_lazy("原为"),
    "to": gettext_lazy("改为"),
    "case": gettext_lazy("案件编号"),
    "office": gettext_lazy("办理机构"),
    "person": gettext_lazy("办理人"),
    "serial": gettext_lazy("银行流水号"),
    "reference": gettext_lazy("缴款码"),
    "new": gettext_lazy("新入笔数"),
    "known": gettext_lazy("已导入笔数"),
    "yuan": gettext_lazy("金额（元）"),
    "month": gettext_lazy("月份"),
    "difference": gettext_lazy("差异"),
    "locked": gettext_lazy("已锁定"),
    "since": gettext_lazy("起"),
    "until": gettext_lazy("止"),
}

# What a note is given that only a machine reads: numbers of rows.
UNTOLD = {
    "reveal": {"identities"},
    "appoint": {"post", "person"},
    "end_post": {"post", "person"},
    "found": {"key", "superior"},
}
# What the same word means in some notes.
LABELS_OF = {
    "appoint": {"name": gettext_lazy("姓名")},
    "end_post": {"name": gettext_lazy("姓名")},
    "found": {"name": gettext_lazy("名称")},
    "enrol": {"name": gettext_lazy("姓名")},
}
# The codes of notes.
VALUES = {
    **dict(Role.choices),
    **dict(OrgKind.choices),
    **dict(DEADLINES),
    "ledger": gettext_lazy("基础台帐"),
    "histories": gettext_lazy("履历"),
    "faults": gettext_lazy("花名册问题清单"),
    "business": pgettext_lazy("履历", "办理"),
    "readings": gettext_lazy("登录与查阅"),
    "bodies": gettext_lazy("机构与岗位"),
    "rules": gettext_lazy("规则"),
    "met": gettext_lazy("按期办理"),
    "missed": gettext_lazy("逾期办理"),
    "number": gettext_lazy("公民身份号码"),
    **dict(DifferenceKind.choices),
}


@dataclass(frozen=True)
class Entry:
    """One event as people read it."""

    title: str
    actor: str
    at: datetime
    reason: str
    lines: tuple[str, ...]
    count: int
    counted: str
    late: bool
    demo: bool
    hash: str
    tone: str
    sentence: str


def tell(event) -> Entry:
    """Say what an event records: who did what, when, why, on which ground."""
    machine = _machine(event.machine)
    move = machine.moves.get(event.move) if machine else None
    title, actor = _title(event, machine, move), _actor(event)
    late = bool(event.due_at and event.machine and event.recorded_at > event.due_at)
    return Entry(
        title=title,
        actor=actor,
        at=event.recorded_at,
        reason=_reason(event, move),
        lines=tuple(_lines(event, machine, move)),
        count=event.items_count,
        counted=_counted(event, machine),
        late=late,
        demo=event.demo,
        hash=event.hash,
        tone="late" if late else "" if event.person_id else "system",
        sentence=_sentence(event, title, actor, _counted(event, machine)),
    )


def _machine(name: str):
    return {model._meta.model_name: model for model in registry.machines()}.get(name)


def _title(event, machine, move) -> str:
    if move:
        return str(move.title)
    if machine and event.move == "enter":
        return _("列入%s") % machine._meta.verbose_name
    return str(NOTES.get(event.move, event.move))


def _actor(event) -> str:
    said = event.actor
    if not said:
        return _("系统")
    role = dict(Role.choices).get(said.get("role"), "")
    behalf = _("代%s") % said["on_behalf"] if said.get("on_behalf") else ""
    return " · ".join(
        str(part) for part in (said.get("organisation"), said.get("person"), role, behalf) if part
    )


def _counted(event, machine) -> str:
    """How many people, or other things, the act moved."""
    if not event.items_count:
        return ""
    words = _("%(count)s 人") if machine and machine.person else _("%(count)s 项")
    return words % {"count": event.items_count}


def _reason(event, move) -> str:
    words = [event.reason] if event.reason else []
    if event.reason_code:
        known = move.reason.choices if move and isinstance(move.reason, Reasons) else {}
        words.insert(0, str(known.get(event.reason_code, event.reason_code)))
    return _("；").join(words)


def _lines(event, machine, move):
    """Yield what else is to be said, most telling first."""
    stages = machine.stages if machine else {}
    if event.target in stages and event.source in stages and event.source != event.target:
        yield _("由“%(from)s”进入“%(to)s”") % {
            "from": stages[event.source].title,
            "to": stages[event.target].title,
        }
    elif event.target in stages and not event.source:
        yield _("进入“%s”") % stages[event.target].title
    labels = move.asks.base_fields if move and move.asks else {}
    for name, value in event.given.items():
        if value not in (None, "", []) and name not in UNTOLD.get(event.move, ()):
            label = labels[name].label if name in labels else None
            label = label or LABELS_OF.get(event.move, {}).get(name) or LABELS.get(name, name)
            if name == "kind" and value in CHANGES:
                value = CHANGES[value].title
            elif not machine and isinstance(value, str):
                value = _code(value)
            yield _("%(label)s：%(value)s") % {"label": label, "value": _value(value)}
    for paper in event.evidence:
        kind = KINDS.get(paper.get("kind", ""))
        yield _("材料：%(title)s（摘要 %(digest)s）") % {
            "title": kind.title if kind else paper.get("kind", ""),
            "digest": paper.get("digest", "")[:12],
        }
    for rule in event.rules:
        key = KEYS.get(rule.get("key", ""))
        if key:
            yield _("按规则“%(title)s”：%(value)s") % {"title": key.title, "value": key.says(rule["value"])}
    if event.due_at and event.machine:
        provisional = _("（暂定）") if is_provisional(event.due_at) else ""
        yield _("办理期限 %s") % f"{timezone.localtime(event.due_at):%Y-%m-%d}" + provisional
    if event.basis:
        yield _("依据：方案%s") % event.basis


def _code(value: str) -> str:
    """A code in words: of a note, of a machine or of one of its stages; any other text as it is."""
    name, _dot, stage = value.partition(".")
    if machine := _machine(name):
        return machine.stages[stage].title if stage in machine.stages else machine._meta.verbose_name
    return VALUES.get(value, value)


def _value(value) -> str:
    if isinstance(value, dict):
        return str(value.get("name", value.get("id", "")))
    if isinstance(value, list):
        return _("、").join(map(str, value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def _sentence(event, title: str, actor: str, counted: str) -> str:
    words = {"who": actor, "when": f"{timezone.localtime(event.recorded_at):%Y-%m-%d %H:%M}", "what": title}
    if counted:
        return _("%(who)s于%(when)s办理“%(what)s”，%(count)s") % {**words, "count": counted}
    return _("%(who)s于%(when)s办理“%(what)s”") % words
