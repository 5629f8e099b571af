import datetime

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import ToyCommon

OUTSIDERS = ("user", "lead", "manager", "auditor", "personal_data")


class TestMaskedRows(ToyCommon):
    """Rows of a masked matter are for its owner, his lead and the masked group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.business.type"].search(
            [("code", "=", "toy.request")]
        ).followup = "after_close"
        # what is tried needs no more than a role and the right to export
        for role in OUTSIDERS:
            cls.users[role].group_ids += cls.env.ref("base.group_allow_export")
        # nobody of them leads the desk of the masked matter
        cls.secret_lead = new_test_user(
            cls.env, login="cs_secret_lead", groups="cs_base.group_user"
        )
        cls.secret_team = cls.env["cs.team"].create(
            {"name": "Secret", "lead_id": cls.secret_lead.id}
        )

    def _masked(self, late=False):
        """A masked request with a row of every kind; masked later if ``late``."""
        masked = self.users["masked"]
        contact = self._contact(masked, topic="Took money", team_id=self.secret_team.id)
        request = self._request(
            masked,
            interaction_id=contact.id,
            handler_id=masked.id,
            team_id=self.secret_team.id,
        )
        if not late:
            request.sudo().masked = True
        request.with_user(masked).action_chase("李四 calls again")
        self.env["cs.extension"].with_user(masked)._cs_request(
            request.sudo()._cs_clocks()[:1],
            fields.Datetime.now() + datetime.timedelta(days=60),
            "李四 is away",
        )
        contact.with_user(masked).action_promise_callback(
            fields.Datetime.now() + datetime.timedelta(hours=3), "Call 李四"
        )
        other = self._request(masked, interaction_id=contact.id)
        request.sudo()._cs_link(other.sudo(), "related")
        self.env["cs.interaction.transfer"].with_user(masked)._cs_propose(
            contact, self.secret_lead, "absence", note="李四 is afraid"
        )
        visit = self.env["cs.followup"].search([("interaction_id", "=", contact.id)])
        visit.with_user(masked).action_try("李四 did not answer")
        if late:
            request.sudo().masked = True
        self.env.flush_all()
        self.env.invalidate_all()
        return request, contact

    def _extensions(self, request):
        return self.env["cs.extension"].search([("res_id", "=", request.id)])

    def _rows(self, request, contact):
        matter = [("res_model", "=", request._name), ("res_id", "=", request.id)]
        of_contact = [("interaction_id", "=", contact.id)]
        extensions = self._extensions(request)
        approval = [
            ("res_model", "=", extensions._name),
            ("res_id", "in", extensions.ids),
        ]
        return {
            "cs.interaction": [("id", "=", contact.id)],
            "cs.interaction.transfer": of_contact,
            "cs.chase": matter,
            "cs.matter.holder": matter,
            "cs.link": matter,
            "cs.clock": matter,
            "cs.clock.fact": [("clock_id.res_id", "=", request.id)],
            "cs.extension": matter,
            "cs.approval": approval,
            "cs.approval.step": [("approval_id", "any", approval)],
            "cs.followup": of_contact,
            "cs.followup.attempt": [("followup_id.interaction_id", "=", contact.id)],
            "cs.notify": matter,
        }

    def test_nobody_else_reads_them(self):
        for late in (False, True):
            request, contact = self._masked(late)
            for model, domain in self._rows(request, contact).items():
                rows = self.env[model].sudo().search(domain)
                if model != "cs.notify":
                    self.assertTrue(rows, f"{model} has no row: nothing is tested")
                for role in OUTSIDERS:
                    with self.subTest(model, role=role, late=late):
                        self._check_hidden(role, model, rows)

    def _check_hidden(self, role, model, rows):
        domain = [("id", "in", rows.ids)]
        records = self.env[model].with_user(self.users[role])
        if not records.has_access("read"):
            return
        self.assertFalse(records.search(domain))
        self.assertFalse(self._rpc(role, model, "name_search", "", domain))
        groups = records._read_group(domain, [], ["__count"])
        self.assertEqual(groups, [(0,)])
        for row in rows:
            with self.assertRaises(AccessError):
                self._rpc(role, model, "read", row.ids)
            with self.assertRaises(AccessError):
                self._rpc(role, model, "export_data", row.ids, ["display_name"])

    def test_approvals_are_for_those_who_take_part(self):
        """Who asked, who decides and who may read the document know of it."""
        request, _contact = self._masked()
        domain = [("res_id", "in", self._extensions(request).ids)]
        approval = self.env["cs.approval"].search(domain)
        self.assertEqual(len(approval), 1)
        other = new_test_user(self.env, login="cs_decides", groups="cs_base.group_user")
        self.assertFalse(approval.with_user(other).search(domain))
        approval.step_ids._update({"user_ids": [(6, 0, other.ids)]})
        for user in (other, self.users["masked"]):
            with self.subTest(user.login):
                found = approval.with_user(user).search(domain)
                self.assertEqual(found, approval)
                self.assertTrue(found.is_known)
                self.assertTrue(found.step_ids.mapped("name"))
        with self.assertQueryCount(30):
            approval.with_user(self.users["lead"]).search([]).mapped("name")

    def test_those_who_may_know_read_them(self):
        request, contact = self._masked()
        for model, domain in self._rows(request, contact).items():
            rows = self.env[model].with_user(self.users["masked"])
            if rows.has_access("read") and model not in ("cs.notify",):
                with self.subTest(model):
                    self.assertTrue(rows.search(domain))
        for model in ("cs.interaction", "cs.followup", "cs.interaction.transfer"):
            with self.subTest(model):
                rows = self.env[model].with_user(self.secret_lead)
                self.assertTrue(rows.search(self._rows(request, contact)[model]))

    def test_contact_of_an_open_matter_stays_hidden_through_it(self):
        """A matter anybody reads may hang on a masked contact: nothing leaks there."""
        request, contact = self._masked()
        other = request._cs_linked("related")[0][1]
        other.sudo().write({"masked": False})
        contact.sudo().content = "李四 saw it"
        self.env.flush_all()
        domain = [("id", "=", other.id)]
        secret = ("李四", "Took money")
        for role in ("user", "lead", "manager", "personal_data"):
            for path in ("topic", "content", "partner_id", "outcome"):
                name = f"interaction_id.{path}"
                with self.subTest(role, path=path):
                    hits = self._rpc(
                        role,
                        "cs.toy.request",
                        "search",
                        [*domain, (name, "!=", False)],
                    )
                    self.assertFalse(hits)
                    try:
                        groups = self._rpc(
                            role,
                            "cs.toy.request",
                            "formatted_read_group",
                            domain,
                            [name],
                            ["__count"],
                        )
                    except (AccessError, ValueError):
                        groups = []
                    for word in secret:
                        self.assertNotIn(word, str(groups))
                    try:
                        data = self._rpc(
                            role,
                            "cs.toy.request",
                            "export_data",
                            other.ids,
                            [name.replace(".", "/")],
                        )
                    except AccessError:
                        data = {}
                    for word in secret:
                        self.assertNotIn(word, str(data))
