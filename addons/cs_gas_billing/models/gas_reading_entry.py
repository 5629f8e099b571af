from odoo import api, models
from odoo.exceptions import UserError

from ..tools.rounding import from_float

#: How people come by a reading; the other sources belong to programs.
ENTRY_SOURCES = ("manual", "photo", "check")


class GasReadingEntry(models.AbstractModel):
    """Readings entered by people, through the same checks as imported ones."""

    _name = "gas.reading.entry"
    _description = "Entry of Readings"

    @api.model
    def _enter(self, vals_list):
        """Create readings entered one by one through the checks.

        :param vals_list: dicts with ``install_id``, ``service_point_id`` or
            ``account_id``, ``read_date``, ``value`` and optionally ``source``,
            ``note``, ``photo``
        :return: the readings, in the user's environment
        """
        readings = self.env["gas.reading"]
        for vals in vals_list:
            readings += self._enter_one(vals)
        estimator = self.env["gas.reading.estimator"].sudo()
        estimator._supersede(installs=readings.install_id.ids)
        self.env["gas.reading.task"].sudo()._raise(readings.sudo())
        return readings

    def _enter_one(self, vals):
        install = self._find_install(vals)
        install.check_access("read")
        source = vals.get("source") or "manual"
        if source not in ENTRY_SOURCES:
            raise UserError(
                self.env._("Only readings made by people are entered here.")
            )
        model = self.env["gas.reading"]
        day = model._fields["read_date"].convert_to_cache(vals.get("read_date"), model)
        day = day or install.company_id._cs_today()
        value = from_float(vals.get("value") or 0.0, 3)
        values = self.sudo()._prepare_entry(install, day, value)
        values |= {
            "source": source,
            "note": vals.get("note") or False,
            "photo": vals.get("photo") or False,
            "reader": vals.get("reader") or self.env.user.name,
        }
        reading = self._create_clean(values).sudo(self.env.su)
        reading.check_access("create")
        return reading

    @api.model
    def _create_clean(self, values):
        """Create with ``values`` only: no ``default_…`` of the caller gets in; sudo."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
        }
        model = self.env["gas.reading"].sudo()
        clean = model.with_env(model.env(context=context))
        return clean.create(values).with_env(model.env)

    def _find_install(self, vals):
        """Return the meter that was read: given, or the current one of the place."""
        installs = self.env["gas.meter.install"]
        if vals.get("install_id"):
            return installs.browse(vals["install_id"])
        point = self.env["gas.service.point"].browse(vals.get("service_point_id"))
        if vals.get("account_id"):
            account = self.env["gas.account"].browse(vals["account_id"])
            account.check_access("read")
            point = account.service_point_id
        install = installs._current_for(point).get(point) if point else None
        if not install:
            raise UserError(
                self.env._("Choose the account or the meter that was read.")
            )
        return install

    def _prepare_entry(self, install, day, value):
        """Return the values of a checked reading of ``install`` on ``day``; sudo."""
        company = install.company_id
        self._check_plausible(install, day, value)
        vee = self.env["gas.reading.vee"]
        facts, previous = self._load_facts(install, day)
        if not facts:
            raise UserError(
                self.env._("The meter was not installed at an account on this day.")
            )
        if previous and previous["read_date"] >= day:
            raise UserError(
                self.env._(
                    "The meter has a reading on %s; a new one must be later.",
                    previous["read_date"],
                )
            )
        context = vee._load_context(company, [facts["service_point_id"]])
        outcome = vee._evaluate(context, facts, previous, value, day)
        return {
            "company_id": company.id,
            "service_point_id": facts["service_point_id"],
            "install_id": facts["install_id"],
            "account_id": facts["account_id"],
            "book_id": facts["book_id"],
            "read_date": day,
            "value": float(value),
            "state": "held" if outcome["held"] else "validated",
            **self._prepare_outcome(previous, outcome),
        }

    def _check_plausible(self, install, day, value):
        latest = self.env["gas.reading.checker"]._get_latest_day(install.company_id)
        if day > latest:
            raise UserError(self.env._("The reading's date lies in the future."))
        self._check_register(install, value)

    @api.model
    def _check_register(self, install, value):
        """Refuse what the meter's register can't show."""
        if value < 0:
            raise UserError(self.env._("A register can't be negative."))
        if value >= 10**install.meter_id.digits:
            raise UserError(
                self.env._(
                    "A register of %(digits)s digits can't show %(value)s.",
                    digits=install.meter_id.digits,
                    value=value,
                )
            )

    @api.model
    def _load_facts(self, install, day):
        """Return the facts of ``install`` on ``day`` and its last standing reading."""
        self.env.flush_all()
        vee = self.env["gas.reading.vee"]
        serial = install.meter_id.serial
        known = vee._load_installs(install.company_id, [serial])
        facts = vee._choose_install(known.get(serial, []), day, install_id=install.id)
        return facts, vee._load_last_readings([install.id]).get(install.id)

    @api.model
    def _prepare_outcome(self, previous, outcome):
        """Return what a reading keeps of the checks."""
        return {
            "previous_id": previous["id"] if previous else False,
            "prev_date": previous["read_date"] if previous else False,
            "prev_value": float(previous["value"]) if previous else 0.0,
            "usage": float(outcome["usage"] or 0),
            "mean": float(outcome["mean"] or 0),
            "vee_codes": ",".join(outcome["codes"]) or False,
        }

    @api.model
    def _get_preview(self, reading):
        """Return what the checks say of a reading that is being entered."""
        install = reading.install_id._origin
        empty = dict.fromkeys(
            ("prev_date", "prev_value", "usage", "mean", "vee_codes"), False
        )
        if not install or not reading.read_date:
            return empty
        install.check_access("read")
        facts, previous = self.sudo()._load_facts(install, reading.read_date)
        if not facts or not previous or previous["read_date"] >= reading.read_date:
            return empty | {
                "prev_date": previous and previous["read_date"],
                "prev_value": float(previous["value"]) if previous else False,
            }
        vee = self.env["gas.reading.vee"].sudo()
        outcome = vee._evaluate(
            vee._load_context(install.company_id, [facts["service_point_id"]]),
            facts,
            previous,
            from_float(max(reading.value, 0.0), 3),
            reading.read_date,
        )
        shown = self._prepare_outcome(previous, outcome)
        if not reading.value:
            shown |= {"usage": False, "vee_codes": False}
        return {key: shown[key] for key in empty}
