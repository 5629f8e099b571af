from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools import periods


class CsNumberingRule(models.Model):
    """How the numbers of one kind of document look and when they restart."""

    _name = "cs.numbering.rule"
    _description = "Numbering Rule"
    _order = "code, company_id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Technical name of the kind of document.")
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for every company that has no rule of its own.",
    )
    prefix = fields.Char(
        help="Text before the digits. %(yyyy)s, %(yy)s, %(mm)s and %(dd)s are replaced "
        "by year, month and day in the company's time zone.",
    )
    digits = fields.Integer(required=True, default=4)
    period = fields.Selection(
        selection=[
            (periods.NONE, "Never"),
            (periods.YEAR, "Each Year"),
            (periods.MONTH, "Each Month"),
        ],
        string="Restart",
        required=True,
        default=periods.NONE,
    )
    sample = fields.Char(compute="_compute_sample")

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "There is already a numbering rule for this code and company.",
    )
    _check_digits = models.Constraint(
        "CHECK(digits BETWEEN 1 AND 12)",
        "A number has from 1 to 12 digits.",
    )

    @api.depends("prefix", "digits")
    def _compute_sample(self):
        for rule in self:
            day = (rule.company_id or self.env.company)._cs_today()
            try:
                rule.sample = periods.label(rule.prefix, rule.digits, day, 1)
            except (KeyError, ValueError, TypeError):
                rule.sample = False

    @api.constrains("prefix", "period")
    def _check_prefix(self):
        for rule in self:
            if not rule.sample:
                raise ValidationError(
                    self.env._(
                        "The prefix “%s” can't be read. Allowed are plain text and "
                        "%%(yyyy)s, %%(yy)s, %%(mm)s, %%(dd)s.",
                        rule.prefix,
                    )
                )
            if periods.is_ambiguous(rule.prefix, rule.period):
                raise ValidationError(
                    self.env._(
                        "Numbers that restart need the year (and the month) in the "
                        "prefix “%s”, or two documents get the same number.",
                        rule.prefix or "",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    def _for(self, code, company):
        """Prefix, digits and period of ``code`` in ``company``."""
        found = self._find(code, company.id)
        if not found:
            raise UserError(
                self.env._("There is no numbering rule for the code “%s”.", code)
            )
        return found

    @tools.ormcache("code", "company_id")
    def _find(self, code, company_id):
        rule = self.sudo().search(
            [("code", "=", code), ("company_id", "in", [company_id, False])],
            order="company_id",  # the company's own comes before the general one
            limit=1,
        )
        return (rule.prefix, rule.digits, rule.period) if rule else None
