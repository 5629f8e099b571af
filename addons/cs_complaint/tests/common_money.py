from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ComplaintCommon

#: What a scan looks like to the server: base64.
SCAN = "c2VhbGVk"


class MoneyCommon(ComplaintCommon):
    """A company with a chart of accounts, a case that is being decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.company.chart_template:
            charts = cls.env["account.chart.template"]
            known = charts._get_chart_template_mapping()
            charts.try_loading("cn" if "cn" in known else "generic_coa", cls.company)
        cls.company._cs_setup_complaint_money()
        cls.users |= {
            login: new_test_user(
                cls.env, login=f"complaint_{login}", name=login.title(), groups=groups
            )
            for login, groups in {
                "leader2": "cs_complaint.group_lead",
                "chief2": "cs_complaint.group_manager",
                "centre": "cs_complaint.group_centre",
                "biller": "account.group_account_invoice",
            }.items()
        }
        cls.case = cls._accepted()

    @classmethod
    def _accepted(cls, partner=None, masked=False, **values):
        """A case being decided, of ``cls.customer`` unless told otherwise."""
        values.setdefault("team_id", cls.team.id)
        case = cls._complaint(**values)
        identity = case.sudo().identity_ids
        known = {"partner_id": (partner or cls.customer).id}
        if identity:
            identity.write(known)
        else:
            identity.create({**known, "complaint_id": case.id})
        case.sudo().write({"state": "deciding", "masked": masked})
        return case.sudo(False)

    @classmethod
    def _propose(cls, *lines, login="agent", case=None):
        """A proposal of ``(kind, amount)`` lines."""
        settlements = cls.env["cs.complaint.settlement"].with_user(cls.users[login])
        return settlements.create(
            {
                "complaint_id": (case or cls.case).id,
                "reason": "It rained in.",
                "line_ids": [
                    Command.create({"kind": kind, "amount": amount, "note": "Roof"})
                    for kind, amount in lines
                ],
            }
        )

    @classmethod
    def _approve(cls, settlement, *logins):
        """Pick it as the lead, approve it as ``logins`` one after the other."""
        settlement.with_user(cls.users["leader2"]).sudo(False).action_choose()
        for login in logins or ("leader",):
            approval = cls.env["cs.approval"].search(
                [
                    ("res_model", "=", settlement._name),
                    ("res_id", "=", settlement.id),
                    ("state", "=", "pending"),
                ]
            )
            approval.with_user(cls.users[login]).sudo(False).action_approve()
        return settlement

    @classmethod
    def _approved(cls, *lines, logins=(), invoice=None, **values):
        settlement = cls._propose(*lines, **values)
        if invoice:
            settlement.sudo().line_ids.filtered(
                lambda line: line.kind == "allowance"
            ).invoice_id = invoice
        return cls._approve(settlement, *logins)

    @classmethod
    def _invoice(cls, total=1000.0, partner=None, taxes=None, post=True):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2026-11-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Gas",
                            "quantity": 1,
                            "price_unit": total,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        }
                    )
                ],
            }
        )
        if post:
            invoice.action_post()
        return invoice
