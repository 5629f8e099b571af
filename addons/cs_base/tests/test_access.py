from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CsCommon

STAFF = ("user", "lead", "manager")
LEADS = ("lead", "manager")
EVERYBODY = (*STAFF, "auditor", "plain")


def _settings(readers=EVERYBODY, manager="rwcu"):
    """What managers set and others read."""
    return {**dict.fromkeys(readers, "r"), "manager": manager}


def _rows(*readers):
    """Rows the system writes."""
    return dict.fromkeys(readers, "r")


def _dialog(*roles, rights="rwc"):
    return dict.fromkeys(roles, rights)


#: Rights by model and role: r(ead), w(rite), c(reate), u(nlink).
MATRIX = {
    "cs.business.type": _settings(manager="rw"),
    "cs.team": _settings(),
    "cs.commitment": _settings(),
    "cs.pause.reason": _settings(),
    "cs.escalation": _settings(STAFF),
    "cs.escalation.step": _settings(STAFF),
    "cs.followup.rule": _settings(STAFF),
    "cs.followup.plan": _settings(STAFF, manager="rwc"),
    "cs.followup.draw": _settings((*LEADS, "auditor")),
    "cs.followup.draw.member": _rows(*LEADS, "auditor"),
    "cs.followup.draw.replace": _dialog("manager"),
    "cs.notify.template": _settings(STAFF),
    "cs.interaction": {**dict.fromkeys(STAFF, "rwc"), "auditor": "r"},
    "cs.interaction.transfer": _rows(*STAFF, "auditor"),
    "cs.matter.transfer": _rows(*EVERYBODY),
    "cs.matter.holder": _rows(*STAFF, "auditor"),
    "cs.matter.index": _rows(*EVERYBODY),
    "cs.matter.week": _rows(*LEADS, "auditor"),
    "cs.link": _rows(*EVERYBODY),
    "cs.chase": _rows(*EVERYBODY),
    "cs.notify": _rows(*EVERYBODY),
    "cs.extension": _rows(*EVERYBODY),
    "cs.draft": _rows(*EVERYBODY),
    "cs.clock": _rows(*LEADS, "auditor"),
    "cs.clock.fact": _rows(*LEADS, "auditor"),
    "cs.clock.share": _rows(*LEADS, "auditor"),
    "cs.followup": _rows(*STAFF, "auditor"),
    "cs.followup.attempt": _rows(*STAFF, "auditor"),
    "cs.satisfaction": _rows(*STAFF, "auditor"),
    "cs.satisfaction.access": {},
    "cs.merge": _rows(*STAFF, "auditor"),
    "cs.mail.parked": _rows(*LEADS),
    "cs.approval.scope": _rows("manager"),
    "cs.interaction.pass": _dialog(*STAFF),
    "cs.handover.wizard": _dialog(*STAFF),
    "cs.handover.wizard.line": _dialog(*STAFF, rights="rwcu"),
    "cs.followup.note": _dialog(*STAFF),
    "cs.followup.assign": _dialog(*LEADS),
    "cs.merge.wizard": _dialog(*STAFF),
    "cs.mail.assign": _dialog(*LEADS),
    "cs.clock.pause": _dialog(*EVERYBODY),
    "cs.clock.extend": _dialog(*EVERYBODY),
    "cs.premises": {"user": "rwc", "lead": "rwc", "manager": "rwcu"},
    "cs.premises.party": {"user": "rwc", "lead": "rwcu", "manager": "rwcu"},
    "cs.phone.number": {
        "user": "rwcu",
        "lead": "rwcu",
        "manager": "rwcu",
        "auditor": "r",
        "plain": "r",
    },
    "cs.care.tag": {
        "user": "r",
        "lead": "rwcu",
        "manager": "rwcu",
        "auditor": "r",
        "plain": "r",
    },
    "cs.numbering.rule": {"user": "r", "lead": "r", "manager": "rwcu"},
    "cs.numbering": {"manager": "r", "auditor": "r"},
    "cs.approval.rule": {"user": "r", "lead": "r", "manager": "rwcu"},
    "cs.approval": dict.fromkeys(("user", "lead", "manager", "auditor", "plain"), "r"),
    "cs.approval.step": dict.fromkeys(
        ("user", "lead", "manager", "auditor", "plain"), "r"
    ),
    "cs.workday": {
        "user": "r",
        "lead": "r",
        "manager": "rwcu",
        "auditor": "r",
        "plain": "r",
    },
    "cs.workday.year": {
        "user": "r",
        "lead": "r",
        "manager": "rwcu",
        "auditor": "r",
        "plain": "r",
    },
    "cs.workday.wizard": {"manager": "rwc"},
    "cs.workday.wizard.line": {"manager": "rwc"},
    **dict.fromkeys(
        ("cs.info.slip", "cs.info.slip.step", "cs.action", "cs.action.step"),
        dict.fromkeys(("user", "lead", "manager", "auditor", "plain"), "rwc"),
    ),
    "cs.register": {
        "user": "r",
        "lead": "r",
        "manager": "rwcu",
        "auditor": "r",
        "plain": "r",
    },
    "cs.register.review": dict.fromkeys(
        ("user", "lead", "manager", "auditor", "plain"), "rwc"
    ),
    "cs.event": {"auditor": "r"},
    "cs.event.seal": {"auditor": "r"},
    "cs.partner.reveal": {"personal_data": "rwc"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(CsCommon):
    def test_matrix(self):
        for model, rights in MATRIX.items():
            for role in ("user", "lead", "manager", "auditor", "plain"):
                granted = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[model].with_user(self.users[role]).has_access(operation)
                )
                with self.subTest(model=model, role=role):
                    self.assertEqual(granted, rights.get(role, ""))

    def test_every_model_is_in_the_matrix_or_open(self):
        """A new model must say who may do what."""
        ours = {
            name
            for name, model in self.registry.items()
            if name.startswith("cs.")
            and not model._abstract
            and model._original_module == "cs_base"
        }
        open_to_all = {"cs.approval.delegate", "cs.approval.reject"}
        self.assertEqual(ours, MATRIX.keys() | open_to_all)

    def test_other_company_is_invisible(self):
        company = self.other_company.id
        premises = self._create_premises(company_id=company)
        partner = self.env["res.partner"].create({"name": "X"})
        party = self.env["cs.premises.party"].create(
            {"premises_id": premises.id, "partner_id": partner.id}
        )
        rule = self.env["cs.numbering.rule"].create(
            {"name": "X", "code": "test.x", "company_id": company}
        )
        event = self.env["cs.event"]._cs_log("test.x", premises)
        for record, role in (
            (premises, "manager"),
            (party, "manager"),
            (rule, "manager"),
            (event, "auditor"),
        ):
            with self.subTest(model=record._name):
                env = self.env(user=self.users[role])
                self.assertFalse(record.with_env(env).has_access("read"))
                domain = [("id", "=", record.id)]
                self.assertFalse(record.with_env(env).search(domain))

    def test_premises_of_a_foreign_company(self):
        with self.assertRaises(AccessError):
            self._rpc(
                "user",
                "cs.premises",
                "create",
                [{"community": "X", "company_id": self.other_company.id}],
            )

    def test_user_keeps_customers(self):
        [partner] = self._rpc("user", "res.partner", "create", [{"name": "New"}])
        self._rpc("user", "res.partner", "write", [partner], {"name": "Newer"})
        with self.assertRaises(AccessError):
            self._rpc("user", "res.partner", "unlink", [partner])

    def test_menus_load(self):
        for role in ("user", "lead", "manager", "auditor"):
            menus = self.env["ir.ui.menu"].with_user(self.users[role])
            visible = menus._visible_menu_ids()
            root = self.env.ref("cs_base.menu_root").id
            events = self.env.ref("cs_base.menu_events").id
            with self.subTest(role=role):
                self.assertIn(root, visible)
                self.assertEqual(events in visible, role == "auditor")
