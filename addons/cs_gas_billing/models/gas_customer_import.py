from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class GasCustomerImport(models.Model):
    """Customers of a former system: one line is one account, customer and meter.

    Lines are never merged by name, phone or address; premises with the very same
    address are shared, for several service points at one address are normal.
    """

    _name = "gas.customer.import"
    _description = "Customer Import"
    _inherit = ["gas.import.mixin", "gas.work.mixin"]
    _order = "id desc"

    # one chunk after the other: lines of the same address share their premises
    _work_states = ("importing",)
    _work_cron = "cs_gas_billing.ir_cron_customer_import"

    profile_id = fields.Many2one(domain="[('kind', '=', 'customer')]")
    line_ids = fields.One2many(
        comodel_name="gas.customer.import.line",
        inverse_name="import_id",
        string="File Lines",
        readonly=True,
    )
    problem_ids = fields.One2many(
        comodel_name="gas.customer.import.line",
        inverse_name="import_id",
        string="Lines to Look at",
        domain=[("message", "!=", False), ("state", "!=", "duplicate")],
        readonly=True,
    )
    done_count = fields.Integer(string="Imported", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")

    @api.depends("ok_count", "done_count")
    def _compute_progress(self):
        for record in self:
            total = record.ok_count
            record.progress = 100.0 * record.done_count / total if total else 0.0

    @api.model
    def _get_headings(self):
        return {
            "用户编号": "account",
            "户名": "name",
            "电话": "phone",
            "小区": "community",
            "楼幢": "building",
            "单元": "unit",
            "房号": "room",
            "建筑类型": "building_type",
            "用户类别": "category",
            "气价": "tariff",
            "人口数": "persons",
            "表号": "meter",
            "表位数": "digits",
            "最大流量": "qmax",
            "启用日期": "installed",
            "期初读数": "register",
            "本年已用气量": "year_volume",
            "月均用量": "mean",
            "缴费方式": "channel",
            "银行账号": "bank_account",
            "抄表册": "book",
            "册内序号": "seq",
            "抄表序号": "seq",
            "开户日期": "opened",
            "表厂家": "manufacturer",
            "小数位": "decimals",
            "开户行": "bank_name",
            "期初欠费": "arrears",
            "欠费月份": "arrears_period",
            "期初预存": "credit",
        }

    @api.model
    def _get_required_columns(self):
        return (
            "account",
            "name",
            "tariff",
            "meter",
            "digits",
            "qmax",
            "installed",
            "register",
        )

    @api.model
    def _get_empty_line(self):
        return {"account": None, "customer": None, "meter": None, "data": None}

    def _evaluate_rows(self, rows, twin):
        return self.env["gas.customer.checker"]._check(self, rows)

    # === IMPORT ===#

    def action_lines(self):
        """Show the lines of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_customer_import_line_action"
        )
        shown = self.env.context.get("gas_line_filter")
        return action | {
            "display_name": self.name,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{shown}": 1} if shown else {},
        }

    def action_accounts(self):
        """Show the accounts that were made of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cs_gas_billing.gas_account_action"
        )
        accounts = self.line_ids.account_id
        return action | {"domain": [("id", "in", accounts.ids)], "context": {}}

    def _start_import(self):
        """Import at once, or in the background with progress if there are many."""
        if self._has_opening_money():
            self.company_id._check_gas_setup()
        if self.ok_count <= self.company_id.gas_inline_limit:
            return super()._start_import()
        if self.state == "checked":
            self.state = "importing"
        self._work_later()
        return True

    def _has_opening_money(self):
        """Whether a good line brings arrears or a credit to be posted."""
        self.env.flush_all()
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1 FROM gas_customer_import_line
                     WHERE import_id = %s AND state = 'ok'
                       AND (coalesce(data->>'arrears', '') NOT IN ('', '0')
                            OR coalesce(data->>'credit', '') NOT IN ('', '0'))
                     LIMIT 1
                    """,
                    self.id,
                )
            )
        )

    def _import_lines(self):
        while self._import_chunk():
            pass

    def _import_chunk(self):
        """Create the accounts of the next lines; return whether there may be more."""
        self.ensure_one()
        lines = self.line_ids.search(
            [
                ("import_id", "=", self.id),
                ("state", "=", "ok"),
                ("account_id", "=", False),
            ],
            order="row",
            limit=self.company_id.gas_chunk_size,
        )
        if lines:
            self._build_lines(lines)
            return True
        self.write({"state": "done", "imported_on": fields.Datetime.now()})
        return False

    def _build_lines(self, lines):
        """Create the accounts of ``lines``; what the database refuses is rejected.

        A chunk that fails is tried in halves, so that one bad line stops nothing.
        """
        try:
            with self.env.cr.savepoint():
                self.env["gas.customer.builder"]._build(self.company_id, lines)
                self.done_count += len(lines)
                self.env.flush_all()
        except (UserError, IntegrityError, DataError) as error:
            self.env.invalidate_all(flush=False)
            if len(lines) > 1:
                half = len(lines) // 2
                self._build_lines(lines[:half])
                self._build_lines(lines[half:])
                return
            lines.write(
                {
                    "state": "rejected",
                    "code": "REFUSED",
                    "message": str(error).strip().partition("\n")[0],
                }
            )
            self.ok_count -= 1
            self.rejected_count += 1

    @api.model
    def _cron_import(self):
        return self._cron_process()

    def _work_chunk(self, lane=(0, 1)):
        """Import the next lines in the background; return how many they were."""
        if self.state != "importing" or not self.try_lock_for_update():
            return 0
        before = self.done_count + self.rejected_count
        self._import_chunk()
        return self.done_count + self.rejected_count - before

    def _count_work_left(self):
        return self.ok_count - self.done_count

    def _end_work(self, error):
        """After a fault the import can be started again and goes on."""
        if error:
            self.write({"state": "checked", "message": error})
