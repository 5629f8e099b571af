from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError


class GasTransfer(models.TransientModel):
    """What a transfer changes: agreement, mandate, parties, persons, the final bill."""

    _inherit = "gas.transfer"

    # === CHANGING HANDS ===#

    def _write_off_vacancy(self):
        """What was used while nobody had an account is nobody's bill; sudo.

        The readings stay in the chain, as the opening register does, so that the new
        customer counts from the last of them.
        """
        readings = self.env["gas.reading"].search(
            [
                ("service_point_id", "=", self.service_point_id.id),
                ("state", "=", "validated"),
                ("read_date", ">", self.agreement_id.date_to),
                ("read_date", "<=", self.day),
            ]
        )
        readings.write(
            {"state": "billed", "note": self.env._("Nobody had an account.")}
        )
        self.env["cs.event"]._cs_log(
            "gas.reading.vacant",
            self.service_point_id,
            details={"usage": sum(readings.mapped("usage"))},
        )

    def _change_hands(self):
        """End what was the old customer's, start what is the new one's; sudo.

        :return: the new account, empty when nobody takes over
        """
        old = self.account_id
        first = self.day + timedelta(days=1)
        if not self.is_vacant:
            self.agreement_id.date_to = self.day
        for mandate in old.mandate_ids.filtered(lambda row: not row.date_to):
            mandate.date_to = max(self.day, mandate.date_from)
        if old.state == "active":
            old._change_state("active", "stopped")
        premises = self.service_point_id.premises_id
        parties = self.env["cs.premises.party"].search(
            [
                ("premises_id", "=", premises.id),
                ("partner_id", "=", old.partner_id.id),
                ("date_to", "=", False),
            ]
        )
        for party in parties:
            party.date_to = max(self.day, party.date_from)
        self.env.flush_all()
        if self.successor == "nobody":
            old.message_post(
                body=self.env._(
                    "Moved out on %(day)s at register %(value)s.",
                    day=self.day,
                    value=f"{self.value:g}",
                )
            )
            return old.browse()
        new = self._create_account(first)
        self._create_parties(new, parties, premises, first)
        self._register_persons(first)
        self._tell_story(old, new)
        return new

    def _create_account(self, first):
        old = self.account_id
        new = self.env["gas.account"].create(
            {
                "company_id": old.company_id.id,
                "code": self._get_code(),
                "partner_id": self._get_partner().id,
                "category": self.category,
                "opened_on": first,
                "pay_channel": self.pay_channel,
                "book_id": old.book_id.id,
                "book_seq": old.book_seq,
                "note": (self.evidence or "").strip() or False,
            }
        )
        self.env["gas.agreement"].create(
            {
                "service_point_id": self.service_point_id.id,
                "account_id": new.id,
                "tariff_id": self.tariff_id.id,
                "date_from": first,
            }
        )
        return new

    def _get_code(self):
        """Return the number that was typed, or the next free one."""
        company = self.account_id.company_id
        taken = [("company_id", "=", company.id)]
        accounts = self.env["gas.account"]
        code = (self.code or "").strip()
        if code:
            if accounts.search_count([*taken, ("code", "=", code)]):
                raise UserError(
                    self.env._("An account with the number %s exists already.", code)
                )
            return code
        while True:
            code = self.env["cs.numbering"].next("gas.account", company)
            if not accounts.search_count([*taken, ("code", "=", code)]):
                return code

    def _get_partner(self):
        """Return the customer; a new one is never merged with a namesake."""
        company = self.account_id.company_id
        if self.successor == "known":
            if self.partner_id.company_id not in (company, company.browse()):
                raise UserError(self.env._("The customer belongs to another company."))
            return self.partner_id
        return self.env["res.partner"].create(
            {
                "name": self.name.strip(),
                "phone": (self.phone or "").strip() or False,
                "company_id": company.id,
                "lang": company.partner_id.lang or self.env.lang,
                "is_company": self.category == "commercial",
                "country_id": company.country_id.id,
                "customer_rank": 1,
            }
        )

    def _create_parties(self, new, parties, premises, first):
        """The new customer takes the roles of the old one at the premises."""
        roles = {*parties.mapped("role"), "holder"}
        known = self.env["cs.premises.party"].search(
            [
                ("premises_id", "=", premises.id),
                ("partner_id", "=", new.partner_id.id),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", first),
            ]
        )
        self.env["cs.premises.party"].create(
            [
                {
                    "premises_id": premises.id,
                    "partner_id": new.partner_id.id,
                    "role": role,
                    "date_from": first,
                }
                for role in sorted(roles - set(known.mapped("role")))
            ]
        )

    def _register_persons(self, first):
        point = self.service_point_id
        households = point.household_ids.sorted("date_from")
        current = households.filtered(lambda row: row.date_from <= first)[-1:]
        if current.persons == self.persons:
            return
        if current.date_from == first:
            current.persons = self.persons
        else:
            self.env["gas.household"].create(
                {
                    "service_point_id": point.id,
                    "date_from": first,
                    "persons": self.persons,
                    "evidence": (self.evidence or "").strip() or False,
                }
            )

    def _tell_story(self, old, new):
        values = {"day": self.day, "value": f"{self.value:g}"}
        old.message_post(
            body=self.env._(
                "Transferred to %(new)s on %(day)s at register %(value)s.",
                new=new.display_name,
                **values,
            )
        )
        new.message_post(
            body=self.env._(
                "Taken over from %(old)s on %(day)s at register %(value)s.",
                old=old.display_name,
                **values,
            )
        )

    # === FINAL BILL ===#

    def _bill_final(self):
        """Calculate the old account's bill, unless it was billed up to this day."""
        runs = self.env["gas.bill.run"]
        open_readings = (
            self.env["gas.reading"]
            .sudo()
            .search_count(
                [
                    ("service_point_id", "=", self.service_point_id.id),
                    ("state", "=", "validated"),
                    ("read_date", "<=", self.day),
                ]
            )
        )
        if not open_readings:
            return runs
        return runs._bill_now(self.service_point_id, self.day)

    def _show(self, run, new):
        record = run or new or self.account_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "current",
        }
