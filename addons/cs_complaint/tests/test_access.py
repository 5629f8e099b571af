from itertools import product

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ComplaintCommon
from .test_identity import NAME, PLACE, SECRETS, MaskedCommon

#: Who may not read the masked case at all, and who may but doesn't know the person.
OUTSIDE = (
    "leader",
    "chief",
    "auditor",
    "plain",
    "head",
    "accused",
    "accountant",
    "portal",
    "personal_data",
    "lead",
    "manager",
)
UNKNOWING = ("agent2",)
REFUSED = (AccessError, UserError, ValueError, KeyError)


@tagged("post_install", "-at_install")
class TestAccess(ComplaintCommon):
    """Who reads and changes which case."""

    def _reads(self, role, case):
        return bool(
            self.env["cs.complaint"]
            .with_user(self.users[role])
            .browse(case.ids)
            .has_access("read")
        )

    def test_own_and_of_own_team(self):
        other = self.env["cs.team"].create(
            {"name": "Other", "lead_id": self.users["chief"].id}
        )
        case = self._complaint(team_id=other.id)
        self.assertTrue(self._reads("agent", case))
        self.assertFalse(self._reads("agent2", case))
        case.sudo().team_id = self.team
        self.assertTrue(self._reads("agent2", case))
        case.sudo().write({"team_id": other.id, "handler_id": self.users["agent2"].id})
        self.assertTrue(self._reads("agent2", case))

    def test_leads_and_auditors_read_all(self):
        case = self._complaint()
        for role in ("leader", "chief", "auditor"):
            self.assertTrue(self._reads(role, case), role)
        for role in ("plain", "head", "accused", "accountant", "lead", "user"):
            self.assertFalse(self._reads(role, case), role)

    def test_auditor_changes_nothing(self):
        case = self._complaint()
        for method, args in (
            ("write", [case.ids, {"subject": "x"}]),
            ("create", [{"subject": "x", "content": "x"}]),
            ("action_accept", [case.ids]),
            ("action_make_event", [case.ids]),
        ):
            with self.subTest(method), self.assertRaises(UserError):
                self._rpc("auditor", "cs.complaint", method, *args)

    def test_other_company(self):
        case = self._complaint()
        case.sudo().interaction_id.sudo()
        self.users["chief"].write(
            {
                "company_ids": [(6, 0, self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self.assertFalse(self._reads("chief", case))

    def test_nobody_deletes(self):
        case = self._complaint()
        for role in ("agent", "chief", "masked", "auditor"):
            with self.subTest(role), self.assertRaises(UserError):
                self._rpc(role, "cs.complaint", "unlink", case.ids)


@tagged("post_install", "-at_install")
class TestMaskedMatrix(MaskedCommon):
    """The masked person by every path a client has."""

    def _paths(self):
        """(name, call) of everything that may say something of case or person."""
        case, row = self.secret.sudo(), self.secret.sudo().identity_ids
        contact = case.interaction_id
        messages = case.message_ids
        one = [("id", "in", case.ids)]
        mine = [("complaint_id", "in", case.ids)]
        fields = ["complainant_display", "complainant_partner_id", "interaction_id"]
        case_m, row_m = "cs.complaint", "cs.complaint.identity"
        yield "read", (case_m, "read", case.ids)
        yield (
            "web_read",
            (
                case_m,
                "web_read",
                case.ids,
                {
                    "complainant_display": {},
                    "identity_ids": {
                        "fields": {"name": {}, "partner_id": {"fields": {"name": {}}}}
                    },
                    "interaction_id": {
                        "fields": {"partner_id": {"fields": {"display_name": {}}}}
                    },
                },
            ),
        )
        yield "search_read", (case_m, "search_read", one, fields)
        yield (
            "export",
            (
                case_m,
                "export_data",
                case.ids,
                [
                    "name",
                    "complainant_display",
                    "complainant_partner_id/name",
                    "identity_ids/name",
                    "identity_ids/partner_id/name",
                    "interaction_id/partner_id/name",
                    "premises_id/full_address",
                ],
            ),
        )
        yield "name_search", (case_m, "name_search", "", one)
        for groupby in ("handler_id", "premises_id", "interaction_id", "create_uid"):
            for method in ("formatted_read_group", "web_read_group"):
                yield (
                    f"{method} {groupby}",
                    (
                        case_m,
                        method,
                        one,
                        [groupby],
                        ["__count"],
                    ),
                )
        for order in ("complainant_partner_id", "identity_ids", "premises_id"):
            yield f"order {order}", (case_m, "search_read", one, ["name"], 0, 5, order)
        yield "row read", (row_m, "read", row.ids)
        yield "row search", (row_m, "search_read", mine)
        yield "row name_search", (row_m, "name_search", "", mine)
        for groupby in ("partner_id", "name", "premises_id", "complaint_id"):
            yield (
                f"row group {groupby}",
                (
                    row_m,
                    "formatted_read_group",
                    mine,
                    [groupby],
                    ["__count"],
                ),
            )
        yield "row export", (row_m, "export_data", row.ids, ["name", "partner_id/name"])
        yield "contact", ("cs.interaction", "read", contact.ids)
        yield (
            "contact search",
            (
                "cs.interaction",
                "search_read",
                [("id", "=", contact.id)],
            ),
        )
        yield "messages", ("mail.message", "read", messages.ids)
        yield (
            "messages search",
            (
                "mail.message",
                "search_read",
                [("model", "=", case_m), ("res_id", "=", case.id)],
            ),
        )
        yield (
            "followers",
            (
                "mail.followers",
                "search_read",
                [("res_model", "=", case_m), ("res_id", "=", case.id)],
            ),
        )
        files = self.env["ir.attachment"].sudo().search([("res_id", "=", case.id)])
        files = files.filtered(lambda one: one.res_model == case_m)
        yield "files", ("ir.attachment", "read", files.ids)
        yield (
            "files search",
            (
                "ir.attachment",
                "search_read",
                [("res_model", "=", case_m), ("res_id", "=", case.id)],
            ),
        )
        matter = [("res_model", "=", case_m), ("res_id", "=", case.id)]
        for model in (
            "cs.link",
            "cs.followup",
            "cs.notify",
            "cs.clock",
            "cs.chase",
            "cs.matter.holder",
            "cs.satisfaction",
            "cs.approval",
            "cs.merge",
            "cs.mail.parked",
            "mail.activity",
        ):
            yield model, (model, "search_read", matter)
        yield "all work", ("cs.matter.index", "search_read", matter)
        yield "panel card", ("cs.contact.panel", "open_card", self.whistle.id)
        yield "links", (case_m, "read", case.ids, ["link_rows", "holder_rows"])
        yield "title", (case_m, "read", case.ids, ["matter_title", "display_name"])

    def _searches(self):
        """Domains that would find the masked case by its person."""
        name = NAME[:5]
        yield "cs.complaint", [("identity_ids.name", "ilike", name)]
        yield "cs.complaint", [("identity_ids.partner_id", "=", self.whistle.id)]
        yield "cs.complaint", [("identity_ids.partner_id.name", "ilike", name)]
        yield (
            "cs.complaint",
            [("identity_ids", "any", [("partner_id", "in", self.whistle.ids)])],
        )
        yield "cs.complaint", [("identity_ids.premises_id", "=", self.place.id)]
        yield "cs.complaint", [("complainant_search", "ilike", name)]
        yield "cs.complaint", [("complainant_search", "=", "13911112222")]
        yield "cs.complaint", [("interaction_id.partner_id", "=", self.whistle.id)]
        yield "cs.complaint", [("premises_id", "=", self.place.id)]
        yield "cs.complaint", [("message_ids.author_id", "=", self.whistle.id)]
        yield "cs.complaint", [("message_partner_ids", "in", self.whistle.ids)]
        yield "cs.complaint.identity", [("partner_id", "=", self.whistle.id)]
        yield "cs.interaction", [("partner_id", "=", self.whistle.id)]

    def _answer(self, role, call):
        with mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule"):
            try:
                with self.env.cr.savepoint():
                    return self._rpc(role, *call)
            except REFUSED:
                return None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls.secret.sudo()
        case.message_post(
            body="Told again",
            author_id=cls.whistle.id,
            email_from=cls.whistle.email_formatted,
            message_type="email",
            attachments=[("paper.txt", b"receipt")],
        )
        cls.secret.with_user(cls.users["agent"]).action_chase("He calls again")
        cls.env.flush_all()
        cls.env.invalidate_all()

    def test_no_path_names_the_person(self):
        """Nobody but first owner and group gets name, phone or address."""
        paths = list(self._paths())
        for role in (*OUTSIDE, *UNKNOWING):
            for name, call in paths:
                with self.subTest(role=role, path=name):
                    told = str(self._answer(role, call))
                    if name == "panel card":  # the customer himself is no secret
                        self.assertNotIn(self.secret.sudo().name, told)
                        self.assertNotIn("takes money", told)
                        continue
                    for secret in SECRETS:
                        self.assertNotIn(secret, told)

    def test_outside_reads_nothing_of_the_case(self):
        number = self.secret.sudo().name
        for role in OUTSIDE:
            for name, call in self._paths():
                with self.subTest(role=role, path=name):
                    told = str(self._answer(role, call))
                    self.assertNotIn("takes money", told)
                    self.assertNotIn(f"'{number}'", told)

    def test_no_search_by_person_finds_it(self):
        for role in (*OUTSIDE, *UNKNOWING):
            for model, domain in self._searches():
                with self.subTest(role=role, domain=domain):
                    self.assertFalse(self._answer(role, (model, "search", domain)))

    def test_sorting_tells_nothing(self):
        """Non-stored fields of the person can't be sorted or grouped by."""
        for name, method in product(
            ("complainant_partner_id", "complainant_name", "complainant_display"),
            ("order", "group", "search"),
        ):
            calls = {
                "order": ("cs.complaint", "search", [], 0, 5, name),
                "group": ("cs.complaint", "formatted_read_group", [], [name], []),
                "search": ("cs.complaint", "search", [(name, "!=", False)]),
            }
            with self.subTest(name, method=method):
                self.assertFalse(self._answer("agent2", calls[method]))

    def test_owner_finds_it(self):
        """The test isn't empty: who may know finds the person by these paths."""
        found = 0
        for model, domain in self._searches():
            found += bool(self._answer("agent", (model, "search", domain)))
        self.assertGreaterEqual(found, 7)
        told = "".join(str(self._answer("agent", call)) for _n, call in self._paths())
        for secret in (NAME, PLACE):
            self.assertIn(secret, told)

    def test_panel_search_and_history(self):
        """Neither number nor customer lead to it, and it doesn't count."""
        number = self.secret.sudo().name
        for role in ("leader", "chief", "agent2", "agent"):
            card = self._answer(
                role, ("cs.contact.panel", "open_card", self.whistle.id)
            )
            with self.subTest(role):
                self.assertNotIn(number, str(card))
                if card:
                    self.assertFalse(card.get("hidden"))
