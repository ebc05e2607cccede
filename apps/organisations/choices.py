"""The closed lists of the organisation network: kinds, levels, roles, and what an enterprise may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrgKind(models.TextChoices):
    """What a body is; its powers follow from the kind and from the roles held in it."""

    CITY_GOV = "CITY_GOV", _("市人民政府")
    COUNTY_GOV = "COUNTY_GOV", _("县（市、区）人民政府")
    MGMT_COMMITTEE = "MGMT_COMMITTEE", _("管委会")
    LABOUR_DEPT = "LABOUR_DEPT", _("劳动保障部门")
    RMO = "RMO", _("退管机构")
    STREET_RMO = "STREET_RMO", _("街道（乡镇）劳动保障事务所")
    COMMUNITY_STATION = "COMMUNITY_STATION", _("社区退管站")
    SI_AGENCY = "SI_AGENCY", _("社会保险经办机构")
    FINANCE_DEPT = "FINANCE_DEPT", _("财政部门")
    SASAC = "SASAC", _("国有资产监管机构")
    ENTERPRISE = "ENTERPRISE", _("企业")
    LIQUIDATOR = "LIQUIDATOR", _("清算组（管理人）")
    OWNER_UNIT = "OWNER_UNIT", _("主管部门（产权单位）")
    # Takes part in no case, so that those who keep the system see none.
    PLATFORM = "PLATFORM", _("系统运行机构")


class Level(models.TextChoices):
    """Where a body stands in 两级政府、三级管理、四级服务."""

    PROVINCE = "PROVINCE", _("省级")
    CITY = "CITY", _("市级")
    COUNTY = "COUNTY", _("县级")
    STREET = "STREET", _("街道（乡镇）")
    COMMUNITY = "COMMUNITY", _("社区")
    UNIT = "UNIT", _("单位")


class Role(models.TextChoices):
    """What a person does for an organisation; a post joins the two from one date to another."""

    ENT_CLERK = "ENT_CLERK", _("企业经办人")
    ENT_HEAD = "ENT_HEAD", _("企业负责人")
    RMO_CLERK = "RMO_CLERK", _("退管经办")
    RMO_REVIEWER = "RMO_REVIEWER", _("退管审核")
    RMO_HEAD = "RMO_HEAD", _("退管负责人")
    ARCHIVIST = "ARCHIVIST", _("档案管理员")
    FEE_CLERK = "FEE_CLERK", _("执收开票员")
    STREET_CLERK = "STREET_CLERK", _("街道经办")
    STREET_HEAD = "STREET_HEAD", _("事务所所长")
    STATION_WORKER = "STATION_WORKER", _("退管站工作人员")
    LABOUR_HEAD = "LABOUR_HEAD", _("劳动保障部门负责人")
    FISCAL_OFFICER = "FISCAL_OFFICER", _("财政专户管理员")
    FISCAL_REVIEWER = "FISCAL_REVIEWER", _("财政复核")
    DEPT_LIAISON = "DEPT_LIAISON", _("部门联络员")
    GOV_APPROVER = "GOV_APPROVER", _("政府审批人")
    SI_EXAMINER = "SI_EXAMINER", _("社保初审")
    AUDITOR = "AUDITOR", _("审计员")
    SYS_ADMIN = "SYS_ADMIN", _("系统管理员")
    SEC_ADMIN = "SEC_ADMIN", _("安全管理员")
    AUDIT_ADMIN = "AUDIT_ADMIN", _("审计管理员")


class Affiliation(models.TextChoices):
    """隶属: to which level of government an enterprise belongs, and so where it files."""

    CITY = "CITY", _("市直")
    COUNTY = "COUNTY", _("县属")
    PROVINCE = "PROVINCE", _("省属")
    CENTRAL = "CENTRAL", _("中央")


class EnterpriseStatus(models.TextChoices):
    """Whether an enterprise still stands; who pays and who applies follow from it."""

    ACTIVE = "ACTIVE", _("存续")
    REFORMED = "REFORMED", _("改制")
    BANKRUPT = "BANKRUPT", _("破产")
    CLOSED = "CLOSED", _("关闭")
    EXITED = "EXITED", _("退出")
    EXITED_BEFORE = "EXITED_BEFORE", _("此前已退出")


class DivisionLevel(models.TextChoices):
    """The levels of the list of administrative divisions."""

    PROVINCE = "PROVINCE", _("省")
    CITY = "CITY", _("市")
    COUNTY = "COUNTY", _("县（市、区）")
    STREET = "STREET", _("街道（乡镇）")


ENTERPRISE_SIDE = frozenset({OrgKind.ENTERPRISE, OrgKind.LIQUIDATOR, OrgKind.OWNER_UNIT})
ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})
GOVERNMENTS = frozenset({OrgKind.CITY_GOV, OrgKind.COUNTY_GOV, OrgKind.MGMT_COMMITTEE})

# Where each role may be held: the outsider is kept out when the post is made, not when he acts.
ROLE_KINDS: dict[Role, frozenset[OrgKind]] = {
    Role.ENT_CLERK: ENTERPRISE_SIDE,
    Role.ENT_HEAD: ENTERPRISE_SIDE,
    Role.RMO_CLERK: frozenset({OrgKind.RMO}),
    Role.RMO_REVIEWER: frozenset({OrgKind.RMO}),
    Role.RMO_HEAD: frozenset({OrgKind.RMO}),
    Role.ARCHIVIST: frozenset({OrgKind.RMO}),
    Role.FEE_CLERK: frozenset({OrgKind.RMO}),
    Role.STREET_CLERK: frozenset({OrgKind.STREET_RMO}),
    Role.STREET_HEAD: frozenset({OrgKind.STREET_RMO}),
    Role.STATION_WORKER: frozenset({OrgKind.COMMUNITY_STATION}),
    Role.LABOUR_HEAD: frozenset({OrgKind.LABOUR_DEPT}),
    Role.FISCAL_OFFICER: frozenset({OrgKind.FINANCE_DEPT}),
    Role.FISCAL_REVIEWER: frozenset({OrgKind.FINANCE_DEPT}),
    Role.DEPT_LIAISON: frozenset({OrgKind.SASAC, OrgKind.OWNER_UNIT}),
    Role.GOV_APPROVER: GOVERNMENTS,
    Role.SI_EXAMINER: frozenset({OrgKind.SI_AGENCY}),
    Role.AUDITOR: frozenset({OrgKind.RMO}),
    **dict.fromkeys(ADMINISTRATORS, frozenset({OrgKind.PLATFORM})),
}
