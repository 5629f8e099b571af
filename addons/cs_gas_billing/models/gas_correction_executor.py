from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ..bulk import insert
from ..tools.rating import ENGINE_VERSION, input_hash
from ..tools.rounding import from_float, to_decimal
from ..tools.vat import split
from .account_move import GAS_KEY


class GasCorrectionExecutor(models.AbstractModel):
    """Books an approved correction: red, new, money, late fee, ledger, readings."""

    _name = "gas.correction.executor"
    _description = "Booking of a Correction"

    @api.model
    def _execute(self, correction):
        """Carry the approved correction out; sudo.

        :raise UserError: the facts are not those that were approved any more
        """
        company = correction.company_id
        company._check_gas_setup()
        self = self.with_company(company).with_context(  # noqa: PLW0642
            gas_key=GAS_KEY, tracking_disable=True
        )
        correction = correction.with_env(self.env)
        accounts = correction.line_ids.filtered("changed").bill_id.account_id
        for account in accounts.sorted("id"):
            self.env["gas.allocator"]._lock(account)
        self._hold_readings(correction.service_point_id)
        steps = self._plan_again(correction)
        old = self.env["gas.bill"].concat(*(step["bill"] for step in steps))
        moved = self._apply_readings(correction)
        self.env["gas.bill.reverser"]._reverse(correction, old)
        new = self._create_bills(correction, steps, moved)
        if new:
            self.env["gas.bill.poster"]._post(correction, new)
        self.env["gas.allocator"]._use_credits(accounts)
        self.env["gas.correction.fee"]._carry(correction, old)
        self._check_followers(moved)

    def _check_followers(self, moved):
        """Check unbilled readings again that follow a corrected register."""
        followers = self.env["gas.reading"].search(
            [
                ("previous_id", "in", [reading.id for reading in moved.values()]),
                ("state", "=", "validated"),
                ("source", "!=", "estimate"),
            ]
        )
        self.env["gas.reading.decider"]._check_again(followers)

    def _hold_readings(self, point):
        """Stop a run that bills the point right now with the year's old volume.

        A run locks the readings it bills. Who of both comes second is stopped by the
        database and tried again with what is true then.
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE gas_reading SET write_date = now() AT TIME ZONE 'UTC' "
                "WHERE service_point_id = %s AND state = 'validated' RETURNING id",
                point.id,
            )
        )

    def _plan_again(self, correction):
        proposer = self.env["gas.correction.proposer"]
        plan = proposer._plan(correction)
        if proposer._get_digest(correction, plan) != correction.digest:
            raise UserError(
                self.env._(
                    "%s: bills or readings changed since this was asked for. Reject it "
                    "and have it proposed again.",
                    correction.name,
                )
            )
        steps = [step for step in plan if step["changed"]]
        for step in steps:
            if step["bill"].debit_line_id:
                raise UserError(
                    self.env._(
                        "%s is with the bank for debit. Correct it when the bank has "
                        "answered.",
                        step["bill"].display_name,
                    )
                )
        return steps

    # === READINGS ===#

    def _apply_readings(self, correction):
        """Put the right registers in place of the wrong ones.

        The wrong reading stays as evidence with who replaced it and why.

        :return: {old reading id: the reading that stands now}
        """
        proposer = self.env["gas.correction.proposer"]
        if correction.kind != "reading":
            return {}
        changes = proposer._get_changes(correction)
        facts = proposer._get_moved_readings(changes)
        standing = {}
        readings = self.env["gas.reading"].browse(facts)
        for reading in readings.sorted(lambda row: (row.read_date, row.id)):
            values = {"usage": float(facts[reading.id]["usage"] or 0)}
            if facts[reading.id]["prev_value"] is not None:
                values["prev_value"] = float(facts[reading.id]["prev_value"])
            before = standing.get(reading.previous_id.id)
            if before:
                values["previous_id"] = before.id
            if reading.id in changes:
                value = float(changes[reading.id])
                standing[reading.id] = self._replace(
                    correction, reading, values | {"value": value}
                )
                self._follow_install(reading, value)
            else:
                reading.write(values)
        return standing

    def _replace(self, correction, reading, values):
        decision = {
            "decision": "corrected",
            "reason": correction.reason,
            "decided_by_id": correction.requested_by_id.id,
            "approved_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
        }
        state = reading.state
        bill = reading.bill_id
        reading.write({"state": "superseded", **decision})
        self.env.flush_all()
        new = reading.copy(
            {
                "source": reading.source
                if reading.source in ("opening", "exchange", "final")
                else "manual",
                "state": state,
                "bill_id": bill.id,
                "note": correction.name,
                "vee_codes": False,
                **values,
            }
        )
        reading.replaced_by_id = new
        return new

    def _follow_install(self, reading, value):
        """The installation shows the register it started and ended with."""
        if reading.source == "opening":
            reading.install_id.reading_on = value
        elif reading.source == "exchange":
            reading.install_id.reading_off = value

    # === NEW BILLS ===#

    def _create_bills(self, correction, steps, moved):
        bills = self.env["gas.bill"]
        for step in steps:
            old = step["bill"]
            readings = old.reading_ids.filtered(
                lambda reading: reading.state == "billed"
            )
            if step["frozen"] is None:
                readings.write({"state": "validated", "bill_id": False})
                continue
            new = bills.create(self._prepare_bill(correction, step, readings))
            readings.write({"bill_id": new.id})
            old.replaced_by_id = new
            self._write_ledger(new, step)
            bills += new
        return bills

    def _prepare_bill(self, correction, step, readings):
        old = step["bill"]
        terms = self._get_terms(correction, old)
        lines = self._prepare_lines(old, step, terms["tariff_id"])
        readings = readings.sorted(lambda row: (row.read_date, row.id))
        return {
            "company_id": old.company_id.id,
            "currency_id": old.currency_id.id,
            "account_id": old.account_id.id,
            "partner_id": old.partner_id.id,
            "service_point_id": old.service_point_id.id,
            "book_id": old.book_id.id,
            "book_seq": old.book_seq,
            "category": old.category,
            "kind": old.kind,
            "period": old.period,
            "date_from": old.date_from,
            "date_to": old.date_to,
            "date_due": old.date_due,
            "register_from": readings[:1].prev_value,
            "register_to": readings[-1:].value,
            "volume": float(step["volume"]),
            "amount_total": float(step["amount"]),
            "amount_base": float(sum(line["base"] for line in lines)),
            "amount_tax": float(sum(line["tax"] for line in lines)),
            "previous_volume": old.previous_volume,
            "previous_amount": old.previous_amount,
            "flags": old.flags,
            "state": "approved",
            "calc": step["frozen"],
            "calc_hash": input_hash(step["frozen"]),
            "engine_version": ENGINE_VERSION,
            "correction_id": correction.id,
            "fee_month": self._get_fee_month(correction, step),
            "line_ids": [
                Command.create(
                    line | {"base": float(line["base"]), "tax": float(line["tax"])}
                )
                for line in lines
            ],
            **terms,
        }

    def _get_terms(self, correction, old):
        tariff = old.tariff_id
        if correction.kind == "tariff":
            agreement = self.env["gas.correction.proposer"]._get_agreement(old)
            tariff = agreement.tariff_id
        return {
            "agreement_id": old.agreement_id.id,
            "tariff_id": tariff.id,
            "use_category_id": tariff.use_category_id.id,
        }

    def _get_fee_month(self, correction, step):
        """A bill that became higher is late from the month of its correction on."""
        old = step["bill"]
        if step["amount"] > from_float(old.amount_total, 2):
            return self.env["gas.correction.fee"]._get_month(correction, old.period)
        return old.fee_month

    def _prepare_lines(self, old, step, tariff_id):
        tariff = self.env["gas.tariff"].browse(tariff_id)
        versions = {
            version.date_from.isoformat(): version.id for version in tariff.version_ids
        }
        rate = from_float(old.company_id.gas_tax_id.amount, 4)
        rows = []
        for sequence, line in enumerate(step["lines"], 1):
            base, tax = split(line["amount"], rate)
            rows.append(
                {
                    "company_id": old.company_id.id,
                    "currency_id": old.currency_id.id,
                    "sequence": sequence,
                    "year": line["year"],
                    "tier": line["tier"],
                    "version_id": versions[line["version"]],
                    "date_to": old.date_to,
                    "quantity": float(line["qty"]),
                    "price_unit": float(line["price"]),
                    "amount": float(line["amount"]),
                    "base": to_decimal(base),
                    "tax": to_decimal(tax),
                }
            )
        return rows

    def _write_ledger(self, bill, step):
        volumes = defaultdict(Decimal)
        for line in step["lines"]:
            volumes[line["year"] or bill.date_to.year] += to_decimal(line["qty"])
        insert(
            self.env["gas.usage.ledger"],
            [
                {
                    "company_id": bill.company_id.id,
                    "service_point_id": bill.service_point_id.id,
                    "cycle_year": year,
                    "quantity": volume,
                    "kind": "bill",
                    "bill_id": bill.id,
                }
                for year, volume in volumes.items()
            ],
        )
        self.env["gas.usage.ledger"].invalidate_model()
