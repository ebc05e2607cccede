"""Who acts: a role, and which organisation of the case it is held at.

Basis: 揭府办〔2005〕77号, sections 四 and 五.
"""

from django.utils.translation import gettext_lazy as _

from apps.engine.words import Party
from apps.organisations.choices import Role

ENT_CLERK = Party(Role.ENT_CLERK, "applicant", _("企业经办人"))
ENT_HEAD = Party(Role.ENT_HEAD, "applicant", _("企业负责人"))
RMO_CLERK = Party(Role.RMO_CLERK, "authority", _("退管机构经办人"))
RMO_REVIEWER = Party(Role.RMO_REVIEWER, "authority", _("退管机构审核人"))
RMO_HEAD = Party(Role.RMO_HEAD, "authority", _("退管机构负责人"))
FEE_CLERK = Party(Role.FEE_CLERK, "authority", _("退管机构执收开票员"))
ARCHIVIST = Party(Role.ARCHIVIST, "custodian", _("档案管理员"))
FILE_REVIEWER = Party(Role.RMO_REVIEWER, "custodian", _("档案保管机构审核人"))
FISCAL_OFFICER = Party(Role.FISCAL_OFFICER, "finance", _("财政专户管理员"))
FISCAL_REVIEWER = Party(Role.FISCAL_REVIEWER, "finance", _("财政复核人"))
GOV_APPROVER = Party(Role.GOV_APPROVER, "government", _("政府审批人"))
STREET_CLERK = Party(Role.STREET_CLERK, "street", _("街道（乡镇）经办人"))
STREET_HEAD = Party(Role.STREET_HEAD, "street", _("街道（乡镇）事务所所长"))
COUNTY_REVIEWER = Party(Role.RMO_REVIEWER, "county", _("县（市、区）退管机构审核人"))
CITY_REVIEWER = Party(Role.RMO_REVIEWER, "city", _("市退管机构审核人"))
STATION_WORKER = Party(Role.STATION_WORKER, "station", _("退管站工作人员"))
STREET_AS_STATION = Party(Role.STREET_CLERK, "station", _("代行退管站职责的街道经办人"))
SIGNING_HEAD = Party(Role.RMO_HEAD, "signer", _("签署机构负责人"))
SIGNING_ENTERPRISE = Party(Role.ENT_HEAD, "signer", _("签署企业负责人"))
LABOUR_HEAD = Party(Role.LABOUR_HEAD, "labour", _("劳动保障部门负责人"))
OPINION_FINANCE = Party(Role.FISCAL_REVIEWER, "giver", _("财政部门复核人"))
OPINION_OWNER = Party(Role.DEPT_LIAISON, "giver", _("国资（主管）部门联络员"))
DECIDING_GOVERNMENT = Party(Role.GOV_APPROVER, "decider", _("原审批政府审批人"))
REVIEWING_GOVERNMENT = Party(Role.GOV_APPROVER, "reviewer", _("复议机关审批人"))
