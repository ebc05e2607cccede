"""Rules about where the person is registered, lives, and wants to be looked after."""

from django.utils.translation import gettext_noop as _

from apps.exchange.rules import lists
from apps.exchange.rules.registry import rule

SHORTEST_ADDRESS = 5
COUNTY_MEND = _("填写本市的县（市、区）名称，如：榕城区；本市以外写明省和市，如：福建省漳州市。")
STREET_MEND = _("填写该县（市、区）所辖街道或乡镇的名称，如：榕华街道。")
ADDRESS_MEND = _("写明社区（村）和门牌，不少于5字。")


@rule("V-19", "E", _("户籍地县（市、区）"), COUNTY_MEND)
def hukou_county_exists(p):
    if p.hukou_county is None and not p.hukou_outside:
        yield "hukou_county", _unknown(p.v["hukou_county"], _("户籍地县（市、区）不在行政区划表内")), {}


@rule("V-20", "E", _("户籍地街道（乡镇）"), STREET_MEND)
def hukou_street_belongs(p):
    if p.hukou_county and p.hukou_street is None:
        yield "hukou_street", *_stranger(p.v["hukou_street"], p.hukou_county)


@rule("V-21", "W", _("户籍地址"), ADDRESS_MEND)
def hukou_address_is_complete(p):
    if len(p.v["hukou_addr"]) < SHORTEST_ADDRESS:
        yield "hukou_addr", _("详细地址不足5字"), {}


@rule("V-22", "E", _("常年居住地县（市、区）"), COUNTY_MEND)
def residence_county_exists(p):
    if p.res_county is None and not p.res_outside:
        yield "res_county", _unknown(p.v["res_county"], _("居住地县（市、区）不在行政区划表内")), {}


@rule("V-23", "E", _("常年居住地街道（乡镇）"), STREET_MEND)
def residence_street_belongs(p):
    if p.res_county and p.res_street is None:
        yield "res_street", *_stranger(p.v["res_street"], p.res_county)


@rule("V-24", "W", _("居住地址"), ADDRESS_MEND)
def residence_address_is_complete(p):
    if len(p.v["res_addr"]) < SHORTEST_ADDRESS:
        yield "res_addr", _("详细地址不足5字"), {}


@rule("V-25", "W", _("居住地类别"), _("对照户籍地填代码1至5，见代码表。"))
def residence_class_fits(p):
    if p.res_class is None:
        yield "res_class", _("居住地类别未填写或不在代码表内"), {}
        return
    fitting = _fitting_classes(p)
    if fitting and p.res_class not in fitting:
        yield "res_class", _("居住地类别与所填居住地不符，应为“%(class)s”"), {"class": fitting[0]}


@rule("V-26", "E", _("选择管理地"), _("填“常年居住地”或“户口所在地”，所选的一地须在本市并写明街道（乡镇）。"))
def chosen_place_is_in_the_city(p):
    if p.placement is None:
        yield "placement_choice", _("应填“常年居住地”或“户口所在地”"), {}
    elif p.res_outside if p.placement == "residence" else p.hukou_outside:
        yield "placement_choice", _("所选管理地不在本市"), {}


@rule("V-40", "W", _("异地或境外居住说明"), _("写明居住在何地、与谁同住、如何联系。"))
def living_elsewhere_is_explained(p):
    elsewhere = p.res_class is not None and p.res_class != lists.RES_CLASS["1"]
    if (elsewhere or p.res_outside) and not p.v["outside_note"]:
        yield "outside_note", _("异地或境外居住，应作说明"), {}


def notes_of_other_periods(p):
    """Yield (rule code, column, sentence) for each place that was written with the name of another period."""
    for code, column, place in (
        ("V-19", "hukou_county", p.hukou_county),
        ("V-20", "hukou_street", p.hukou_street),
        ("V-22", "res_county", p.res_county),
        ("V-23", "res_street", p.res_street),
    ):
        if place is not None and place.note:
            yield code, column, place.note


def _unknown(text: str, sentence: str) -> str:
    return sentence if text else _("未填写县（市、区）")


def _stranger(text: str, county) -> tuple[str, dict]:
    if not text:
        return _("未填写街道（乡镇）"), {}
    return _("%(county)s没有这个街道（乡镇）"), {"county": county.name}


def _fitting_classes(p) -> list[str]:
    """Return the classes that the residence may have seen from the hukou; none where that cannot be told."""
    if p.res_county:
        if p.hukou_county:
            return [lists.RES_CLASS["1" if p.res_county.code == p.hukou_county.code else "2"]]
        return [lists.RES_CLASS["2"], lists.RES_CLASS["3"]] if p.hukou_outside else []
    if not p.res_outside or p.hukou_outside:
        return []
    written = p.v["res_county"]
    if written.startswith(lists.GUANGDONG):
        return [lists.RES_CLASS["2"]]
    if any(name in written[:8] for name in lists.BEYOND_THE_BORDER):
        return [lists.RES_CLASS["4"]]
    if written.startswith(lists.ABROAD):
        return [lists.RES_CLASS["5"]]
    return [lists.RES_CLASS["3"]]
