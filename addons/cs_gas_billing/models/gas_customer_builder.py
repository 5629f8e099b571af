import calendar
from datetime import date

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ..bulk import insert
from ..tools.tabular import parse_date
from .account_move import GAS_KEY
from .gas_customer_checker import BUILDINGS, CATEGORIES, CHANNELS


class GasCustomerBuilder(models.AbstractModel):
    """Creates accounts with everything that belongs to them, a chunk at a time."""

    _name = "gas.customer.builder"
    _description = "Creation of Imported Accounts"

    @api.model
    def _build(self, company, lines):
        """Create customer, premises, account, point, meter and openings per line; sudo.

        :param lines: good lines of a ``gas.customer.import``
        """
        self = self.with_company(company).with_context(  # noqa: PLW0642
            tracking_disable=True,
            mail_create_nosubscribe=True,
            no_vat_validation=True,
            default_lang=company.partner_id.lang or self.env.lang,
        )
        rows = [line.data for line in lines]
        partners = self._create_partners(company, rows)
        premises = self._get_premises(company, rows)
        accounts = self._create_accounts(company, rows, partners)
        points = self._create_points(company, rows, premises)
        self._create_agreements(company, rows, accounts, points)
        self._create_parties(rows, partners, premises)
        installs = self._create_meters(company, rows, points)
        self._create_openings(company, rows, accounts, points)
        lines.env.execute_query(
            SQL(
                "UPDATE gas_customer_import_line l SET account_id = n.account_id "
                "FROM unnest(%s, %s) AS n(id, account_id) WHERE l.id = n.id "
                "RETURNING l.id",
                lines.ids,
                accounts.ids,
            )
        )
        lines.invalidate_model(["account_id"])
        return accounts, installs

    def _create_partners(self, company, rows):
        lang = company.partner_id.lang or self.env.lang
        return self.env["res.partner"].create(
            [
                {
                    "name": row["name"],
                    "phone": row.get("phone") or False,
                    "company_id": company.id,
                    "lang": lang,
                    "is_company": CATEGORIES.get(row.get("category")) == "commercial",
                    "country_id": company.country_id.id,
                    "customer_rank": 1,
                }
                for row in rows
            ]
        )

    def _get_premises(self, company, rows):
        """Return each row's premises; the very same address is one premises."""
        return self.env["cs.premises"]._cs_find_or_create(
            [
                {
                    "company_id": company.id,
                    "community": row.get("community") or row["account"],
                    "building": row.get("building") or False,
                    "unit": row.get("unit") or False,
                    "room": row.get("room") or False,
                    "building_type": BUILDINGS.get(row.get("building_type"), "other"),
                }
                for row in rows
            ]
        )

    def _create_accounts(self, company, rows, partners):
        books = self._get_books(company, rows)
        accounts = self.env["gas.account"].create(
            [
                {
                    "company_id": company.id,
                    "code": row["account"],
                    "partner_id": partner.id,
                    "category": CATEGORIES.get(row.get("category"), "resident"),
                    "opened_on": self._get_opened(row),
                    "pay_channel": CHANNELS.get(row.get("channel"), "cash"),
                    "book_id": books.get(row.get("book")),
                    "book_seq": int(row.get("seq") or 0),
                }
                for row, partner in zip(rows, partners, strict=True)
            ]
        )
        self.env["gas.bank.mandate"].create(
            [
                {
                    "account_id": account.id,
                    "account_number": row["bank_account"],
                    "bank_name": row.get("bank_name") or False,
                    "holder": row["name"],
                    "date_from": self._get_opened(row),
                }
                for row, account in zip(rows, accounts, strict=True)
                if row.get("bank_account") and account.pay_channel == "debit"
            ]
        )
        return accounts

    @api.model
    def _get_opened(self, row):
        """Opening day; customers of a former system were there before the year."""
        if row.get("opened"):
            return parse_date(row["opened"])
        return date(parse_date(row["installed"]).year - 1, 1, 1)

    def _get_books(self, company, rows):
        codes = {row["book"] for row in rows if row.get("book")}
        model = self.env["gas.book"]
        known = {
            book.code: book.id
            for book in model.search(
                [("company_id", "=", company.id), ("code", "in", list(codes))]
            )
        }
        missing = sorted(codes - set(known))
        created = model.create(
            [{"company_id": company.id, "code": code} for code in missing]
        )
        known.update(zip(missing, created.ids, strict=True))
        return known

    def _create_points(self, company, rows, premises):
        points = self.env["gas.service.point"].create(
            [
                {
                    "company_id": company.id,
                    "code": row["account"],
                    "premises_id": place.id,
                    "opening_mean": float(row.get("mean") or 0),
                }
                for row, place in zip(rows, premises, strict=True)
            ]
        )
        self.env["gas.household"].create(
            [
                {
                    "service_point_id": point.id,
                    "date_from": self._get_opened(row),
                    "persons": int(row["persons"]),
                }
                for row, point in zip(rows, points, strict=True)
                if int(row.get("persons") or 0)
            ]
        )
        return points

    def _create_agreements(self, company, rows, accounts, points):
        tariffs = {
            tariff.code: tariff.id
            for tariff in self.env["gas.tariff"].search(
                [("company_id", "=", company.id)]
            )
        }
        return self.env["gas.agreement"].create(
            [
                {
                    "service_point_id": point.id,
                    "account_id": account.id,
                    "tariff_id": tariffs[row["tariff"]],
                    "date_from": account.opened_on,
                }
                for row, account, point in zip(rows, accounts, points, strict=True)
            ]
        )

    def _create_parties(self, rows, partners, premises):
        self.env["cs.premises.party"].create(
            [
                {
                    "premises_id": place.id,
                    "partner_id": partner.id,
                    "role": "holder",
                    "date_from": self._get_opened(row),
                }
                for row, partner, place in zip(rows, partners, premises, strict=True)
            ]
        )

    def _create_meters(self, company, rows, points):
        meters = self.env["gas.meter"].create(
            [
                {
                    "company_id": company.id,
                    "serial": row["meter"],
                    "manufacturer": row.get("manufacturer") or "-",
                    "digits": int(row["digits"]),
                    "decimals": int(row.get("decimals") or 0),
                    "qmax": float(row["qmax"]),
                    "kind": "ic" if row.get("channel") == "IC卡" else "ordinary",
                }
                for row in rows
            ]
        )
        return self.env["gas.meter.install"].create(
            [
                {
                    "meter_id": meter.id,
                    "service_point_id": point.id,
                    "date_from": parse_date(row["installed"]),
                    "reading_on": float(row["register"]),
                }
                for row, meter, point in zip(rows, meters, points, strict=True)
            ]
        )

    # === OPENINGS ===#

    def _create_openings(self, company, rows, accounts, points):
        insert(
            self.env["gas.usage.ledger"],
            [
                {
                    "company_id": company.id,
                    "service_point_id": point.id,
                    "cycle_year": parse_date(row["installed"]).year,
                    "quantity": row["year_volume"],
                    "kind": "opening",
                    "bill_id": None,
                }
                for row, point in zip(rows, points, strict=True)
                if float(row.get("year_volume") or 0)
            ],
        )
        self.env["gas.usage.ledger"].invalidate_model()
        money = [
            (row, account, point)
            for row, account, point in zip(rows, accounts, points, strict=True)
            if float(row.get("arrears") or 0) or float(row.get("credit") or 0)
        ]
        if money:
            self._post_opening_money(company, money)

    def _post_opening_money(self, company, money):
        """Take over arrears as open bills and prepayments as open credit."""
        company._check_gas_setup()
        today = company._cs_today()
        owing = [item for item in money if float(item[0].get("arrears") or 0)]
        bills = self.env["gas.bill"].create(
            [
                self._prepare_opening_bill(company, row, account, point, today)
                for row, account, point in owing
            ]
        )
        poster = self.env["gas.bill.poster"]
        if bills:
            poster._number(bills, today)
        values = poster._prepare_receivables(bills, company)
        values += [
            {
                "account_id": company.gas_receivable_account_id.id,
                "partner_id": account.partner_id.id,
                "name": self.env._("Opening credit %s", account.code),
                "balance": -float(row["credit"]),
                "date_maturity": today,
                "gas_account_id": account.id,
            }
            for row, account, _point in money
            if float(row.get("credit") or 0)
        ]
        total = sum(value["balance"] for value in values)
        values.append(
            {
                "account_id": company.gas_opening_account_id.id,
                "name": self.env._("Opening balances of gas accounts"),
                "balance": -company.currency_id.round(total),
            }
        )
        move = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True, gas_key=GAS_KEY)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": company.gas_sale_journal_id.id,
                    "date": today,
                    "ref": self.env._("Opening balances of gas accounts"),
                    "gas_locked": True,
                    "line_ids": [Command.create(value) for value in values],
                }
            )
        )
        move.action_post()
        bills._mark_posted()

    def _prepare_opening_bill(self, company, row, account, point, today):
        period = row.get("arrears_period") or today.strftime("%Y-%m")
        year, month = map(int, period.split("-"))
        last = date(year, month, calendar.monthrange(year, month)[1])
        return {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "account_id": account.id,
            "partner_id": account.partner_id.id,
            "service_point_id": point.id,
            "category": account.category,
            "book_id": account.book_id.id,
            "book_seq": account.book_seq,
            "kind": "opening",
            "period": period,
            "date_from": last.replace(day=1),
            "date_to": last,
            "date_due": last,
            "amount_total": float(row["arrears"]),
            "state": "approved",
        }
