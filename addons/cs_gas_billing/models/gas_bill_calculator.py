from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..bulk import insert
from ..tools.charge import covered_months
from ..tools.errors import GasInputError
from ..tools.rating import ENGINE_VERSION, input_hash
from ..tools.rounding import from_float, to_decimal
from ..tools.vat import split


class GasBillCalculator(models.AbstractModel):
    """Turns validated readings into bills, a chunk of service points at a time.

    The facts of a chunk are loaded in a handful of statements, each bill is rated by
    the pure engine from an input that is frozen with it, and everything is written in
    bulk: bill, lines, usage ledger, readings.
    """

    _name = "gas.bill.calculator"
    _description = "Bill Calculation"

    # === WHAT IS TO BILL ===#

    def _get_points_clause(self, run):
        """Return which readings make a run bill their service point.

        The removal reading of an exchanged meter alone doesn't: it is billed with the
        new meter's. While it is held, the point waits.
        """
        books = (
            SQL("AND r.book_id = ANY(%s)", run.book_ids.ids)
            if run.book_ids
            else SQL("")
        )
        points = (
            SQL("AND r.service_point_id = ANY(%s)", run.point_ids.ids)
            if run.point_ids
            else SQL("")
        )
        return SQL(
            "r.company_id = %s AND r.state = 'validated' AND r.source != 'exchange' "
            "AND r.read_date BETWEEN %s AND %s %s %s "
            "AND NOT EXISTS (SELECT FROM gas_reading x "
            "WHERE x.service_point_id = r.service_point_id AND x.state = 'held' "
            "AND x.source = 'exchange' AND x.read_date <= %s)",
            run.company_id.id,
            run.read_date_from,
            run.read_date_to,
            books,
            points,
            run.read_date_to,
        )

    # === CALCULATION ===#

    @api.model
    def _calculate(self, run, point_ids):
        """Bill the validated readings of ``point_ids``.

        A point that can't be rated (no agreement, no price) becomes an exception of
        the run and costs no other bill.
        """
        self.env["gas.bill.estimator"]._clear_overtaken(run, point_ids)
        context = self._load_context(run, point_ids)
        drafts, errors = [], []
        for point_id in point_ids:
            try:
                drafts.extend(self._rate_point(run, point_id, context))
            except GasInputError as error:
                errors.append((point_id, str(error), context))
        self._write_bills(run, drafts)
        self._write_errors(run, errors)

    def _load_context(self, run, point_ids, extra=None):
        """Return the facts of the points and the company's rules."""
        return {
            **self.env["gas.bill.facts"]._load(run, point_ids, extra),
            "policy": run.company_id._get_gas_policy(),
            "tax_rate": from_float(run.company_id.gas_tax_id.amount or 9.0, 4),
            "tariffs": {},
        }

    # === WRITING ===#

    def _write_bills(self, run, drafts):
        lines_of = [self._prepare_lines(run, draft) for draft in drafts]
        estimates = self.env["gas.bill.estimator"]
        estimates._mark_replaced(drafts)
        bills = insert(
            self.env["gas.bill"],
            [
                self._prepare_bill(run, draft, lines)
                for draft, lines in zip(drafts, lines_of, strict=True)
            ],
        )
        lines, ledger, links = [], [], []
        for bill_id, draft, own in zip(bills.ids, drafts, lines_of, strict=True):
            lines += [line | {"bill_id": bill_id} for line in own]
            ledger += self._prepare_ledger(run, draft, bill_id)
            links += [(reading["id"], bill_id) for reading in draft["readings"]]
        insert(self.env["gas.bill.line"], lines)
        insert(self.env["gas.usage.ledger"], ledger)
        if links:
            self.env.execute_query(
                SQL(
                    "UPDATE gas_reading r SET state = 'billed', bill_id = l.bill_id, "
                    "prior_bill_id = r.bill_id "
                    "FROM unnest(%s, %s) AS l(id, bill_id) WHERE r.id = l.id "
                    "RETURNING r.id",
                    [link[0] for link in links],
                    [link[1] for link in links],
                )
            )
        estimates._link_replaced(zip(bills.ids, drafts, strict=True))
        for model in ("gas.bill", "gas.bill.line", "gas.usage.ledger", "gas.reading"):
            self.env[model].invalidate_model()

    def _prepare_lines(self, run, draft):
        rows = []
        for sequence, line in enumerate(draft["result"]["lines"], 1):
            base, tax = split(line["amount"], draft["tax_rate"])
            rows.append(
                {
                    "company_id": run.company_id.id,
                    "currency_id": run.currency_id.id,
                    "sequence": sequence,
                    "year": line["year"],
                    "tier": line["tier"],
                    "version_id": draft["tariff"]["versions"][line["version"]],
                    "date_to": draft["readings"][-1]["read_date"],
                    "quantity": line["qty"],
                    "price_unit": line["price"],
                    "amount": line["amount"],
                    "base": base,
                    "tax": tax,
                }
            )
        return rows

    def _prepare_bill(self, run, draft, lines):
        readings, terms = draft["readings"], draft["terms"]
        result = draft["result"]
        volume, amount, *_rest = draft["previous"] or ("0", "0")
        return {
            "company_id": run.company_id.id,
            "currency_id": run.currency_id.id,
            "run_id": run.id,
            "account_id": terms["account_id"],
            "partner_id": terms["partner_id"],
            "service_point_id": draft["point_id"],
            "agreement_id": terms["agreement_id"],
            "tariff_id": terms["tariff_id"],
            "use_category_id": draft["tariff"]["use_category_id"],
            "category": terms["category"],
            "book_id": terms["book_id"],
            "book_seq": terms["book_seq"],
            "kind": draft["kind"],
            "period": run.period,
            "date_from": draft["first_date"],
            "date_to": readings[-1]["read_date"],
            "date_due": run.date_due,
            "register_from": readings[0]["prev_value"],
            "register_to": readings[-1]["value"],
            "volume": result["volume"],
            "amount_total": result["amount"],
            "amount_base": sum((line["base"] for line in lines), Decimal(0)),
            "amount_tax": sum((line["tax"] for line in lines), Decimal(0)),
            "amount_residual": result["amount"],
            "previous_volume": volume,
            "previous_amount": amount,
            "flags": self._get_flags(run, draft, lines),
            "state": "calc",
            "calc": draft["frozen"],
            "calc_hash": input_hash(draft["frozen"]),
            "engine_version": ENGINE_VERSION,
            "fee_settled": False,
        }

    def _get_flags(self, run, draft, lines):
        """Return what a reviewer wants to see, comma separated."""
        flags = ["EST"] if draft["kind"] == "estimate" else []
        if draft["replaced"]:
            flags.append("TRUE")
        volume = to_decimal(draft["result"]["volume"])
        if not volume:
            flags.append("ZERO")
        versions = {line["version_id"] for line in lines}
        if draft["previous"]:
            last_volume, _amount, last_version, _account = draft["previous"]
            limit = from_float(run.company_id.gas_high_bill_ratio, 3)
            limit *= covered_months(
                (draft["readings"][-1]["read_date"] - draft["first_date"]).days,
                run.company_id.gas_long_days,
            )
            if to_decimal(last_volume) and volume > limit * to_decimal(last_volume):
                flags.append("HIGH")
            if last_version and versions - {last_version}:
                flags.append("PRICE")
        elif len(versions) > 1:
            flags.append("PRICE")
        return ",".join(flags) or None

    def _prepare_ledger(self, run, draft, bill_id):
        return [
            {
                "company_id": run.company_id.id,
                "service_point_id": draft["point_id"],
                "cycle_year": year,
                "quantity": volume,
                "kind": "provisional" if draft["kind"] == "estimate" else "bill",
                "bill_id": bill_id,
            }
            for year, volume in draft["years"].items()
        ]

    def _write_errors(self, run, errors):
        insert(
            self.env["gas.bill.run.exception"],
            [
                {
                    "run_id": run.id,
                    "company_id": run.company_id.id,
                    "kind": "error",
                    "code": "RATE",
                    "service_point_id": point_id,
                    "account_id": terms["account_id"] if terms else None,
                    "book_id": terms["book_id"] if terms else None,
                    "book_seq": terms["book_seq"] if terms else 0,
                    "reading_id": context["readings"][point_id][-1]["id"],
                    "message": message,
                }
                for point_id, message, context in errors
                for terms in [next(iter(context["terms"][point_id]), None)]
            ],
        )

    @api.model
    def _discard(self, bills):
        """Delete calculated bills and set their readings free again.

        What stood on an estimated bill before goes back there.
        """
        bills = bills.filtered(lambda bill: bill.state == "calc")
        readings = bills.reading_ids
        for bill, trued_up in readings.grouped("prior_bill_id").items():
            if bill:
                trued_up.write({"bill_id": bill.id, "prior_bill_id": False})
            else:
                trued_up.write({"state": "validated", "bill_id": False})
        bills.replaces_ids.write({"replaced_by_id": False})
        bills.unlink()
