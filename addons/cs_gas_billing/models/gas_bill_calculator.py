from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..bulk import insert
from ..tools.errors import GasInputError
from ..tools.rating import ENGINE_VERSION, input_hash, rate
from ..tools.rounding import from_float, plain, to_decimal
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
        books = (
            SQL("AND r.book_id = ANY(%s)", run.book_ids.ids)
            if run.book_ids
            else SQL("")
        )
        return SQL(
            "r.company_id = %s AND r.state = 'validated' "
            "AND r.read_date BETWEEN %s AND %s %s",
            run.company_id.id,
            run.read_date_from,
            run.read_date_to,
            books,
        )

    @api.model
    def _count_points(self, run):
        return self.env.execute_query(
            SQL(
                "SELECT count(DISTINCT r.service_point_id) FROM gas_reading r WHERE %s",
                self._get_points_clause(run),
            )
        )[0][0]

    @api.model
    def _next_points(self, run, limit):
        """Return ids of the next service points after the run's cursor, in order."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT r.service_point_id FROM gas_reading r "
                "WHERE %s AND r.service_point_id > %s "
                "ORDER BY r.service_point_id LIMIT %s",
                self._get_points_clause(run),
                run.cursor_point,
                limit,
            )
        )
        return [row[0] for row in rows]

    # === CALCULATION ===#

    @api.model
    def _calculate(self, run, point_ids):
        """Bill the validated readings of ``point_ids``.

        A point that can't be rated (no agreement, no price) becomes an exception of
        the run and costs no other bill.
        """
        context = {
            **self.env["gas.bill.facts"]._load(run, point_ids),
            "policy": run.company_id._get_gas_policy(),
            "tax_rate": from_float(run.company_id.gas_tax_id.amount or 9.0, 4),
            "tariffs": {},
        }
        drafts, errors = [], []
        for point_id in point_ids:
            try:
                drafts.append(self._rate_point(run, point_id, context))
            except GasInputError as error:
                errors.append((point_id, str(error), context))
        self._write_bills(run, drafts)
        self._write_errors(run, errors)

    def _rate_point(self, run, point_id, context):
        readings = context["readings"][point_id]
        last = readings[-1]["read_date"]
        terms = next(
            (
                row
                for row in context["terms"][point_id]
                if row["date_from"] <= last
                and (row["date_to"] is None or row["date_to"] >= last)
            ),
            None,
        )
        if terms is None:
            raise GasInputError(self.env._("No agreement on %s.", last))
        tariff = self._get_tariff(terms["tariff_id"], context)
        reads = self._get_reads(readings)
        years = range(readings[0]["prev_date"].year, last.year + 1)
        ytd = context["ledger"][point_id]
        frozen = {
            "tariff": tariff["data"],
            "persons": context["persons"][point_id],
            "opened": terms["opened_on"].isoformat(),
            "resolution": plain(
                Decimal(1).scaleb(-max(row["decimals"] for row in readings))
            ),
            "policy": context["policy"],
            "reads": reads,
            "ytd": {str(year): ytd[year] for year in years if year in ytd},
        }
        if tariff["data"]["cycle"] == "none":
            frozen["ytd"] = {}
        result = rate(frozen, tariff["engine"])
        return {
            "point_id": point_id,
            "readings": readings,
            "terms": terms,
            "tariff": tariff,
            "frozen": frozen,
            "result": result,
            "tax_rate": context["tax_rate"],
            "previous": context["previous"].get(point_id),
        }

    def _get_reads(self, readings):
        """Return the readings as a register that only runs forward.

        A meter exchange or a rollover would break it, so from the first reading on the
        usages are added up.
        """
        value = to_decimal(readings[0]["prev_value"])
        reads = [[readings[0]["prev_date"].isoformat(), plain(value)]]
        for reading in readings:
            value += to_decimal(reading["usage"])
            day = reading["read_date"].isoformat()
            if reads[-1][0] == day and len(reads) > 1:
                reads[-1][1] = plain(value)
            else:
                reads.append([day, plain(value)])
        return reads

    def _get_tariff(self, tariff_id, context):
        if tariff_id not in context["tariffs"]:
            tariff = self.env["gas.tariff"].browse(tariff_id)
            data, engine = tariff._get_engine()
            context["tariffs"][tariff_id] = {
                "data": data,
                "engine": engine,
                "use_category_id": tariff.use_category_id.id,
                "versions": {
                    version.date_from.isoformat(): version.id
                    for version in tariff.version_ids
                },
            }
        return context["tariffs"][tariff_id]

    # === WRITING ===#

    def _write_bills(self, run, drafts):
        lines_of = [self._prepare_lines(run, draft) for draft in drafts]
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
                    "UPDATE gas_reading r SET state = 'billed', bill_id = l.bill_id "
                    "FROM unnest(%s, %s) AS l(id, bill_id) WHERE r.id = l.id "
                    "RETURNING r.id",
                    [link[0] for link in links],
                    [link[1] for link in links],
                )
            )
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
        volume, amount, _version = draft["previous"] or ("0", "0", None)
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
            "kind": "actual",
            "period": run.period,
            "date_from": readings[0]["prev_date"],
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
        flags = []
        volume = to_decimal(draft["result"]["volume"])
        if not volume:
            flags.append("ZERO")
        versions = {line["version_id"] for line in lines}
        if draft["previous"]:
            last_volume, _amount, last_version = draft["previous"]
            limit = from_float(run.company_id.gas_high_bill_ratio, 3)
            if to_decimal(last_volume) and volume > limit * to_decimal(last_volume):
                flags.append("HIGH")
            if last_version and versions - {last_version}:
                flags.append("PRICE")
        elif len(versions) > 1:
            flags.append("PRICE")
        return ",".join(flags) or None

    def _prepare_ledger(self, run, draft, bill_id):
        """Return what each year's volume grew by.

        Tariffs without tiers count in the year of the reading, so that a change to a
        tiered tariff finds the year's volume.
        """
        volumes = defaultdict(Decimal)
        last_year = draft["readings"][-1]["read_date"].year
        for line in draft["result"]["lines"]:
            volumes[line["year"] or last_year] += to_decimal(line["qty"])
        return [
            {
                "company_id": run.company_id.id,
                "service_point_id": draft["point_id"],
                "cycle_year": year,
                "quantity": volume,
                "kind": "bill",
                "bill_id": bill_id,
            }
            for year, volume in volumes.items()
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
        """Delete calculated bills and set their readings free again."""
        bills = bills.filtered(lambda bill: bill.state == "calc")
        readings = bills.reading_ids
        readings.write({"state": "validated", "bill_id": False})
        bills.unlink()
