"""Rules about working life and insurance: when work began and ended, under which kind, who pays the pension."""

from django.utils.translation import gettext_noop as _

from apps.exchange import values as cell
from apps.exchange.rules import ages, lists
from apps.exchange.rules.registry import rule

YOUNGEST_WORKER = 14


@rule("V-09", "W", _("参加工作时间"), _("按档案记载填写，不早于14周岁，不晚于退休时间。"))
def work_began_in_time(p):
    if p.work_start is None:
        yield "work_start", _("参加工作时间未填写或无法识别"), {}
    elif p.birth and ages.years_later(p.birth, YOUNGEST_WORKER) > p.work_start:
        yield "work_start", _("参加工作时不满14周岁"), {}
    elif p.retire_date and p.work_start > p.retire_date:
        yield "work_start", _("参加工作时间晚于退休时间"), {}


@rule("V-10", "E", _("退休时间"), _("按退休审批表填写，应晚于参加工作时间，不晚于填报日期。"))
def retired_by_now(p):
    if p.retire_date is None:
        yield "retire_date", _("退休时间未填写或无法识别"), {}
    elif p.retire_date > p.as_of:
        yield "retire_date", _("退休时间晚于填报日期，尚未退休"), {}
    elif p.work_start and p.retire_date <= p.work_start:
        yield "retire_date", _("退休时间不晚于参加工作时间"), {}


@rule("V-11", "E", _("退休类别"), _("填正常、特殊工种、病退、政策提前、退职之一。"))
def retirement_kind_is_listed(p):
    if p.retire_kind is None:
        yield "retire_kind", _("退休类别未填写或不在代码表内"), {}


@rule("V-12", "W", _("退休年龄"), _("核对出生日期、退休时间和退休类别；确属提前的，在备注中说明依据。"))
def retired_at_the_age(p):
    if not (p.birth and p.retire_date and p.retire_kind and p.sex):
        return
    earliest = p.retirement.earliest_month(p.sex, p.birth, p.retire_kind, p.v["post"], retired=p.retire_date)
    if earliest and p.retire_date.replace(day=1) < earliest:
        yield "retire_date", _("早于年龄表所列的退休年月%(month)s"), {"month": f"{earliest:%Y-%m}"}


@rule("V-13", "W", _("原工作岗位/身份"), _("填干部、工人或其他。"))
def post_is_listed(p):
    if p.v["post"] and p.v["post"] not in lists.POST:
        yield "post", _("岗位/身份不在代码表内"), {}


@rule("V-14", "S", _("社会保障号/个人编号"), _("向社保经办机构核对后填写。"))
def insured_has_a_number(p):
    if p.pension and not p.v["si_no"]:
        yield "si_no", _("已参加养老保险但没有个人编号，待社保比对"), {}
    elif cell.is_destroyed(p.v["si_no"]):
        yield "si_no", _("编号被表格软件当作数字四舍五入，待社保比对"), {}


@rule("V-15", "E", _("参加基本养老保险"), _("填“是”或“否”。"))
def pension_insurance_is_said(p):
    if p.pension is None:
        yield "pension_insured", _("应填“是”或“否”"), {}


@rule("V-16", "E", _("养老金原渠道支付单位"), _("填写原来支付养老金的单位全称。"))
def uninsured_has_a_payer(p):
    if p.pension is False and p.v["orig_payer"] in cell.NOTHING:
        yield "orig_payer", _("未参加养老保险，须写明原渠道支付单位"), {}


@rule("V-17", "S", _("养老金发放机构"), _("填写发放养老金的社保经办机构名称。"))
def insured_has_an_agency(p):
    if p.pension and p.v["paying_agency"] in cell.NOTHING:
        yield "paying_agency", _("没有写明养老金发放机构，待社保比对"), {}


@rule("V-18", "E", _("参加基本医疗保险"), _("填“是”或“否”；填“否”的，在备注中写明医疗费支付单位。"))
def medical_insurance_is_said(p):
    if p.medical is None:
        yield "medical_insured", _("应填“是”或“否”"), {}
