from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cs_link import KINDS

#: What goes over to the survivor: model, field of the matter's id, more conditions.
MOVED = (
    ("mail.message", "model", "res_id", ()),
    ("ir.attachment", "res_model", "res_id", (("res_field", "=", False),)),
    ("mail.followers", "res_model", "res_id", ()),
    ("mail.activity", "res_model", "res_id", ()),
    ("cs.followup", "res_model", "res_id", (("state", "=", "open"),)),
)


class CsMerge(models.Model):
    """Two matters about the same thing became one, and how to part them again.

    The row belongs to the survivor and keeps the ids of everything that went over to
    it, so that undoing brings back exactly these and nothing that came afterwards.
    """

    _name = "cs.merge"
    _description = "Merge"
    _inherit = ["cs.matter.row", "cs.guarded"]
    _order = "id desc"
    _rec_name = "reason"

    loser_id = fields.Many2oneReference(
        string="Merged Matter", model_field="res_model", required=True, readonly=True
    )
    survivor_name = fields.Char(string="Kept", compute="_compute_names")
    loser_name = fields.Char(string="Merged", compute="_compute_names")
    interaction_id = fields.Many2one(
        comodel_name="cs.interaction",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The contact of the merged matter: it stays open as long as the matter "
        "that is kept.",
    )
    by_id = fields.Many2one(
        comodel_name="res.users", string="Merged By", required=True, readonly=True
    )
    merged_at = fields.Datetime(string="Merged On", required=True, readonly=True)
    reason = fields.Char(readonly=True)
    loser_state = fields.Char(
        required=True, readonly=True, export_string_translation=False
    )
    moved = fields.Json(readonly=True, export_string_translation=False)
    masked = fields.Boolean(readonly=True)
    undone_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    undone_at = fields.Datetime(string="Undone On", readonly=True)

    _loser_uniq = models.UniqueIndex(
        "(res_model, loser_id) WHERE undone_at IS NULL",
        "This matter was merged already.",
    )

    @api.depends("res_model", "res_id", "loser_id")
    def _compute_names(self):
        """Numbers only: nothing about a person."""
        names = {}
        for model, rows in self.sudo().grouped("res_model").items():
            ids = {*rows.mapped("res_id"), *rows.mapped("loser_id")}
            found = self.env[model].sudo().browse(ids).exists()
            names |= {(model, matter.id): matter.name for matter in found}
        for row in self:
            merge = row.sudo()
            row.survivor_name = names.get((merge.res_model, merge.res_id))
            row.loser_name = names.get((merge.res_model, merge.loser_id))

    # === FIND === #

    @api.model
    def _cs_active_of(self, losers):
        """The merges that still hold, of merged matters of one model, with sudo."""
        return self.sudo().search(
            [
                ("res_model", "=", losers._name),
                ("loser_id", "in", losers.ids),
                ("undone_at", "=", False),
            ]
        )

    @api.model
    def _cs_active_into(self, survivors):
        """The merges that still hold into matters of one model, with sudo."""
        return self.sudo().search(
            [*self._cs_domain_of(survivors), ("undone_at", "=", False)]
        )

    # === MERGE === #

    @api.model
    def _cs_merge(self, survivor, loser, reason):
        """Merge ``loser`` into ``survivor``; both are locked and were checked."""
        state, contact = loser.state, loser.sudo().interaction_id
        moved = self._cs_move(loser.sudo(), survivor.sudo())
        merge = self._append(
            [
                {
                    **self._cs_of(survivor.sudo())[0],
                    "loser_id": loser.id,
                    "interaction_id": contact.id,
                    "by_id": self.env.uid,
                    "merged_at": fields.Datetime.now(),
                    "reason": reason or False,
                    "loser_state": state,
                    "moved": moved,
                    "masked": survivor.sudo().masked,
                }
            ]
        )
        loser.sudo()._cs_end_merged()
        self.env["cs.link"]._cs_link(loser, survivor, "merged_into")
        contact._cs_recheck()
        for matter, other, code in (
            (loser, survivor, "matter.merged"),
            (survivor, loser, "matter.merge"),
        ):
            self.env["cs.event"]._cs_log(code, matter, details={"other": other.id})
        return merge

    @api.model
    def _cs_move(self, loser, survivor):
        """Bring what belongs to ``loser`` over; the ids that were moved, by model."""
        moved = {}
        for name, model_field, id_field, more in MOVED:
            rows = self.env[name].sudo().with_context(active_test=False)
            rows = rows.search(
                [(model_field, "=", loser._name), (id_field, "=", loser.id), *more]
            )
            if name == "mail.followers":
                known = survivor.message_follower_ids.partner_id
                rows = rows.filtered(
                    lambda row, known=known: row.partner_id not in known
                )
            self._cs_rewrite(rows, id_field, survivor)
            moved[name] = rows.ids
        moved["cs.link"] = self._cs_move_links(loser, survivor)
        loser.invalidate_recordset()
        survivor.invalidate_recordset()
        return moved

    @api.model
    def _cs_rewrite(self, rows, id_field, matter):
        if not rows:
            return
        guarded = isinstance(rows, self.pool["cs.guarded"])
        write = rows._update if guarded else rows.write
        write({id_field: matter.id})

    @api.model
    def _cs_move_links(self, loser, survivor):
        """Both sides of the loser's links, but for those the survivor has."""
        links = self.env["cs.link"].sudo()
        own = links.search(links._cs_domain_of(survivor))
        known = {(row.other_model, row.other_id, row.kind) for row in own}
        rows = links.search(links._cs_domain_of(loser)).filtered(
            lambda row: (
                (row.other_model, row.other_id) != (survivor._name, survivor.id)
                and (row.other_model, row.other_id, row.kind) not in known
                and row.kind not in ("merged_into", "merged")
            )
        )
        self._cs_point_links(rows, loser, survivor)
        return rows.ids

    @api.model
    def _cs_point_links(self, rows, old, new):
        """Let ``rows`` of ``old`` and their other sides belong to ``new``."""
        if not rows:
            return
        mirrors = rows.search(
            Domain.OR(
                [
                    ("res_model", "=", row.other_model),
                    ("res_id", "=", row.other_id),
                    ("other_model", "=", old._name),
                    ("other_id", "=", old.id),
                    ("kind", "=", KINDS[row.kind]),
                ]
                for row in rows
            )
        )
        rows._update({"res_id": new.id})
        mirrors._update({"other_id": new.id})

    # === UNDO === #

    def _cs_undo(self):
        """Part what was merged: bring back the ids that were moved, and the state."""
        self.ensure_one()
        survivor, loser = self._cs_sides()
        for name, _model_field, id_field, _more in MOVED:
            rows = self.env[name].sudo().browse(self.moved.get(name, ())).exists()
            mine = rows.filtered(lambda row, at=id_field, of=survivor.id: row[at] == of)
            if name == "cs.followup":  # what was visited meanwhile, was
                mine = mine.filtered(lambda row: row.state == "open")
            self._cs_rewrite(mine, id_field, loser)
        links = self.env["cs.link"].sudo().browse(self.moved["cs.link"]).exists()
        links = links.filtered(lambda row: row.res_id == survivor.id)
        self._cs_point_links(links, survivor, loser)
        self._cs_drop_link(loser, survivor)
        self._update({"undone_at": fields.Datetime.now(), "undone_by_id": self.env.uid})
        loser._cs_go_on_unmerged(self.loser_state)
        (loser | survivor).invalidate_recordset()
        self.env["cs.event"]._cs_log(
            "matter.unmerge", loser, details={"other": survivor.id}
        )

    def _cs_sides(self):
        """The survivor and the merged matter, with sudo."""
        self.ensure_one()
        merge = self.sudo()
        matters = self.env[merge.res_model].sudo()
        return matters.browse(merge.res_id), matters.browse(merge.loser_id)

    @api.model
    def _cs_drop_link(self, loser, survivor):
        """Take both sides of the link that said that these were merged."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """DELETE FROM cs_link
                    WHERE res_model = %(model)s AND other_model = %(model)s
                      AND (res_id, other_id, kind) IN (
                              (%(loser)s, %(kept)s, 'merged_into'),
                              (%(kept)s, %(loser)s, 'merged')
                          )""",
                model=loser._name,
                loser=loser.id,
                kept=survivor.id,
            )
        )
        self.env["cs.link"].invalidate_model(flush=False)

    # === ACTIONS === #

    def action_undo(self):
        """Part the matters again, as long as the one that was kept is open."""
        self.check_access("read")
        for merge in self:
            _survivor, loser = merge._cs_sides()
            loser.with_env(self.env).action_unmerge()
        return True

    @api.model
    def _cs_drop_rows(self, domain):
        """A merge goes with either of its matters."""
        mirror = [
            ("loser_id" if name == "res_id" else name, operator, value)
            for name, operator, value in domain
        ]
        super()._cs_drop_rows(mirror)
        return super()._cs_drop_rows(domain)
