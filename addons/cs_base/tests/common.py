from unittest.mock import patch

from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

from ..models.cs_approval_mixin import CsApprovalMixin

ROLES = ("user", "lead", "manager", "auditor", "personal_data", "masked")
KIND = "test_kind"
#: errors that tell a client that, and why, something isn't done
REFUSALS = ("AccessError", "UserError", "ValidationError", "RedirectWarning")


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


class RpcCase(HttpCase):
    """Calls as a browser does, without our screens; ``users`` has a user a role."""

    def log_in(self, login):
        self.authenticate(login, login)

    def post_json(self, url, params):
        """Return (result, name of the error) of a JSON call by who is logged in."""
        payload = {"jsonrpc": "2.0", "method": "call", "params": params}
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(url, json=payload).json()
        error = answer.get("error")
        name = error and error["data"]["name"].rpartition(".")[2]
        return answer.get("result"), name

    def call(self, model, method, *args, **kwargs):
        """Return (result, name of the error) of a method."""
        return self.post_json(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def rpc(self, role, model, method, *args, **kwargs):
        """Return what a method gives a role that may call it."""
        self.log_in(self.users[role].login)
        result, error = self.call(model, method, *args, **kwargs)
        self.assertFalse(error, f"{role} could not call {model}.{method}")
        return result

    def assertRefused(self, role, model, method, *args, **kwargs):
        """A role is told why it may not; return the name of the error."""
        self.log_in(self.users[role].login)
        result, error = self.call(model, method, *args, **kwargs)
        self.assertIn(error, REFUSALS, f"{role} called {model}.{method}: {result}")
        return error

    def assertNoAccess(self, *call, **kwargs):
        """A role has no right to this at all, whatever the values."""
        self.assertEqual(self.assertRefused(*call, **kwargs), "AccessError", call)


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
            "_cs_approval_scopes",
            "_cs_approval_kind_group",
            "_cs_approval_is_used",
            "_cs_approval_is_masked",
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
