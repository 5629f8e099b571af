from odoo import api, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from ..bulk import insert


class GasWorkMixin(models.AbstractModel):
    """A document whose work is done in chunks, each complete in its transaction.

    Little work is done at once. Much of it is planned as ``gas.work.chunk`` and done
    in the background: by the scheduled job, or by several worker processes where
    ``cs_gas_billing_queue`` is installed. The last one at work ends it. A document
    must have ``company_id`` and ``state``; it may do without planned chunks if it
    has an ``_work_chunk`` of its own.
    """

    _name = "gas.work.mixin"
    _description = "Work in the Background"

    #: States of the document in which there is work to do.
    _work_states = ()
    #: Whether chunks of a document may be done side by side.
    _work_parallel = False
    #: External id of the scheduled job that calls ``_cron_process``.
    _work_cron = None

    def unlink(self):
        self._forget_work()
        return super().unlink()

    # === START ===#

    def _start_work(self, parts):
        """Do the work: at once if it is little, else in the background; sudo.

        :param list parts: a list of ids for each chunk
        :raise UserError: what a person must mend, from work that is done at once
        """
        self.ensure_one()
        self._forget_work()
        common = {
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
            "state": "todo",
        }
        insert(
            self.env["gas.work.chunk"],
            [common | {"keys": part, "size": len(part)} for part in parts],
        )
        if sum(map(len, parts)) > self.company_id.gas_inline_limit:
            self._work_later()
        else:
            while self._work_next():
                pass

    def _work_later(self):
        """Have the work done in the background; to be overridden by who does it."""
        self.env.ref(self._work_cron).sudo()._trigger()

    # === AT WORK ===#

    def _work_next(self, lane=(0, 1)):
        """Do the next chunk, or end the work after the last one.

        :param tuple lane: this worker's number and how many there are: each starts
            at another place, so that they seldom reach for the same chunk
        :return: how many things were done; 0 if nothing is left for this worker
        :raise UserError: what a person must mend
        """
        self.ensure_one()
        chunk = self._take_chunk(lane)
        if not chunk:
            self._close_work()
            return 0
        self._do_work(chunk.keys)
        chunk.state = "done"
        return chunk.size

    def _work_chunk(self, lane=(0, 1)):
        """Do the next chunk in the background; return like ``_work_next``.

        What a person must mend stops the work. What was done so far stays.
        """
        self.ensure_one()
        if self.state not in self._work_states:
            return 0
        chunk = self._take_chunk(lane)
        try:
            with self.env.cr.savepoint():
                if chunk:
                    self._do_work(chunk.keys)
                else:
                    self._close_work()
        except UserError as error:
            chunk.write({"state": "failed", "message": str(error)})
            self._close_work(str(error))
            return 0
        chunk.state = "done"
        return chunk.size

    def _take_chunk(self, lane):
        """Lock a chunk that nobody is at and return it; none once one has failed."""
        self.env.flush_all()
        number, lanes = lane
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id FROM gas_work_chunk c
                 WHERE c.res_model = %(model)s AND c.res_id = %(id)s
                   AND c.state = 'todo'
                   AND NOT EXISTS (
                       SELECT FROM gas_work_chunk f
                        WHERE f.res_model = %(model)s AND f.res_id = %(id)s
                          AND f.state = 'failed')
                 ORDER BY c.id %% %(lanes)s != %(number)s, c.id
                 LIMIT 1 FOR UPDATE OF c SKIP LOCKED
                """,
                model=self._name,
                id=self.id,
                lanes=lanes,
                number=number,
            )
        )
        return self.env["gas.work.chunk"].browse([row[0] for row in rows])

    def _close_work(self, error=None):
        """End the work, unless somebody is still at a chunk: then he ends it.

        Chunks committed since our transaction began make it start again, so totals
        are made from all of them.

        :param str error: what stops the work; else what a failed chunk says
        """
        chunks = self._get_chunks()
        try:
            chunks.lock_for_update()
            self.lock_for_update(allow_referencing=True)
        except LockError:
            return
        states = chunks.grouped("state")
        error = error or states.get("failed", chunks.browse())[:1].message
        if error or "todo" not in states:
            self._end_work(error)
            self._forget_work()

    def _lock_work(self):
        """Keep all others away from the chunks.

        :raise LockError: somebody is at one of them
        """
        self._get_chunks().lock_for_update()

    def _forget_work(self):
        """Delete the chunks; ``unlink`` would drop everything from the cache."""
        chunks = self.env["gas.work.chunk"]
        chunks.flush_model()
        self.env.execute_query(
            SQL(
                "DELETE FROM gas_work_chunk "
                "WHERE res_model = %s AND res_id = ANY(%s) RETURNING id",
                self._name,
                self.ids,
            )
        )
        chunks.invalidate_model()

    def _get_chunks(self):
        return (
            self.env["gas.work.chunk"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )

    def _get_work_done(self):
        """Return {document id: how many things of its planned work are done}."""
        return dict(
            self.env["gas.work.chunk"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "=", "done"),
                ],
                ["res_id"],
                ["size:sum"],
            )
        )

    # === SCHEDULED JOB ===#

    @api.model
    def _cron_process(self):
        """Go on with the documents that have work, with a commit after each chunk."""
        progress = self.env["ir.cron"]._commit_progress
        records = self.search([("state", "in", self._work_states)], order="id")
        progress(remaining=sum(record._count_work_left() for record in records))
        for record in records:
            worker = record._as_worker()
            while count := worker._work_chunk():
                if not progress(count):
                    return
            progress()

    def _as_worker(self):
        """Return the document as the background works on it."""
        return self.sudo().with_company(self.company_id)

    def _count_work_left(self):
        """Return how many things are still to do, for the progress of the job."""
        chunks = self._get_chunks()
        return sum(chunk.size for chunk in chunks if chunk.state == "todo")

    # === HOOKS ===#

    def _do_work(self, keys):
        """Do one chunk; to be overridden by documents with planned chunks.

        :param list keys: ids as given to ``_start_work``
        :raise UserError: what a person must mend
        """

    def _end_work(self, error):
        """Finish the document after its last chunk.

        :param error: why the work stopped before its end, if it did
        """
