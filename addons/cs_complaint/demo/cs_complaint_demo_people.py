from odoo import api, models
from odoo.fields import Command

LANGUAGE = "zh_CN"
#: login: what he does with complaints; the people themselves are of cs_base's demo.
ROLES = {
    "agent": "cs_complaint.group_user",
    "agent2": "cs_complaint.group_user",
    "agent3": "cs_complaint.group_user",
    "leader": "cs_complaint.group_lead",
    "deputy": "cs_complaint.group_manager",
    "spokesperson": "cs_complaint.group_manager",
    "discipline": "cs_complaint.group_manager",
    "chief": "cs_complaint.group_centre,cs_base.group_masked",
    "engineering": "",
    "fitter": "",
    "safety": "",
    "inspector": "",
    "sales": "",
}
CUSTOMERS = [
    ("张伟", "13805710001", "1", "101"),
    ("王芳", "13805710002", "1", "202"),
    ("李娜", "13805710003", "1", "303"),
    ("刘洋", "13805710004", "2", "104"),
    ("陈静", "13805710005", "2", "501"),
    ("杨帆", "13805710006", "2", "602"),
    ("赵磊", "13805710007", "3", "101"),
    ("黄丽", "13805710008", "3", "302"),
    ("周杰", "13805710009", "3", "403"),
    ("吴霞", "13805710010", "3", "504"),
    ("徐斌", "13805710011", "4", "101"),
    ("孙梅", "13805710012", "4", "602"),
]


class CsComplaintDemoPeople(models.AbstractModel):
    """Who works and lives in the demo."""

    _name = "cs.complaint.demo.people"
    _description = "People of the Complaints Demo"

    @api.model
    def _users(self):
        """The people of the demo by login, with their roles in complaints."""
        users = {login: self.env.ref(f"cs_base.user_{login}_demo") for login in ROLES}
        for login, groups in ROLES.items():
            if "odoobot_state" in users[login]._fields:
                users[login].odoobot_state = "disabled"
            users[login].group_ids = [
                Command.link(self.env.ref(group).id)
                for group in groups.split(",")
                if group
            ]
        return users

    @api.model
    def _departments(self):
        """The departments of the demo by name."""
        heads = self.env["hr.department"].search([("manager_id.user_id", "!=", False)])
        return {department.name: department for department in heads}

    @api.model
    def _customers(self, steward):
        """Customers with their homes: list of (partner, premises)."""
        homes = []
        for name, phone, building, room in CUSTOMERS:
            premises = self.env["cs.premises"].create(
                {
                    "area": "城东片区",
                    "community": "阳光花园",
                    "building": building,
                    "unit": "1",
                    "room": room,
                    "steward_id": steward.id,
                }
            )
            partner = self.env["res.partner"].create({"name": name, "phone": phone})
            self.env["cs.premises.party"].create(
                {
                    "premises_id": premises.id,
                    "partner_id": partner.id,
                    "role": "owner",
                    "date_from": "2020-01-01",
                }
            )
            homes.append((partner, premises))
        return homes
