from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.cs_base.tests.common import CsCommon

#: login: groups. ``accused`` works in a department and has no role in complaints.
PEOPLE = {
    "agent": "cs_complaint.group_user",
    "agent2": "cs_complaint.group_user",
    "leader": "cs_complaint.group_lead",
    "chief": "cs_complaint.group_manager",
    "auditor": "cs_base.group_auditor",
    "masked": "cs_complaint.group_lead,cs_base.group_masked",
    "head": "base.group_user",
    "accused": "base.group_user",
    "accountant": "account.group_account_user",
}


class ComplaintCommon(CsCommon):
    """A team with a lead, a department with a head, a customer, his premises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= {
            login: new_test_user(
                cls.env,
                login=f"complaint_{login}",
                name=login.title(),
                groups=groups,
                email=f"{login}@example.com",
            )
            for login, groups in PEOPLE.items()
        }
        cls.department = cls.env["hr.department"].create({"name": "Engineering"})
        cls.employees = {
            login: cls.env["hr.employee"].create(
                {
                    "name": login.title(),
                    "user_id": cls.users[login].id,
                    "department_id": cls.department.id,
                }
            )
            for login in ("head", "accused")
        }
        cls.department.manager_id = cls.employees["head"]
        cls.team = cls.env["cs.team"].create(
            {
                "name": "Complaints",
                "lead_id": cls.users["leader"].id,
                "member_ids": [
                    (6, 0, (cls.users["agent"] + cls.users["agent2"]).ids),
                ],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Zhang San", "phone": "13800001234", "email": "zs@example.org"}
        )
        cls.premises = cls._create_premises("301")

    @classmethod
    def _complaint(cls, login="agent", **values):
        """A registered complaint about a slow repair, taken in by ``login``."""
        cases = cls.env["cs.complaint"].with_user(cls.users[login])
        if values.get("channel") in ("hotline", "association", "media", "parent"):
            values.setdefault("external_ref", "2026-0815")
        return cases.create(
            {
                "subject": "Repair came too late",
                "content": "Promised for Monday, came on Thursday.",
                "received_at": fields.Datetime.now(),
                **values,
            }
        )
