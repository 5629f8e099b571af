from odoo import fields, models


class GasWorkChunk(models.Model):
    """A part of a document's work, done in one transaction by whoever is free.

    Its row is locked while somebody is at it. A worker that is killed leaves it as it
    was, so that the next one does it again from its start.
    """

    _name = "gas.work.chunk"
    _description = "Part of Work in the Background"
    _order = "id"

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    keys = fields.Json(required=True, help="Ids of what is to be done.")
    size = fields.Integer(required=True)
    state = fields.Selection(
        selection=[("todo", "To Do"), ("done", "Done"), ("failed", "Failed")],
        required=True,
    )
    message = fields.Text(help="Why it could not be done.")

    _document_idx = models.Index("(res_model, res_id, state)")
