from odoo.tests import new_test_user
from odoo.tests.common import tagged

from odoo.addons.cs_base.tests.common import CsCommon


@tagged("post_install", "-at_install")
class ToyCommon(CsCommon):
    """A desk with two clerks, their lead and a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.users["user"]
        cls.second = new_test_user(
            cls.env, login="cs_user_2", groups="cs_base.group_user"
        )
        cls.lead = cls.users["lead"]
        cls.team = cls.env["cs.team"].create(
            {
                "name": "Desk",
                "lead_id": cls.lead.id,
                "member_ids": [(6, 0, (cls.clerk | cls.second).ids)],
            }
        )
        cls.customer = cls.env["res.partner"].create({"name": "张三"})

    def _run_cron(self, name):
        """Run a job of the base as the server does, in the test's transaction."""
        with self.enter_registry_test_mode():
            self.env.ref(f"cs_base.{name}").method_direct_trigger()

    def _contact(self, user=None, **vals):
        contacts = self.env["cs.interaction"].with_user(user or self.clerk)
        return contacts.create({"topic": "Gas", "partner_id": self.customer.id, **vals})

    def _request(self, user=None, **vals):
        requests = self.env["cs.toy.request"].with_user(user or self.clerk)
        return requests.create({"wish": "Tea", "partner_id": self.customer.id, **vals})

    def _report(self, **vals):
        reports = self.env["cs.toy.report"].with_user(self.users["masked"])
        return reports.create({"text": "Somebody took money", **vals})
