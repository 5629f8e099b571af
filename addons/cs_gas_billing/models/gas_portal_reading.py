from odoo import api, models
from odoo.exceptions import UserError

from ..photo import read_photo
from ..tools.rounding import from_float, plain, to_decimal
from ..tools.usage import meter_volume


class GasPortalReading(models.AbstractModel):
    """A reading that the customer enters himself, with a photo as evidence."""

    _name = "gas.portal.reading"
    _description = "Reading by the Customer"

    @api.model
    def _get_form(self, account):
        """Return what the form shows: the meter, its last reading, and the limits.

        :param account: an own account, with full rights
        """
        install = self._get_install(account)
        last = self._get_last(install)
        facts, _previous = self.env["gas.reading.entry"]._load_facts(
            install, account.company_id._cs_today()
        )
        vee = self.env["gas.reading.vee"]
        history = vee._load_history([facts["service_point_id"]]) if facts else {}
        mean = vee._get_mean(facts, history) if facts else None
        company = account.company_id
        return {
            "serial": install.meter_id.serial,
            "digits": install.meter_id.digits,
            "decimals": install.meter_id.decimals,
            "label": self._get_label(install.meter_id),
            "last": last and plain(to_decimal(last["value"])),
            "last_date": last and last["read_date"],
            "high": mean and float(mean * to_decimal(str(company.gas_high_ratio))),
            "confirm": company.gas_customer_reading == "confirm",
            "max_mb": company.gas_photo_max_mb,
        }

    def _get_label(self, meter):
        """Say which digits are meant."""
        if meter.decimals:
            return self.env._(
                "Register now: %(digits)s digits, %(decimals)s after the point",
                digits=meter.digits,
                decimals=meter.decimals,
            )
        return self.env._("Register now: the %s black digits", meter.digits)

    def _get_install(self, account):
        """Return the meter in use, looked up as the portal needs it; full rights."""
        if not self.env["gas.portal"]._can_read(account):
            raise UserError(
                self.env._(
                    "No reading can be entered for this account. Please call us."
                )
            )
        point = account.service_point_id
        return self.env["gas.meter.install"]._current_for(point)[point]

    def _get_last(self, install):
        self.env.flush_all()
        vee = self.env["gas.reading.vee"]
        return vee._load_last_readings([install.id]).get(install.id)

    @api.model
    def _count_try(self, account):
        """Count a try of today and return why it is one too many, or None.

        Called before :meth:`_enter` and outside of what is rolled back with it.
        """
        limit = account.company_id.gas_customer_reading_limit
        if self.env["gas.mobile.quota"]._use("reading", account, limit):
            return None
        return self.env._(
            "That was the last try for today. Please go on tomorrow or call us."
        )

    @api.model
    def _enter(self, account, value, photo):
        """Take a customer's reading of today.

        :param account: an own account, with full rights; the user is the customer
        :param str value: the register as it was typed
        :param bytes photo: the uploaded file
        :return: (reading, whether it was known already)
        :raise UserError: in the customer's words
        """
        company = account.company_id
        install = self._get_install(account)
        number = self._check_value(install, value)
        if not photo:
            raise UserError(
                self.env._("Please add a photo on which the register can be read.")
            )
        image = read_photo(self.env, photo, company.gas_photo_max_mb)
        today = company._cs_today()
        entry = self.env["gas.mobile.entry"]
        claims = entry._find_claims(install, today)
        claim = claims.filtered(
            lambda claim: (
                claim.read_date == today and from_float(claim.value, 3) == number
            )
        )
        if known := claim or entry._find_known(install, today, number):
            return known, True
        entry._settle_claims(claims, self.env._("The customer sent a newer one."))
        reading = entry._take(
            entry._prepare(install, today, number),
            {
                "source": "photo",
                "photo": image,
                "reader": self.env.user.name,
                "from_customer": True,
            },
            confirm=company.gas_customer_reading != "direct",
        )
        self.env["cs.event"]._cs_log(
            "gas.portal.reading", reading, details={"account": account.id}
        )
        return reading, False

    def _check_value(self, install, value):
        """Return the register as a number; say what is wrong with it otherwise."""
        number = self.env["gas.mobile.entry"]._to_register(value)
        meter = install.meter_id
        if number is None or number < 0:
            raise UserError(
                self.env._("Please type the digits of the register, nothing else.")
            )
        if number >= 10**meter.digits:
            raise UserError(
                self.env._(
                    "The register of your meter has %s digits. Leave out the red ones.",
                    meter.digits,
                )
            )
        company = install.company_id
        today = company._cs_today()
        last = self._get_last(install)
        if last and last["read_date"] >= today:
            raise UserError(
                self.env._(
                    "Your meter was read on %s already. You can enter a new reading "
                    "from the day after.",
                    last["read_date"],
                )
            )
        if last:
            self._check_above(meter, last, number, today)
        return number

    def _check_above(self, meter, last, number, today):
        """Refuse a register below the last one; a rollover that can be is taken."""
        days = (today - last["read_date"]).days
        capacity = to_decimal(str(meter.qmax)) * 24 * days
        volume, _rolled = meter_volume(last["value"], number, meter.digits, capacity)
        if volume is None:
            raise UserError(
                self.env._(
                    "On %(day)s your meter showed %(value)s. It can't show less now: "
                    "please look again. If the number is right, call us.",
                    day=last["read_date"],
                    value=plain(to_decimal(last["value"])),
                )
            )
