from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import masking, phone

PERSONAL = "cs_base.group_personal_data"


class CsPhoneNumber(models.Model):
    """A customer's phone numbers in a form that a caller's number finds at once.

    Staff see and enter numbers through ``masked``; the number itself is behind the
    personal data group.
    """

    _name = "cs.phone.number"
    _description = "Phone Number"
    _order = "partner_id, primary desc, id"
    _rec_name = "masked"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )
    raw = fields.Char(string="Full Number", required=True, groups=PERSONAL)
    masked = fields.Char(
        string="Number",
        compute="_compute_masked",
        inverse="_inverse_masked",
        compute_sudo=True,
    )
    e164 = fields.Char(
        string="International Number",
        compute="_compute_parsed",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups=PERSONAL,
    )
    digits = fields.Char(
        compute="_compute_parsed", store=True, precompute=True, groups=PERSONAL
    )
    digits_reversed = fields.Char(
        compute="_compute_parsed", store=True, precompute=True, groups=PERSONAL
    )
    kind = fields.Selection(
        selection=[
            (phone.MOBILE, "Mobile"),
            (phone.LANDLINE, "Landline"),
            (phone.SERVICE, "Service Number"),
            (phone.FOREIGN, "Foreign"),
            (phone.UNKNOWN, "Unknown"),
        ],
        compute="_compute_parsed",
        store=True,
        precompute=True,
    )
    valid = fields.Boolean(
        string="Plausible", compute="_compute_parsed", store=True, precompute=True
    )
    primary = fields.Boolean(readonly=True, help="The number called first.")
    from_phone = fields.Boolean(
        string="From the Phone Field",
        readonly=True,
        export_string_translation=False,
    )
    note = fields.Char()

    _suffix_idx = models.Index("(digits_reversed text_pattern_ops)")

    @api.depends("raw")
    def _compute_parsed(self):
        for number in self:
            parsed = phone.parse(number.raw or "")
            number.e164 = parsed.e164 or False
            number.digits = parsed.digits
            number.digits_reversed = parsed.digits[::-1]
            number.kind = parsed.kind
            number.valid = parsed.valid

    @api.depends("raw")
    def _compute_masked(self):
        for number in self:
            number.masked = masking.mask_phone(number.raw)

    def _inverse_masked(self):
        """A new number was typed over the masked one (see ``write``)."""

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create([self._translate_masked(vals) for vals in vals_list])
        self._check_outside_values(vals_list)
        partners = self.env["res.partner"].browse(
            [vals.get("partner_id") for vals in vals_list if vals.get("partner_id")]
        )
        partners.check_access("write")
        self.browse().check_access("create")
        return self.sudo().create(vals_list).sudo(False)

    def write(self, vals):
        vals = self._translate_masked(vals)
        if self.env.su or "raw" not in vals:
            if not self.env.su:
                self._check_outside_values([vals])
            return super().write(vals)
        self._check_outside_values([vals])
        self.check_access("write")
        for number in self.sudo().filtered("from_phone"):
            number.partner_id.phone = vals["raw"]
        others = self.sudo().exists().filtered(lambda number: not number.from_phone)
        return super(CsPhoneNumber, others).write(vals) if others else True

    def _check_outside_values(self, vals_list):
        fixed = {"primary", "from_phone", "e164", "digits", "digits_reversed"}
        if any(fixed & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._("These values follow from the number and can't be set.")
            )

    def _translate_masked(self, vals):
        """Take what was typed into ``masked`` as the number."""
        if "masked" not in vals:
            return vals
        vals = dict(vals)
        typed = phone.normalize(vals.pop("masked"))
        if masking.is_masked(typed):
            if any(number.masked != typed for number in self) or not self:
                raise UserError(
                    self.env._("Enter the whole number, not the masked one.")
                )
        else:
            vals["raw"] = typed
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_from_phone(self):
        if not self.env.su and any(self.mapped("from_phone")):
            raise UserError(
                self.env._("This is the customer's main number: change it there.")
            )

    # === BUSINESS === #

    def action_make_primary(self):
        """Make this the number called first."""
        self.ensure_one()
        self.check_access("write")
        number = self.sudo()
        if not number.primary:
            raw, partner = number.raw, number.partner_id
            number.unlink()
            partner.phone = raw
        return True

    @api.model
    def _replace(self, partners):
        """Make the rows that come from ``res.partner.phone`` follow it, in batch."""
        Number = self.sudo()
        if stale := Number.search(
            [("partner_id", "in", partners.ids), ("from_phone", "=", True)]
        ):
            stale.unlink()
        return Number._add(partners)

    @api.model
    def _add(self, partners):
        vals_list = []
        for partner in partners:
            for rank, raw in enumerate(phone.split(partner.phone)):
                vals_list.append(
                    {
                        "partner_id": partner.id,
                        "raw": raw,
                        "primary": rank == 0,
                        "from_phone": True,
                    }
                )
        return self.sudo().create(vals_list)

    @api.model
    def _suffix_domain(self, text):
        """Numbers that end in the digits of ``text``, or are it in another form.

        A caller's number has the country code that the recorded one mostly lacks.
        """
        reverse = phone.only_digits(text)[::-1]
        domain = Domain("digits_reversed", "=like", f"{reverse}%")
        if e164 := phone.parse(text).e164:
            domain |= Domain("e164", "=", e164)
        return domain
