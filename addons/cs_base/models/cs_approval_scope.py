from odoo import api, fields, models
from odoo.tools import SQL


class CsApprovalScope(models.Model):
    """One row for each customer, premises or event within which amounts add up.

    It holds no amount. Each request counts it up, so that of two requests at the same
    moment one is made before the other: the second is repeated by the server and then
    sees the first.
    """

    _name = "cs.approval.scope"
    _description = "Scope of Cumulative Limits"
    _inherit = ["cs.guarded"]
    _log_access = False
    _order = "id"
    _rec_name = "key"

    key = fields.Char(string="Scope", required=True, readonly=True)
    requests = fields.Integer(string="Number of Requests", required=True, readonly=True)

    _key_uniq = models.UniqueIndex("(key)")

    @api.model
    def _take(self, keys):
        """Go through the scopes one request at a time, until the transaction ends.

        :raise SerializationFailure: another request was quicker; the server repeats
        """
        for key in sorted(keys):  # the same order for all: no deadlock
            self.env.cr.execute(
                SQL(
                    """INSERT INTO cs_approval_scope (key, requests) VALUES (%s, 1)
                  ON CONFLICT (key)
                DO UPDATE SET requests = cs_approval_scope.requests + 1""",
                    key,
                )
            )
