from odoo import api, models
from odoo.fields import Domain

from ..tools.rounding import from_float, plain, to_decimal

#: Months in the picture of the volumes.
MONTHS = 12


class GasPortal(models.AbstractModel):
    """What a customer sees of his gas accounts, as the portal's pages show it.

    Portal users have no right on any gas model: the pages ask here, and here only what
    is listed below leaves the house. A person sees the accounts of his own partner; a
    contact of a company also those of the company itself, never those of its other
    contacts.
    """

    _name = "gas.portal"
    _description = "Customer Portal Data"

    # === OWN RECORDS ===#

    @api.model
    def _get_account_domain(self, user):
        """Return the domain of the accounts that are ``user``'s own."""
        partner = user.partner_id
        owners = partner
        if partner.commercial_partner_id.is_company:
            owners |= partner.commercial_partner_id
        return Domain("partner_id", "in", owners.ids) & Domain(
            "company_id", "in", user.company_ids.ids
        )

    @api.model
    def _search_accounts(self, user, term="", **options):
        """Return the user's own accounts with full rights, open ones first."""
        domain = self._get_account_domain(user)
        if term:
            pattern = _escape(term)
            domain &= Domain("code", "=like", f"{pattern}%") | Domain(
                "address", "ilike", pattern
            )
        accounts_sudo = self.env["gas.account"].sudo()
        return accounts_sudo.search(domain, order="state, code", **options)

    @api.model
    def _count_accounts(self, user, **options):
        domain = self._get_account_domain(user)
        return self.env["gas.account"].sudo().search_count(domain, **options)

    @api.model
    def _find_account(self, user, account_id):
        """Return the user's own account with full rights, empty for anybody else's."""
        domain = self._get_account_domain(user) & Domain("id", "=", account_id)
        return self.env["gas.account"].sudo().search(domain)

    @api.model
    def _find_bill(self, user, bill_id):
        """Return a posted bill of an own account, or empty."""
        bill_sudo = (
            self.env["gas.bill"]
            .sudo()
            .search([("id", "=", bill_id), ("state", "=", "posted")])
        )
        own = bill_sudo and self._find_account(user, bill_sudo.account_id.id)
        return bill_sudo if own else bill_sudo.browse()

    @api.model
    def _find_photo(self, user, reading_id):
        """Return a photo that the customer sent himself for an own account, or None."""
        reading_sudo = (
            self.env["gas.reading"]
            .sudo()
            .search([("id", "=", reading_id), ("from_customer", "=", True)])
        )
        if reading_sudo and self._find_account(user, reading_sudo.account_id.id):
            return reading_sudo.photo or None
        return None

    # === ACCOUNTS ===#

    @api.model
    def _get_overview(self, accounts):
        """Return one dict per account; ``accounts`` with full rights."""
        money = self._get_money(accounts)
        return [self._get_head(account) | money[account] for account in accounts]

    def _get_head(self, account):
        return {
            "id": account.id,
            "code": account.code,
            "name": account.partner_id.name,
            "address": account.address or "",
            "state": account.state,
            "state_label": self._label(account, "state"),
            "category_label": self._label(account, "category"),
            "channel_label": self._label(account, "pay_channel"),
            "currency": account.currency_id,
            "company": account.company_id.name,
        }

    def _label(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(
            record[name], ""
        )

    def _get_money(self, accounts):
        """Return {account: due, late fee as of today, credit, to pay, oldest due}."""
        bills = self._get_owing(accounts)
        fees = self._get_fees(bills)
        by_account = bills.grouped("account_id")
        money = {}
        for account in accounts:
            own = by_account.get(account, bills.browse())
            due = sum(own.mapped("amount_residual"))
            fee = float(sum(fees[bill] for bill in own))
            credit = account.amount_credit
            open_days = [
                bill.date_due for bill in own if bill.amount_residual and bill.date_due
            ]
            money[account] = {
                "due": due,
                "fee": fee,
                "credit": credit,
                "to_pay": max(account.currency_id.round(due + fee - credit), 0.0),
                **self._get_due(min(open_days, default=None), account.company_id),
            }
        return money

    def _get_due(self, day, company):
        """Return in words until when is to be paid, and whether that is over."""
        overdue = bool(day) and day < company._cs_today()
        text = ""
        if day:
            text = (
                self.env._("Due since %s", day)
                if overdue
                else self.env._("Due on %s", day)
            )
        return {"due_text": text, "overdue": overdue}

    def _get_owing(self, accounts):
        """Return the accounts' bills with principal or perhaps late fee open."""
        return self.env["gas.bill"].search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "posted"),
                "|",
                ("amount_residual", ">", 0),
                ("fee_settled", "=", False),
            ],
            order="date_due, id",
        )

    def _get_fees(self, bills):
        policy = self.env["gas.latefee.policy"]
        fees = {}
        for company, own in bills.grouped("company_id").items():
            fees |= policy._get_fees(own, company._cs_today())
        return fees

    # === ONE ACCOUNT ===#

    @api.model
    def _get_account_values(self, account, limit, offset=0):
        """Return everything the page of an account shows; ``account`` with full rights.

        :param int limit: bills on a page
        """
        bills = self.env["gas.bill"].search(
            self._get_bill_domain(account), limit=limit, offset=offset
        )
        fees = self._get_fees(bills)
        values = self._get_overview(account)[0]
        return values | {
            "tiers": self._get_tiers(account),
            "months": self._get_months(account),
            "meter": account.meter_id.serial or "",
            "bills": [self._get_bill(bill, fees[bill]) for bill in bills],
            "can_read": self._can_read(account),
            "own_readings": self._get_own_readings(account),
        }

    def _get_bill_domain(self, account):
        return [("account_id", "=", account.id), ("state", "=", "posted")]

    def _get_bill(self, bill, fee):
        residual = bill.amount_residual
        due = bill.date_due if residual > 0 else None
        return {
            "id": bill.id,
            "name": bill.name,
            "period": bill.period,
            "kind": bill.kind,
            "kind_label": self._label(bill, "kind"),
            "date_from": bill.date_from,
            "date_to": bill.date_to,
            "register_from": plain(from_float(bill.register_from, 3)),
            "register_to": plain(from_float(bill.register_to, 3)),
            "volume": plain(from_float(bill.volume, 3)),
            "total": bill.amount_total,
            "open": residual,
            "at_bank": bool(bill.debit_line_id),
            "fee": float(fee),
            **self._get_due(due, bill.company_id),
            "lines": [
                {
                    "tier": line.tier_label,
                    "year": line.year,
                    "quantity": plain(from_float(line.quantity, 3)),
                    "price": _price(line.price_unit),
                    "amount": line.amount,
                }
                for line in bill.line_ids
            ],
        }

    def _is_current(self, account):
        """Whether the account takes gas at its place today.

        After moving out the place's figures are somebody else's.
        """
        today = account.company_id._cs_today()
        return account.state != "closed" and any(
            row.date_from <= today and (not row.date_to or row.date_to >= today)
            for row in account.agreement_ids
        )

    def _get_tiers(self, account):
        """Return the year's tiers as segments of a bar, False if there are none."""
        if not self._is_current(account):
            return False
        report = self.env["report.cs_gas_billing.report_gas_bill"]
        tiers = report._get_tiers(account)
        if not tiers:
            return False
        for tier in tiers["segments"]:
            tier["label"] = self.env._("Tier %s", tier["tier"])
            tier["size"] = (
                ""
                if tier["upper"] is None
                else plain(to_decimal(tier["upper"]) - to_decimal(tier["lower"]))
            )
        return tiers | {"texts": self._get_tier_texts(tiers)}

    def _get_tier_texts(self, tiers):
        """Say how much was used, what is left in this tier, and what gas costs."""
        price = tiers["segments"][tiers["tier"] - 1]["price"]
        following = tiers["segments"][tiers["tier"] :]
        if tiers["left"] is None:
            left = self.env._("Tier %s, no upper bound", tiers["tier"])
        else:
            left = self.env._(
                "%(left)s m³ left in tier %(tier)s",
                left=tiers["left"],
                tier=tiers["tier"],
            )
        if following:
            cost = self.env._(
                "Now ¥%(price)s per m³, after that ¥%(next)s",
                price=price,
                next=following[0]["price"],
            )
        else:
            cost = self.env._("Now ¥%s per m³", price)
        used = self.env._(
            "Tiers of %(year)s: %(used)s m³ used",
            year=tiers["year"],
            used=tiers["used"],
        )
        return {"used": used, "left": left, "cost": cost}

    def _get_months(self, account):
        """Return the account's billed volumes of the last twelve months, in order."""
        groups = self.env["gas.bill"]._read_group(
            [*self._get_bill_domain(account), ("kind", "!=", "opening")],
            ["period"],
            ["volume:sum", "amount_total:sum"],
            order="period desc",
            limit=MONTHS,
        )
        largest = max([volume for _period, volume, _amount in groups] + [1.0])
        return [
            {
                "period": period,
                "volume": plain(from_float(volume, 3)),
                "amount": amount,
                "height": round(100 * max(volume, 0) / largest),
            }
            for period, volume, amount in reversed(groups)
        ]

    # === OWN READINGS ===#

    def _can_read(self, account):
        """Whether the customer may send a reading now."""
        return (
            account.company_id.gas_customer_reading != "off"
            and account.state == "active"
            and bool(account.meter_id)
            and self._is_current(account)
        )

    def _get_own_readings(self, account):
        """Return what the customer sent last, with what became of it."""
        readings = self.env["gas.reading"].search(
            [("account_id", "=", account.id), ("from_customer", "=", True)],
            order="id desc",
            limit=3,
        )
        labels = {
            "held": self.env._("Waits for confirmation"),
            "validated": self.env._("Confirmed"),
            "billed": self.env._("On the bill"),
            "superseded": self.env._("Not used"),
        }
        return [
            {
                "id": reading.id,
                "date": reading.read_date,
                "value": plain(from_float(reading.value, 3)),
                "state": reading.state,
                "state_label": labels.get(reading.state, ""),
                "has_photo": bool(reading.with_context(bin_size=True).photo),
            }
            for reading in readings
        ]


def _price(value):
    """Return a price with the decimals it has, two at least."""
    text = plain(from_float(value, 6))
    _whole, _point, part = text.partition(".")
    return text if len(part) > 2 else f"{value:.2f}"


def _escape(term):
    """Take the meaning from the signs of LIKE."""
    return "".join(f"\\{sign}" if sign in "%_\\" else sign for sign in term)
