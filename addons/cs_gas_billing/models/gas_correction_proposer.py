import hashlib
from collections import defaultdict
from copy import deepcopy
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.errors import GasInputError
from ..tools.rating import input_hash, rate
from ..tools.rounding import from_float, money, plain, to_decimal
from ..tools.usage import HOURS_PER_DAY, meter_volume


class GasCorrectionProposer(models.AbstractModel):
    """Works out what the bills of a service point become when a fact is corrected.

    Each bill is rated from its own frozen inputs; only the corrected fact and the
    year's volume left by the bills before it are replaced. So a correction never
    brings in a setting that somebody changed since.
    """

    _name = "gas.correction.proposer"
    _description = "Proposal of a Correction"

    @api.model
    def _fill(self, correction):
        """Write the proposal, or why there is none, into the correction; sudo."""
        try:
            plan = self._plan(correction)
            problem = False
        except (UserError, GasInputError) as error:
            plan, problem = [], str(error)
        changed = [step for step in plan if step["changed"]]
        correction.write(
            {
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(self._prepare_line(number, step))
                        for number, step in enumerate(plan, 1)
                    ),
                ],
                "problem": problem,
                "changed_count": len(changed),
                "amount_old": sum(step["bill"].amount_total for step in changed),
                "amount_new": float(sum(step["amount"] for step in changed)),
                "digest": self._get_digest(correction, plan),
            }
        )

    def _prepare_line(self, number, step):
        bill = step["bill"]
        return {
            "sequence": number,
            "bill_id": bill.id,
            "changed": step["changed"],
            "old_volume": bill.volume,
            "new_volume": float(step["volume"]),
            "old_amount": bill.amount_total,
            "new_amount": float(step["amount"]),
            "tiers": " + ".join(
                f"{line['qty']} × {line['price']}" for line in step["lines"]
            ),
            "calc": step["frozen"],
        }

    def _get_digest(self, correction, plan):
        """Return a fingerprint of everything the correction would do."""
        facts = [
            f"{row.reading_id.id}:{row.new_value:.3f}" for row in correction.reading_ids
        ]
        facts += [
            f"{step['bill'].id}:{money(step['amount'])}:"
            + (input_hash(step["frozen"]) if step["frozen"] else "-")
            for step in plan
            if step["changed"]
        ]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()

    # === PLAN ===#

    @api.model
    def _plan(self, correction):
        """Return a step for each bill from the first wrong one on; sudo.

        :return: dicts of ``bill``, ``changed``, ``volume``, ``amount``, ``lines``
            and ``frozen`` (None: the bill is not billed again)
        :raise UserError: the correction is not possible now
        """
        first = correction.bill_id
        self._check_possible(correction, first)
        changes = self._get_changes(correction)
        moved = self._get_moved_readings(changes)
        bills = self._get_chain(first, moved)
        if correction.kind == "cancel":
            return [self._cancel(correction, bills)]
        volumes = self._load_volumes(first.service_point_id)
        used = self._get_volume_before(volumes, bills)
        return [
            self._keep(bill, used, volumes[bill.id])
            if bill.kind == "estimate"
            else self._rate(correction, bill, moved, used)
            for bill in bills
        ]

    def _check_possible(self, correction, bill):
        if bill.state != "posted" or bill.kind == "opening":
            raise UserError(
                self.env._(
                    "%s can't be corrected: only posted bills of a period can.",
                    bill.display_name,
                )
            )
        if bill.kind == "estimate" and correction.kind != "cancel":
            raise UserError(
                self.env._(
                    "%s is estimated: the next actual reading corrects it by itself.",
                    bill.display_name,
                )
            )
        pending = self.env["gas.bill"].search(
            [
                ("service_point_id", "=", bill.service_point_id.id),
                ("state", "in", ("calc", "approved")),
            ],
            limit=1,
        )
        if pending:
            raise UserError(
                self.env._(
                    "%(run)s has a bill of this service point that is not posted yet. "
                    "Post or discard it first.",
                    run=pending.run_id.display_name,
                )
            )

    def _get_chain(self, first, moved):
        """Return the posted bills from the first that is touched on, in order."""
        bills = self.env["gas.bill"].search(
            [
                ("service_point_id", "=", first.service_point_id.id),
                ("state", "=", "posted"),
                ("kind", "!=", "opening"),
            ],
            order="date_to, id",
        )
        readings = self.env["gas.reading"].browse(moved)
        start = min((first | readings.bill_id & bills).mapped("date_to"))
        return bills.filtered(lambda bill: bill.date_to >= start)

    def _cancel(self, correction, bills):
        if len(bills) > 1:
            raise UserError(
                self.env._(
                    "%s is not the last bill of its service point. Correct what was "
                    "wrong in it: the later bills are rated again with it.",
                    correction.bill_id.display_name,
                )
            )
        return {
            "bill": bills,
            "changed": True,
            "volume": Decimal(0),
            "amount": Decimal(0),
            "lines": [],
            "frozen": None,
        }

    # === READINGS ===#

    def _get_changes(self, correction):
        """Return {reading id: right register} of what is corrected."""
        if correction.kind != "reading":
            return {}
        changes = {
            row.reading_id.id: from_float(row.new_value, 3)
            for row in correction.reading_ids
            if row.new_value != row.reading_id.value
        }
        if not changes:
            raise UserError(
                self.env._("Give the right register of at least one reading.")
            )
        return changes

    def _get_moved_readings(self, changes):
        """Return the readings whose usage changes, with their new facts.

        A register counts in its own usage and in that of the reading after it.

        :return: {reading id: dict of ``value``, ``prev_value``, ``usage``}
        """
        readings = self.env["gas.reading"].browse(changes)
        followers = readings.search(
            [
                ("previous_id", "in", readings.ids),
                ("state", "in", ("validated", "billed")),
                ("source", "!=", "estimate"),
            ]
        )
        return {
            reading.id: self._measure(reading, changes)
            for reading in readings | followers
        }

    def _measure(self, reading, changes):
        value = changes.get(reading.id, from_float(reading.value, 3))
        self.env["gas.reading.entry"]._check_register(reading.install_id, value)
        previous = changes.get(
            reading.previous_id.id, from_float(reading.prev_value, 3)
        )
        if reading.source == "opening":
            return {"value": value, "prev_value": None, "usage": None}
        meter = reading.install_id.meter_id
        days = (reading.read_date - reading.prev_date).days
        capacity = from_float(meter.qmax, 3) * HOURS_PER_DAY * days
        usage, _rolled = meter_volume(previous, value, meter.digits, capacity)
        if usage is None:
            raise UserError(
                self.env._(
                    "Register %(value)s of %(day)s is below the one before, "
                    "%(previous)s.",
                    value=plain(value),
                    day=reading.read_date,
                    previous=plain(previous),
                )
            )
        return {"value": value, "prev_value": previous, "usage": usage}

    def _get_reads(self, bill, moved):
        """Return the bill's readings as a register that only runs forward."""
        readings = bill.reading_ids.sorted(lambda row: (row.read_date, row.id))
        facts = [self._get_facts(reading, moved) for reading in readings]
        return self.env["gas.bill.calculator"]._get_reads(facts)

    def _get_facts(self, reading, moved):
        known = moved.get(reading.id) or {
            "value": from_float(reading.value, 3),
            "prev_value": from_float(reading.prev_value, 3),
            "usage": from_float(reading.usage, 3),
        }
        return known | {"prev_date": reading.prev_date, "read_date": reading.read_date}

    # === RATING ===#

    def _load_volumes(self, point):
        """Return {bill id: {year: m³}} of the point's whole ledger."""
        rows = self.env["gas.usage.ledger"]._read_group(
            [("service_point_id", "=", point.id)],
            ["bill_id", "cycle_year"],
            ["quantity:sum"],
        )
        volumes = defaultdict(dict)
        for bill, year, quantity in rows:
            volumes[bill.id][year] = from_float(quantity, 3)
        return volumes

    def _get_volume_before(self, volumes, bills):
        """Return {year: m³} of ``volumes`` without ``bills``."""
        used = defaultdict(Decimal)
        for bill_id, years in volumes.items():
            if bill_id not in bills.ids:
                self._add_volumes(used, years)
        return used

    def _add_volumes(self, used, years):
        for year, volume in years.items():
            used[year] += volume

    def _rate(self, correction, bill, moved, used):
        """Rate a bill again on top of ``used``, which grows by its volume."""
        frozen = deepcopy(bill.calc)
        if any(reading.id in moved for reading in bill.reading_ids):
            frozen["reads"] = self._get_reads(bill, moved)
        frozen.update(self._get_new_terms(correction, bill))
        years = range(
            int(frozen["reads"][0][0][:4]), int(frozen["reads"][-1][0][:4]) + 1
        )
        tiered = frozen["tariff"]["cycle"] != "none"
        frozen["ytd"] = {
            str(year): plain(used[year]) for year in years if tiered and year in used
        }
        result = rate(frozen)
        for line in result["lines"]:
            used[line["year"] or bill.date_to.year] += to_decimal(line["qty"])
        return {
            "bill": bill,
            "changed": frozen["reads"] != bill.calc["reads"]
            or frozen["tariff"]["code"] != bill.calc["tariff"]["code"]
            or self._get_prices(result) != self._get_billed_prices(bill),
            "volume": to_decimal(result["volume"]),
            "amount": to_decimal(result["amount"]),
            "lines": result["lines"],
            "frozen": frozen,
        }

    def _get_new_terms(self, correction, bill):
        """Return what the correction replaces in the frozen inputs.

        The persons always are those registered now: what they change by themselves was
        proposed when they were registered.
        """
        point = bill.service_point_id
        persons = self.env["gas.bill.facts"]._load_persons(point.ids)[point.id]
        if correction.kind != "tariff":
            return {"persons": persons}
        agreement = self._get_agreement(bill)
        return {
            "tariff": agreement.tariff_id._get_rating_data(),
            "persons": persons,
            "policy": bill.company_id._get_gas_policy(),
        }

    @api.model
    def _get_agreement(self, bill):
        """Return the bill's agreement as it is now."""
        agreement = bill.agreement_id
        if not agreement.exists():
            raise UserError(
                self.env._("The agreement of %s is gone.", bill.display_name)
            )
        return agreement

    def _keep(self, bill, used, years):
        """An estimate stays as it is until the next actual reading."""
        self._add_volumes(used, years)
        return {
            "bill": bill,
            "changed": False,
            "volume": from_float(bill.volume, 3),
            "amount": from_float(bill.amount_total, 2),
            "lines": [],
            "frozen": None,
        }

    def _get_prices(self, result):
        return [
            (
                line["year"],
                line["tier"],
                to_decimal(line["qty"]),
                to_decimal(line["price"]),
                to_decimal(line["amount"]),
            )
            for line in result["lines"]
        ]

    def _get_billed_prices(self, bill):
        return [
            (
                line.year,
                line.tier,
                from_float(line.quantity, 3),
                from_float(line.price_unit, 6),
                from_float(line.amount, 2),
            )
            for line in bill.line_ids.sorted("sequence")
        ]
