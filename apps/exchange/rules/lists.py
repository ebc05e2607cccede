"""The closed lists of the roster: what may be written, and what it means; also printed as the code sheet 代码表."""

from django.utils.translation import gettext_noop as _

SEX = {"男": "M", "女": "F"}
YES_NO = {"是": True, "否": False}
RETIRE_KIND = {
    "正常": "正常", "正常退休": "正常", "特殊工种": "特殊工种", "特殊工种退休": "特殊工种", "病退": "病退",
    "政策提前": "政策提前", "政策提前退休": "政策提前", "退职": "退职",
}  # fmt: skip
POST = ("干部", "工人", "其他")
RES_CLASS = {
    "1": "同一县（市、区）", "2": "省内其他县（市、区）", "3": "外省", "4": "港澳台", "5": "国外",
}  # fmt: skip
PLACEMENT = {
    "常年居住地": "residence", "居住地": "residence", "户口所在地": "hukou", "户籍所在地": "hukou", "户籍地": "hukou",
}  # fmt: skip
HEALTH = {"1": "健康", "2": "生活不能自理", "3": "长年有病", "4": "一般"}
SPOUSE = {"1": "在职", "2": "无业", "3": "退休"}
CARE = (_("特困"), _("孤寡"), _("重病"), _("高龄"), _("病残"))
SPECIAL = (
    "劳模",
    "劳动模范",
    "工伤",
    "建国前老工人",
    "军转干部",
    "归侨",
    "侨眷",
    "烈属",
    "伤残军人",
    "退役军人",
)
PARTY = {"正式": "full", "预备": "probationary", "否": "no"}
HOUSING = {"已房改": "已房改", "未房改": "未房改", "非企业住房": "非企业住房"}
PERSON_CLASS = {"企业退休": "企业退休", "企业化管理事业单位退休": "企业化管理事业单位退休"}
ETHNICITIES = frozenset((
    "汉", "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家",
    "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇", "柯尔克孜",
    "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "仡佬", "锡伯", "阿昌", "普米", "塔吉克", "怒",
    "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔", "独龙", "鄂伦春", "赫哲", "门巴",
    "珞巴", "基诺",
))  # fmt: skip
GUANGDONG = (
    "广东", "广州", "深圳", "珠海", "汕头", "佛山", "韶关", "湛江", "肇庆", "江门", "茂名", "惠州", "梅州", "汕尾",
    "河源", "阳江", "清远", "东莞", "中山", "潮州", "云浮",
)  # fmt: skip
BEYOND_THE_BORDER = ("香港", "澳门", "台湾")
ABROAD = ("国外", "境外", "海外")

# The code sheet: column, code, meaning.
CODES = (
    ("性别", tuple((one, "") for one in SEX)),
    ("退休类别", tuple((one, "") for one in ("正常", "特殊工种", "病退", "政策提前", "退职"))),
    ("原工作岗位/身份", tuple((one, "") for one in POST)),
    ("居住地类别", tuple(RES_CLASS.items())),
    ("选择管理地", (("常年居住地", ""), ("户口所在地", ""))),
    ("配偶姓名/状况", tuple(SPOUSE.items())),
    ("健康状况", tuple(HEALTH.items())),
    ("照护类别", tuple((one, "") for one in CARE)),
    ("中共党员", tuple((one, "") for one in PARTY)),
    ("住房情况", tuple((one, "") for one in HOUSING)),
    ("人员类别", tuple((one, "") for one in PERSON_CLASS)),
)
