"""Rules about who the person is: name, sex, number, birth, how to be reached, and the person's own confirmation."""

import re
import unicodedata

from django.utils.translation import gettext_noop as _

from apps.exchange import values as cell
from apps.exchange.rules import lists
from apps.exchange.rules.registry import rule

# Ideographs, the middle dot of some names, and characters a font of its own draws (private use).
NAME_CATEGORIES = ("Lo", "Co")
LATIN_OR_DIGIT = re.compile(r"[0-9A-Za-z]")
HIGH_AGE = 80
ADULT = 18


@rule("V-02", "E", _("姓名"), _("按身份证填写姓名，2至30字，不含数字、字母和其他符号。"))
def name_is_a_name(p):
    name = p.v["name"]
    if not name:
        yield "name", _("未填写姓名"), {}
    elif LATIN_OR_DIGIT.search(name):
        yield "name", _("姓名中有数字或字母"), {}
    elif not 2 <= len(name) <= 30:
        yield "name", _("姓名应为2至30字"), {}
    elif any(one != "·" and unicodedata.category(one) not in NAME_CATEGORIES for one in name):
        yield "name", _("姓名中有不应出现的符号"), {}


@rule("V-03", "E", _("性别"), _("填“男”或“女”。"))
def sex_is_given(p):
    if p.sex is None:
        yield "sex", _("性别未填写或不是“男”“女”"), {}


@rule("V-04", "W", _("性别与号码"), _("核对性别和公民身份号码，改正有误的一项。"))
def sex_agrees_with_number(p):
    if p.sex and p.number and p.sex != p.number.sex:
        yield "sex", _("性别与公民身份号码不一致"), {}


@rule("V-05", "W", _("民族"), _("按民族名称代码表填写，如：汉族。"))
def ethnicity_is_known(p):
    written = p.v["ethnicity"]
    if written and written.removesuffix("族") not in lists.ETHNICITIES:
        yield "ethnicity", _("民族名称不在名称表内"), {}


@rule("V-06", "E", _("公民身份号码"), _("将该列设为文本格式，照身份证重新填写18位号码（旧证15位亦可）。"))
def number_is_valid(p):
    text = p.v["citizen_id"]
    if not text:
        yield "citizen_id", _("未填写公民身份号码"), {}
    elif cell.is_destroyed(text):
        yield "citizen_id", _("号码被表格软件当作数字四舍五入，末几位已丢失"), {}
    elif p.number is None:
        yield "citizen_id", p.number_fault, {}


@rule("V-07", "E", _("出生日期"), _("按 yyyy-mm-dd 填写真实的出生日期；填报日年龄过小或过大的，请核对年份。"))
def birth_date_is_possible(p):
    if not p.v["birth_date"]:
        yield "birth_date", _("未填写出生日期"), {}
    elif p.birth is None:
        yield "birth_date", _("出生日期无法识别或不存在"), {}
    elif not p.ages[0] <= age(p.birth, p.as_of) <= p.ages[1]:
        yield "birth_date", _("填报日年龄为%(age)s岁，不像退休人员"), {"age": str(age(p.birth, p.as_of))}


@rule("V-08", "W", _("出生日期与号码"), _("三龄不一致的，以档案记载为准，并在备注中说明。"))
def birth_date_agrees_with_number(p):
    if p.birth and p.number and p.birth != p.number.birth_date:
        yield "birth_date", _("出生日期与公民身份号码不一致"), {}


@rule("V-27", "W", _("联系电话"), _("填11位手机号码，或区号加固定电话号码。"))
def phone_can_be_dialled(p):
    if not cell.is_phone(p.v["phone"]):
        yield "phone", _("联系电话未填写或不完整"), {}


@rule("V-28", "W", _("紧急联系人"), _("按“姓名/关系/电话”填写，电话不同于本人电话。"))
def contact_is_somebody_else(p):
    name, relation, phone = p.contact
    if not (name and relation and cell.is_phone(phone)):
        yield "contact", _("紧急联系人应写明姓名、关系和电话"), {}
    elif cell.phone_digits(phone) == cell.phone_digits(p.v["phone"]):
        yield "contact", _("紧急联系人的电话与本人相同"), {}


@rule("V-29", "W", _("健康状况"), _("填代码：1健康，2生活不能自理，3长年有病，4一般。"))
def health_is_coded(p):
    if p.health is None:
        yield "health", _("健康状况未填写或不在代码表内"), {}


@rule("V-30", "W", _("照护类别"), _("从特困、孤寡、重病、高龄、病残中选填；高龄指80岁以上。"))
def care_category_is_known(p):
    for one in p.care:
        if one not in lists.CARE:
            yield "care_category", _("照护类别“%(word)s”不在代码表内"), {"word": one}
    if "高龄" in p.care and p.birth and age(p.birth, p.as_of) < HIGH_AGE:
        yield "care_category", _("不满80岁，不属于高龄"), {}


@rule("V-31", "W", _("特殊身份"), _("填劳模、工伤（级别）、建国前老工人、军转干部、归侨等，并附证明。"))
def special_identity_is_known(p):
    for one in cell.read_list(p.v["special_identity"]):
        if not one.startswith(lists.SPECIAL):
            yield "special_identity", _("特殊身份“%(word)s”不在常见名目内，请核对"), {"word": one[:20]}


@rule("V-42", "E", _("本人（代理人）确认"), _("由本人或代理人确认后，填“是”和确认日期，如：是 2026-11-01。"))
def person_confirmed(p):
    text = p.v["self_confirm"]
    if not text:
        yield "self_confirm", _("没有本人（代理人）确认"), {}
    elif p.confirmed_on is None:
        yield "self_confirm", _("确认一栏应为“是”和确认日期"), {}
    elif p.confirmed_on > p.as_of:
        yield "self_confirm", _("确认日期晚于填报日期"), {}


def age(birth, on) -> int:
    """Return the completed years of life on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
