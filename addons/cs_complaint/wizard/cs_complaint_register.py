from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cs_base.tools.masking import mask_phone

from ..models.cs_complaint import KINDS

#: Ours: longer ones are for the workbook, no printer wants them.
MOST_ON_PAPER = 1000
LANG = "zh_CN"


class CsComplaintRegister(models.TransientModel):
    """The register of complaints 客户投诉记录表 of a period, on paper or as a workbook.

    Everything is read by the rules of whoever asks; nobody masked is ever named, and
    phone numbers are masked whoever asks.
    """

    _name = "cs.complaint.register"
    _description = "Register of Complaints"

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._cs_today().replace(day=1),
    )
    date_to = fields.Date(
        string="To", required=True, default=lambda self: self.env.company._cs_today()
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(selection=KINDS, help="Empty: all kinds.")
    team_id = fields.Many2one(comodel_name="cs.team", check_company=True)
    case_count = fields.Integer(string="Cases", compute="_compute_case_count")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for register in self:
            if register.date_from > register.date_to:
                raise ValidationError(self.env._("The period ends before it begins."))

    @api.depends("date_from", "date_to", "kind", "team_id", "company_id")
    def _compute_case_count(self):
        cases = self.env["cs.complaint"]
        for register in self:
            complete = register.date_from and register.date_to
            register.case_count = (
                cases.search_count(register._get_domain()) if complete else 0
            )

    def _get_domain(self):
        """The cases of the register: received on one of its days."""
        self.ensure_one()
        bounds = self.company_id._cs_day_bounds
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("received_at", ">=", bounds(self.date_from)[0])
            & Domain("received_at", "<", bounds(self.date_to)[1])
        )
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        if self.team_id:
            domain &= Domain("team_id", "=", self.team_id.id)
        return domain

    def _get_cases(self):
        """The cases in the order of the paper, by the user's own rules."""
        cases = self.env["cs.complaint"].with_context(lang=self._get_lang())
        return cases.search(self._get_domain(), order="received_at, id")

    @api.model
    def _get_lang(self):
        """The paper is Chinese where Chinese is installed, whoever prints it."""
        installed = dict(self.env["res.lang"].sudo().get_installed())
        return LANG if LANG in installed else self.env.user.lang or "en_US"

    # === STEPS === #

    def action_print(self):
        """Print the register; at most ``MOST_ON_PAPER`` cases."""
        self.ensure_one()
        self.env["cs.complaint"].check_access("read")
        if not self.case_count:
            raise UserError(self.env._("No case was received in this period."))
        if self.case_count > MOST_ON_PAPER:
            raise UserError(
                self.env._(
                    "%(count)s cases are too many for paper (%(most)s): choose a "
                    "shorter period, or download the workbook.",
                    count=self.case_count,
                    most=MOST_ON_PAPER,
                )
            )
        report = self.env.ref("cs_complaint.cs_complaint_register_report")
        return report.report_action(self, config=False)

    def action_download(self):
        """Download the register as a workbook."""
        self.ensure_one()
        self.env["cs.complaint"].check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/cs_complaint/register/{self.id}.xlsx",
            "target": "download",
        }

    # === WHAT A LINE SAYS === #

    def _get_rows(self, cases):
        """One dict for each case, with texts as they are printed and real moments."""
        people = self._get_people(cases)
        settled = self._get_settled(cases)
        labels = {
            name: dict(cases._fields[name]._description_selection(cases.env))
            for name in ("kind", "channel", "severity", "judgement", "satisfaction")
        }
        states = dict(cases._fields["state"]._description_selection(cases.env))
        to_local = self.env.company._cs_to_local
        rows = []
        for case in cases:
            name, phone = people.get(case.id, ("", ""))
            result = (labels["judgement"].get(case.judgement), settled.get(case.id))
            answered = case.answered_at
            rows.append(
                {
                    "name": case.name,
                    "kind": labels["kind"][case.kind],
                    "received": to_local(case.received_at).replace(tzinfo=None),
                    "channel": labels["channel"][case.channel],
                    "complainant": name,
                    "phone": phone,
                    "premises": "" if case.masked else case.premises_id.display_name,
                    "subject": case.subject,
                    "content": "" if case.masked else case.content,
                    "severity": labels["severity"][case.severity],
                    "handler": case.handler_id.sudo().name or "",
                    "state": states[case.state],
                    "result": "；".join(filter(None, result)),
                    "answered": to_local(answered).replace(tzinfo=None)
                    if answered
                    else None,
                    "satisfaction": labels["satisfaction"].get(case.satisfaction, ""),
                }
            )
        return rows

    def _get_people(self, cases):
        """``{case id: (name, masked phone)}``, of those the user may know."""
        env = cases.env
        hidden = env._("Anonymous")
        people = dict.fromkeys(cases.ids, ("", ""))
        people.update({case.id: (hidden, "") for case in cases if case.masked})
        identities = env["cs.complaint.identity"]
        if not identities.has_access("read"):
            return people
        plain = cases.filtered(lambda case: not case.masked)
        for row in identities.search([("complaint_id", "in", plain.ids)]).sudo():
            name = row.partner_id.name or row.name
            if row.anonymous:
                name = hidden
            phone = row.phone or row.partner_id.phone
            people[row.complaint_id.id] = (
                name or "",
                mask_phone(phone) if phone else "",
            )
        return people

    def _get_settled(self, cases):
        """What was granted, in a line: ``{case id: text}``."""
        if "cs.complaint.settlement" not in self.env:
            return {}
        settlements = cases.env["cs.complaint.settlement"]
        if not settlements.has_access("read"):
            return {}
        granted = settlements.search(
            [("complaint_id", "in", cases.ids), ("approved_at", "!=", False)]
        )
        return {row.sudo().complaint_id.id: row.summary for row in granted}
