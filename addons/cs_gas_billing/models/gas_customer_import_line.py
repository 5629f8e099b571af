from odoo import fields, models


class GasCustomerImportLine(models.Model):
    _name = "gas.customer.import.line"
    _description = "Customer Import Line"
    _inherit = ["gas.import.line.mixin"]

    import_id = fields.Many2one(
        comodel_name="gas.customer.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    account = fields.Char(string="Account No.")
    customer = fields.Char()
    meter = fields.Char(string="Meter No.")
    data = fields.Json(groups="cs_base.group_personal_data")
    account_id = fields.Many2one(
        comodel_name="gas.account", index="btree_not_null", ondelete="set null"
    )

    _open_idx = models.Index(
        "(import_id, row) WHERE state = 'ok' AND account_id IS NULL"
    )
