from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..tools.bankresult import ResultFault

#: How often the background work starts again when somebody else was faster.
MAX_CONFLICTS = 20
#: Lines that do something when they are taken over, and the state they expect.
ANSWERS = {"ok": "sent", "refused": "sent", "returned": "accepted"}


class GasDebitResult(models.Model):
    """Taking a result over, in chunks of one day; inline or in the background."""

    _name = "gas.debit.result"
    _inherit = ["gas.debit.result", "gas.work.mixin"]

    _work_states = ("importing",)
    _work_parallel = True
    _work_cron = "cs_gas_billing.ir_cron_debit_result"

    done_count = fields.Integer(string="Taken Over", compute="_compute_done_count")
    progress = fields.Float(compute="_compute_done_count")

    @api.depends("state", "ok_count", "refused_count", "returned_count")
    def _compute_done_count(self):
        counts = self._get_work_done()
        for record in self:
            todo = record.ok_count + record.refused_count + record.returned_count
            done = todo if record.state == "done" else counts.get(record.id, 0)
            record.done_count = done
            record.progress = 100.0 * done / todo if todo else 0.0

    # === CHUNKS ===#

    def _start_import(self):
        """Take the answers over at once, or in the background if they are many."""
        self.ensure_one()
        self.batch_id._cs_lock()
        if self.state == "importing":
            return self._work_later()
        if self.batch_id.state == "cancelled":
            fault = ResultFault("STATE", batch=self.batch_id.name)
            raise UserError(self.env["gas.debit.result.checker"]._explain(fault))
        lines = self._get_lines_left()
        if not lines and not any(self.line_ids.mapped("booked")):
            raise UserError(
                self.message or self.env._("There is no line to take over.")
            )
        self.write({"state": "importing", "message": False})
        return self._start_work(self._split_lines(lines))

    def _get_lines_left(self):
        return self.env["gas.debit.result.line"].search_fetch(
            [
                ("import_id", "=", self.id),
                ("booked", "=", False),
                ("state", "in", list(ANSWERS)),
            ],
            ["date", "line_id"],
            order="date, row",
        )

    def _split_lines(self, lines):
        """Return lists of ids: of one day each, and an account in one of them only."""
        lines.line_id.fetch(["account_id"])
        size = self.company_id.gas_chunk_size
        parts = []
        ordered = lines.sorted(lambda line: (line.date, line.line_id.account_id.id))
        for of_day in ordered.grouped("date").values():
            parts.append([])
            for group in of_day.grouped("account_id").values():
                ids = group.ids
                if parts[-1] and len(parts[-1]) + len(ids) > size:
                    parts.append([])
                parts[-1] += ids
        return parts

    def _do_work(self, keys):
        """Take over a chunk: everything of it, or nothing."""
        lines = self.env["gas.debit.result.line"].browse(keys)
        lines = lines.filtered(lambda line: not line.booked)
        if not lines:
            return
        booking = self.env["gas.debit.booking"]
        self.env["gas.allocator"]._lock_many(lines.line_id.account_id)
        self._set_late_apart(lines)
        day = lines[0].date
        states = lines.grouped("state")
        accepted, refused, returned = (
            states.get(state, lines.browse()) for state in ANSWERS
        )
        booking._accept(self.batch_id, accepted.line_id, day)
        answers = self._get_answers(lines)
        for answer, group in accepted.grouped(
            lambda line: answers[line.line_id.id]
        ).items():
            group.line_id.write({"code": answer[0], "message": answer[1]})
        booking._refuse(refused.line_id, day, answers)
        for line in returned:
            code, text, _outcome = answers[line.line_id.id]
            booking._return(line.line_id, day, text, code)
        lines.booked = True
        self.invalidate_recordset(["done_count", "progress"])

    def _get_answers(self, lines):
        """Return {debit line id: (code, text, outcome)}."""
        codes = self.profile_id._get_codes()
        return {
            line.line_id.id: (
                line.answer,
                line.message or "",
                codes.get(line.answer, ("retry",))[0],
            )
            for line in lines
        }

    def _set_late_apart(self, lines):
        """Another file answered a line since the check: it isn't answered twice."""
        lines.line_id.invalidate_recordset(["state"])
        late = lines.filtered(
            lambda line: (
                line.state in ANSWERS and line.line_id.state != ANSWERS[line.state]
            )
        )
        late.write(
            {
                "state": "duplicate",
                "code": "ANSWERED",
                "message": self.env._("Answered by another file meanwhile."),
            }
        )

    def _end_work(self, error):
        """One open item for the bank statement; after a fault it can go on later."""
        if error:
            self._count_lines()
            self.write({"state": "checked", "message": error})
            return
        self.env["gas.debit.booking"]._close_up(self.batch_id)
        self._count_lines()
        self.write({"state": "done", "imported_on": fields.Datetime.now()})
        self.batch_id._after_result()
        self.env["cs.event"]._cs_log(
            "gas.debit.result",
            self,
            details={
                "batch": self.batch_id.id,
                "ok": self.ok_count,
                "refused": self.refused_count,
                "cents": round(self.amount_ok * 100),
            },
        )

    def _count_lines(self):
        rows = self.env["gas.debit.result.line"]._read_group(
            [("import_id", "=", self.id)], ["state"], ["__count", "amount:sum"]
        )
        counts = {state: (count, amount) for state, count, amount in rows}
        self.write(
            {
                f"{state}_count": counts.get(state, (0, 0))[0]
                for state in ("ok", "refused", "returned", "duplicate", "rejected")
            }
            | {
                f"amount_{state}": counts.get(state, (0, 0))[1]
                for state in ("ok", "refused")
            }
        )

    # === IN THE BACKGROUND ===#

    @api.model
    def _cron_process(self):
        """Go on; start again with a new view of the data after a conflict.

        A collection at the hall may be committed while a chunk of the same accounts
        is being booked: then the chunk is looked at again.
        """
        for _attempt in range(MAX_CONFLICTS):
            try:
                return super()._cron_process()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        return super()._cron_process()

    def _as_worker(self):
        """Work in the name of who imported the file: he gets what has no reader."""
        user = self.create_uid
        worker = super()._as_worker().with_user(user).sudo()
        return worker.with_context(lang=user.lang or self.env.lang)
