from odoo import api, models

from ..tools.latefee import fee_start
from ..tools.rounding import from_float, plain, to_decimal
from .qr import qr_data_uri

#: Months in the picture of the volumes, and the height of its largest bar.
MONTHS = 6
BAR_HEIGHT = 40


class GasBillReport(models.AbstractModel):
    """What a printed bill says besides the bill itself, for many bills at once."""

    _name = "report.cs_gas_billing.report_gas_bill"
    _description = "Printed Gas Bill"

    @api.model
    def _get_report_values(self, docids, data=None):
        ids = docids or (data or {}).get("gas_bill_ids") or []
        bills = self.env["gas.bill"].browse(ids)
        bills.check_access("read")
        shared = {
            "arrears": self._get_arrears(bills),
            "history": self._get_history(bills),
        }
        policies = {
            company: self.env["gas.latefee.policy"]._find(company)
            for company in bills.company_id
        }
        return {
            "doc_ids": ids,
            "doc_model": "gas.bill",
            "docs": bills,
            "facts": {
                bill.id: self._get_facts(bill, shared, policies[bill.company_id])
                for bill in bills
            },
        }

    def _get_facts(self, bill, shared, policies):
        lang = bill.partner_id.lang or bill.company_id.partner_id.lang or self.env.lang
        tiers = self._get_tiers(bill)
        before = shared["arrears"].get(bill.id, 0.0)
        credit = bill.account_id.amount_credit
        total = bill.currency_id.round(bill.amount_residual + before - credit)
        return {
            "lang": lang,
            "qr": qr_data_uri(bill._get_qr_text()),
            "paid": bill.currency_id.round(bill.amount_total - bill.amount_residual),
            "arrears": before,
            "credit": credit,
            "total_due": max(total, 0.0),
            "registers": self._get_registers(bill),
            "tiers": tiers,
            "history": shared["history"].get(bill.id, []),
            "texts": self.with_context(lang=lang)._get_texts(bill, tiers, policies),
        }

    def _get_texts(self, bill, tiers, policies):
        """Return the sentences of the bill in the customer's language."""
        texts = {"used": "", "left": "", "fee": ""}
        shown = bill.with_context(lang=self.env.lang)
        texts["estimate"] = shown.estimate_note or ""
        if tiers:
            texts["used"] = self.env._(
                "Year %(year)s: %(used)s m³ used",
                year=tiers["year"],
                used=tiers["used"],
            )
            texts["left"] = (
                self.env._("Tier %s, no upper bound", tiers["tier"])
                if tiers["left"] is None
                else self.env._(
                    "Tier %(tier)s: %(left)s m³ left",
                    tier=tiers["tier"],
                    left=tiers["left"],
                )
            )
        if rule := self._get_fee_rule(bill, policies):
            texts["fee"] = self.env._(
                "What is unpaid on %(start)s costs a late fee of %(rate)s %% a day, "
                "rounded down to %(step)s yuan. Arrears are shown without late fee.",
                start=rule["start"].isoformat(),
                rate=rule["rate"],
                step=rule["step"],
            )
        return texts

    def _get_arrears(self, bills):
        """Return {bill id: what the account owes from earlier bills}."""
        groups = self.env["gas.bill"]._read_group(
            [
                ("account_id", "in", bills.account_id.ids),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
            ],
            ["account_id", "period"],
            ["amount_residual:sum"],
        )
        by_account = {}
        for account, period, amount in groups:
            by_account.setdefault(account.id, []).append((period, amount))
        return {
            bill.id: sum(
                amount
                for period, amount in by_account.get(bill.account_id.id, ())
                if period < bill.period
            )
            for bill in bills
        }

    def _get_history(self, bills):
        """Return {bill id: the volumes of up to six months, oldest first}.

        Of the bill's own account: what a former customer used is nobody else's matter.
        """
        groups = self.env["gas.bill"]._read_group(
            [
                ("service_point_id", "in", bills.service_point_id.ids),
                ("state", "!=", "cancelled"),
                ("kind", "!=", "opening"),
            ],
            ["account_id", "service_point_id", "period"],
            ["volume:sum"],
            order="period",
        )
        by_supply = {}
        for account, point, period, volume in groups:
            by_supply.setdefault((account, point), []).append((period, volume))
        result = {}
        for bill in bills:
            known = by_supply.get((bill.account_id, bill.service_point_id), ())
            months = [row for row in known if row[0] <= bill.period][-MONTHS:]
            largest = max([volume for _period, volume in months] + [1.0])
            result[bill.id] = [
                {
                    "period": period,
                    "volume": volume,
                    "height": round(BAR_HEIGHT * max(volume, 0) / largest),
                }
                for period, volume in months
            ]
        return result

    def _get_registers(self, bill):
        """Return one row per meter reading that the bill is made from."""
        return [
            {
                "meter": reading.install_id.meter_id.serial,
                "from": reading.prev_value,
                "to": reading.value,
                "date_from": reading.prev_date,
                "date_to": reading.read_date,
                "usage": reading.usage,
                "estimated": reading.source == "estimate",
            }
            for reading in bill.reading_ids.sorted(lambda row: (row.read_date, row.id))
        ]

    def _get_tiers(self, bill):
        """Return the year's tiers as segments of a bar, False without tiers."""
        position = bill.tier_position
        if not position:
            return False
        segments = []
        last_upper = 0
        for tier in position["tiers"]:
            used = float(tier["used"])
            lower = float(tier["lower"])
            if tier["upper"] is None:
                width = max(last_upper / 3, used, 1.0)
            else:
                last_upper = float(tier["upper"])
                width = max(last_upper - lower, 1.0)
            segments.append({**tier, "width": width, "used_width": min(used, width)})
        total = sum(segment["width"] for segment in segments)
        return {
            "year": position["year"],
            "tier": position["tier"],
            "left": position["left"],
            "used": plain(sum(to_decimal(tier["used"]) for tier in position["tiers"])),
            "segments": [
                {
                    **segment,
                    "percent": round(100 * segment["width"] / total, 2),
                    "fill": round(100 * segment["used_width"] / segment["width"], 1),
                }
                for segment in segments
            ],
        }

    def _get_fee_rule(self, bill, policies):
        """Return the late-fee rule in force as plain facts, False if there is none."""
        policy = policies.get(
            (bill.category, bill.account_id.pay_channel)
        ) or policies.get((bill.category, False))
        if not policy:
            return False
        return {
            "start": fee_start(
                bill.period, policy["start_day"], policy["month_offset"]
            ),
            "rate": plain(to_decimal(policy["rate"]) * 100),
            "step": plain(to_decimal(policy["step"])),
        }

    @api.model
    def _format_volume(self, value):
        """Return a volume without needless zeros."""
        return plain(from_float(value, 3))
