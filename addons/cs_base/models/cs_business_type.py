from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain


class CsBusinessType(models.Model):
    """A kind of matter a room brings along: name and settings of it, no behaviour.

    What a matter does is code in its model; the row tells under which name staff find
    it, whether it is offered at the first contact, and which rules follow it.
    """

    _name = "cs.business.type"
    _description = "Business Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    model = fields.Char(
        required=True, readonly=True, help="Technical name of the matter's model."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    icon = fields.Char(default="fa-folder-open-o", export_string_translation=False)
    hotkey = fields.Char(
        string="Key",
        size=1,
        help="Letter that opens a new matter of this type in the contact panel.",
    )
    can_intake = fields.Boolean(
        string="Offered at Contact",
        default=True,
        help="Staff can open a matter of this type straight from a contact.",
    )
    followup = fields.Selection(
        selection=[
            ("no", "None"),
            ("before_close", "Before Closing"),
            ("after_close", "After Closing"),
        ],
        string="Return Visit",
        required=True,
        default="no",
        help="Before closing: the matter can't be closed until the customer was asked. "
        "After closing: the contact stays open until he was.",
    )
    handover = fields.Selection(
        selection=[
            ("no", "Not Shown"),
            ("list", "Listed"),
            ("explain", "Needs an Explanation"),
            ("block", "Blocks the Handover"),
        ],
        string="At Shift Handover",
        required=True,
        default="list",
    )
    masked = fields.Boolean(
        string="Masked by Default",
        help="The person behind a new matter of this type is hidden from everybody "
        "but its owner, his lead and the group for masked persons.",
    )

    _code_uniq = models.UniqueIndex("(code)", "There is already a type of this code.")
    _hotkey_uniq = models.UniqueIndex(
        "(lower(hotkey)) WHERE hotkey IS NOT NULL",
        "This key opens another type already.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        self.env.registry.clear_cache()
        return types

    def write(self, vals):
        if not self.env.su and {"code", "model"} & vals.keys():
            raise UserError(
                self.env._("The code of a type belongs to its app and stays as it is.")
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if not self.env.su:
            raise UserError(
                self.env._("A type belongs to its app. Archive it if you don't use it.")
            )

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # === API === #

    @api.model
    @tools.ormcache()
    def _rows(self):
        every = Domain("active", "in", (True, False))
        types = self.sudo().search(every)
        return tuple((row.id, row.code, row.model, row.active) for row in types)

    @api.model
    def _cs_models(self, active=True):
        """Types whose app is installed, with their model: list of (type, model).

        :param active: False to see also the types an administrator archived
        """
        return [
            (self.browse(type_id), self.env[model])
            for type_id, _code, model, is_active in self._rows()
            if model in self.env and (is_active or not active)
        ]

    @api.model
    def _cs_by_code(self, code):
        """The type of a code, archived or not; empty if no app brings it."""
        ids = [row[0] for row in self._rows() if row[1] == code]
        return self.browse(ids)

    @api.model
    def _cs_intake(self, user=None):
        """Types of which ``user`` may open a matter at a contact."""
        env = self.env(user=user, su=False) if user else self.env
        return self.browse().union(
            *(
                kind
                for kind, model in self._cs_models()
                if kind.sudo().can_intake and model.with_env(env).has_access("create")
            )
        )
