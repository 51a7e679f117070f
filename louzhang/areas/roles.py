"""Roles in code; the district's own titles (楼长, 书记 …) are data mapped to them."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a post may be; one person may hold several posts."""

    STAIRWELL_HEAD = "stairwell_head", "单元长"
    CHIEF = "chief", "楼长"
    GRID_WORKER = "grid_worker", "网格员"
    GRID_LEAD = "grid_lead", "网格长"
    OFFICE_STAFF = "office_staff", "工作人员"
    SECRETARY = "secretary", "负责人"
    COMMANDER = "commander", "指挥中心值班"
    UNIT_MEMBER = "unit_member", "承办人"
    UNIT_LEAD = "unit_lead", "单位负责人"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


# Roles that work in the office of a district, street or community: they accept and dispatch.
OFFICE_ROLES = (Role.OFFICE_STAFF, Role.SECRETARY, Role.COMMANDER)
# Roles that look after a grid, a building or a stairwell, out among the residents.
FIELD_ROLES = (Role.STAIRWELL_HEAD, Role.CHIEF, Role.GRID_WORKER, Role.GRID_LEAD)
# Roles inside a unit that is not an office.
UNIT_ROLES = (Role.UNIT_MEMBER, Role.UNIT_LEAD)
# 三员分立: they keep the system and see no matter of any resident.
KEEPER_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
