from odoo import api, models

from ..tools.rounding import from_float, to_decimal

#: Code of a customer's own reading that waits for a clerk.
CUSTOMER_CODE = "CUST"
#: More than any register has.
DIGITS = 12


class GasMobileEntry(models.AbstractModel):
    """Takes a register that came from a phone through the checks of imported ones.

    A reading that contradicts another one of its day is kept and held, as a file's
    line would be: both are shown to the clerk, nothing is lost.
    """

    _name = "gas.mobile.entry"
    _description = "Entry of Readings by Phone"

    @api.model
    def _find_known(self, install, day, value):
        """Return the meter's reading of the same day and value, or empty; sudo.

        What a customer claims and nobody confirmed is not known yet.
        """
        return self.env["gas.reading"].search(
            [
                ("install_id", "=", install.id),
                ("read_date", "=", day),
                ("value", "=", float(value)),
                ("state", "in", ("validated", "held", "billed")),
                ("source", "!=", "opening"),
                "|",
                ("from_customer", "=", False),
                ("state", "!=", "held"),
            ],
            limit=1,
        )

    @api.model
    def _find_claims(self, install, day):
        """Return what the customer sent up to ``day`` and nobody confirmed; sudo."""
        return self.env["gas.reading"].search(
            [
                ("install_id", "=", install.id),
                ("read_date", "<=", day),
                ("state", "=", "held"),
                ("from_customer", "=", True),
            ]
        )

    @api.model
    def _settle_claims(self, claims, reason, reading=None):
        """Set claims of the customer aside, something better is known; sudo."""
        reading = reading or claims.browse()
        waiting = claims.filtered(lambda claim: claim.state == "held")
        self.env["gas.reading.decider"]._replace(waiting, reading, reason)
        if reading:
            claims.replaced_by_id = reading

    @api.model
    def _settle_overtaken(self):
        """Set customers' claims aside that readings of later days replaced; sudo.

        They could not be accepted any more and would only stand in the clerk's way.
        """
        claims = self.env["gas.reading"].search(
            [("state", "=", "held"), ("from_customer", "=", True)]
        )
        if not claims:
            return
        self.env.flush_all()
        vee = self.env["gas.reading.vee"]
        last = vee._load_last_readings(claims.install_id.ids)
        for claim in claims:
            standing = last.get(claim.install_id.id)
            if standing and standing["read_date"] > claim.read_date:
                reading = claim.browse(standing["id"])
                self._settle_claims(claim, self.env._("Read on site."), reading)

    @api.model
    def _prepare(self, install, day, value):
        """Return the values of a checked reading of ``install`` on ``day``; sudo.

        :param value: register, Decimal
        :raise UserError: the register can't be, or a later day is read already
        """
        entry = self.env["gas.reading.entry"]
        vee = self.env["gas.reading.vee"]
        self.env.flush_all()
        pair = (install.id, day)
        others = [
            row
            for row in vee._load_same_days([install.id], [day]).get(pair, ())
            if row["state"] != "superseded"
        ]
        last = vee._load_last_readings([install.id]).get(install.id)
        if not others or not last or last["read_date"] != day:
            values = entry._prepare_entry(install, day, value)
        else:
            values = self._prepare_beside(install, day, value)
        if others:
            codes = ["DUP", *filter(None, (values["vee_codes"] or "").split(","))]
            values |= {"vee_codes": ",".join(codes), "state": "held"}
        return values

    def _prepare_beside(self, install, day, value):
        """Check a register against the reading before the one of the same day."""
        entry = self.env["gas.reading.entry"]
        vee = self.env["gas.reading.vee"]
        entry._check_plausible(install, day, value)
        facts, _last = entry._load_facts(install, day)
        pair = (install.id, day)
        previous = vee._load_readings_before([pair]).get(pair)
        context = vee._load_context(install.company_id, [facts["service_point_id"]])
        outcome = vee._evaluate(context, facts, previous, value, day)
        return {
            "company_id": install.company_id.id,
            "service_point_id": facts["service_point_id"],
            "install_id": install.id,
            "account_id": facts["account_id"],
            "book_id": facts["book_id"],
            "read_date": day,
            "value": float(value),
            "state": "held",
            **entry._prepare_outcome(previous, outcome),
        }

    @api.model
    def _take(self, values, extra, *, confirm=False):
        """Create the reading; sudo, but as the user who entered it.

        :param dict values: of :meth:`_prepare`
        :param dict extra: source, photo, reader and so on
        :param bool confirm: hold it until a clerk confirmed it
        """
        if confirm:
            codes = [CUSTOMER_CODE, *filter(None, [values["vee_codes"]])]
            values = values | {"vee_codes": ",".join(codes), "state": "held"}
        reading = self.env["gas.reading.entry"]._create_clean(values | extra)
        self.env.flush_all()
        self.env["gas.reading.task"]._raise(reading)
        return reading

    @api.model
    def _to_register(self, value):
        """Return a register from what a phone sent, None if it is no number."""
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        try:
            number = (
                to_decimal(value.strip())
                if isinstance(value, str)
                else from_float(value, 3)
            )
        except (ValueError, ArithmeticError):
            return None
        if not number.is_finite() or number.as_tuple().exponent < -3:
            return None
        if number.adjusted() > DIGITS:
            return None
        return number
