from unittest.mock import patch

from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tests.common import tagged

from odoo.addons.base.tests.common import BaseCommon

from ..models.cs_approval_mixin import CsApprovalMixin

ROLES = ("user", "lead", "manager", "auditor", "personal_data")
KIND = "test_kind"


@tagged("post_install", "-at_install")
class CsCommon(BaseCommon):
    """Two companies in China and a user for each role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.other_company = cls.env["res.company"].create(
            {"name": "Second Gas", "country_id": cls.env.ref("base.cn").id}
        )
        cls.users = {
            role: new_test_user(
                cls.env, login=f"cs_{role}", groups=f"cs_base.group_{role}"
            )
            for role in ROLES
        }
        cls.users["plain"] = new_test_user(
            cls.env, login="cs_plain", groups="base.group_user"
        )

    @classmethod
    def _create_premises(cls, room="101", **values):
        return cls.env["cs.premises"].create(
            {"community": "Peace Garden", "building": "3", "room": room, **values}
        )

    def _rpc(self, role, model, method, *args, **kwargs):
        """Call as a client of this role does."""
        env = self.env(user=self.users[role], su=False)
        return call_kw(env[model], method, list(args), kwargs)


def lend_approvals(cls):
    """Let premises stand for a document that needs approval, in a test class.

    The mixin is for later addons; its methods are lent to premises for the test.
    """
    cls.calls = []

    def on_decision(name):
        def hook(record, approval):
            cls.calls.append((name, record, approval, record.env.uid))

        return hook

    lent = {
        name: getattr(CsApprovalMixin, name)
        for name in (
            "_cs_request_approval",
            "_cs_pending_approvals",
            "_cs_valid_approval",
            "_cs_check_approved",
            "action_cs_approvals",
        )
    }
    lent |= {
        "_cs_approval_values": lambda record, kind: {"occupancy": record.occupancy},
        "_cs_approval_group": lambda record, kind: "cs_base.group_lead",
        "_cs_on_approved": on_decision("approved"),
        "_cs_on_rejected": on_decision("rejected"),
    }
    document = cls.registry["cs.premises"]
    cls.startClassPatcher(patch.multiple(document, create=True, **lent))
    cls.startClassPatcher(
        patch.object(
            cls.registry["cs.approval"],
            "_selection_kind",
            lambda self: [(KIND, "Test Kind")],
        )
    )


class CsApprovalCommon(CsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lend_approvals(cls)
        cls.second_lead = new_test_user(
            cls.env, login="cs_lead_2", groups="cs_base.group_lead"
        )
        cls.document = cls._create_premises()

    def _request(self, user=None, document=None, **values):
        user = user or self.users["user"]
        document = (document or self.document).with_user(user)
        return document._cs_request_approval(KIND, **values)
