from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import from_float
from ..tools.usage import exceeds
from .gas_reading_decision_mixin import APPROVAL_KIND

#: Codes that the file gave and no later check can take back.
FILE_CODES = ("DUP", "PREV")
#: Sources that say what a reading is for, whoever corrects it.
KEPT = ("exchange", "final")


class GasReadingDecider(models.AbstractModel):
    """Carries decisions on readings out; the caller checked rights and reason; sudo."""

    _name = "gas.reading.decider"
    _description = "Decisions on Held Readings"

    # === ACCEPT ===#

    @api.model
    def _accept(self, readings, reason):
        """Take held readings; far above the mean a second person is asked first."""
        self._lock(readings, ("held",))
        for reading in readings.sorted("read_date"):
            outcome, previous = self._evaluate_now(reading)
            if self._needs_second(reading, outcome):
                self._accept_with_second(reading, reason)
            else:
                values = {"decided_by_id": self.env.uid, "reason": reason}
                self._validate(reading, outcome, previous, values)

    def _accept_with_second(self, reading, reason):
        """The first person asks, the second one decides."""
        waiting = reading._cs_pending_approvals(APPROVAL_KIND)
        if waiting.requester_id == self.env.user:
            raise UserError(
                self.env._(
                    "%s: you accepted it already. It is far above the mean: another "
                    "clerk has to accept it too.",
                    reading.display_name,
                )
            )
        if waiting:
            waiting.with_user(self.env.user).action_approve(reason)
        if waiting.state != "approved":
            reading._cs_request_approval(
                APPROVAL_KIND, reason=reason, values={"reason": reason}
            )
            self._log("gas.reading.ask", reading)

    @api.model
    def _finish_approved(self, reading, approval):
        """The second person agreed: the reading is taken if it still fits; sudo."""
        self._lock(reading, ("held",))
        outcome, previous = self._evaluate_now(reading)
        values = {
            "decided_by_id": approval.requester_id.id,
            "approved_by_id": self.env.uid,
            "reason": approval._cs_values().get("reason"),
        }
        self._validate(reading, outcome, previous, values)

    @api.model
    def _needs_second(self, reading, outcome):
        limit = from_float(reading.company_id.gas_two_people_ratio, 3)
        return exceeds(outcome["usage"] or 0, outcome["mean"] or 0, limit)

    def _evaluate_now(self, reading):
        """Check a held reading against the meter's last standing reading of today."""
        entry = self.env["gas.reading.entry"]
        vee = self.env["gas.reading.vee"]
        rivals = self._get_rivals(reading)
        facts, last = entry._load_facts(reading.install_id, reading.read_date)
        self._check_not_overtaken(reading, rivals, last)
        if not facts:
            raise UserError(
                self.env._(
                    "%s: the meter was not installed at an account on this day.",
                    reading.display_name,
                )
            )
        if last and last["read_date"] == reading.read_date:
            pair = (reading.install_id.id, reading.read_date)
            last = vee._load_readings_before([pair]).get(pair)
        context = vee._load_context(reading.company_id, [facts["service_point_id"]])
        outcome = vee._evaluate(
            context, facts, last, from_float(reading.value, 3), reading.read_date
        )
        self._check_acceptable(reading, outcome)
        return outcome, last

    def _check_not_overtaken(self, reading, rivals, last):
        """Refuse when the meter went on, or its other reading of the day is billed."""
        billed = rivals.filtered(lambda rival: rival.state == "billed")
        if billed:
            raise UserError(
                self.env._(
                    "%(reading)s: the other reading of this day is billed already "
                    "(%(bill)s). Cancel that bill first.",
                    reading=reading.display_name,
                    bill=billed[0].bill_id.display_name or "-",
                )
            )
        if last and last["read_date"] > reading.read_date:
            raise UserError(
                self.env._(
                    "%(reading)s: the meter has a later reading, of %(day)s. It can't "
                    "be accepted any more; use “Read again” to drop it.",
                    reading=reading.display_name,
                    day=last["read_date"],
                )
            )

    def _check_acceptable(self, reading, outcome):
        if outcome["usage"] is None:
            raise UserError(
                self.env._(
                    "%s: there is no plausible usage, so it can't be accepted. Correct "
                    "it or have it read again.",
                    reading.display_name,
                )
            )

    def _get_rivals(self, reading):
        """Return the other readings of the meter on the same day."""
        return reading.search(
            [
                ("install_id", "=", reading.install_id.id),
                ("read_date", "=", reading.read_date),
                ("id", "!=", reading.id),
                ("state", "in", ("validated", "held", "billed")),
                ("source", "not in", ("opening", "estimate")),
            ]
        )

    def _validate(self, reading, outcome, previous, values):
        """Let the reading stand; other values of its day are replaced by it."""
        self._replace(self._get_rivals(reading), reading, values["reason"])
        kept = [
            code for code in (reading.vee_codes or "").split(",") if code in FILE_CODES
        ]
        shown = self.env["gas.reading.entry"]._prepare_outcome(previous, outcome)
        reading.write(
            shown
            | values
            | {
                "vee_codes": ",".join([*kept, *outcome["codes"]]) or False,
                "state": "validated",
                "decision": "accepted",
                "decided_on": fields.Datetime.now(),
            }
        )
        self._end_estimates(reading)
        self._log("gas.reading.accept", reading)
        self.env["gas.reading.task"]._raise(reading)

    def _replace(self, rivals, reading, reason):
        """Set aside the other values of the same day."""
        if not rivals:
            return
        self._void_approvals(rivals)
        rivals.write(
            self._prepare_decision("replaced", reason)
            | {"state": "superseded", "replaced_by_id": reading.id}
        )
        self.env.flush_all()
        self._log("gas.reading.replace", rivals)

    # === CORRECT ===#

    @api.model
    def _correct(self, reading, reason, value):
        """Enter the right value in place of a reading; the rules check it again."""
        self._lock(reading, ("held", "validated"))
        try:
            number = from_float(value, 3)
        except (TypeError, ValueError):
            raise UserError(self.env._("Give the right register.")) from None
        if number == from_float(reading.value, 3):
            raise UserError(
                self.env._("This is the same register: accept the reading instead.")
            )
        rivals = self._get_rivals(reading)
        _facts, last = self.env["gas.reading.entry"]._load_facts(
            reading.install_id, reading.read_date
        )
        self._check_not_overtaken(reading, rivals, last)
        old = reading | rivals
        self._void_approvals(old)
        old.write({"state": "superseded"})
        self.env.flush_all()
        entry = self.env["gas.reading.entry"]
        values = entry._prepare_entry(reading.install_id, reading.read_date, number)
        new = entry._create_clean(
            values
            | {
                "source": reading.source if reading.source in KEPT else "manual",
                "reader": reading.reader,
                "note": reason,
                "photo": reading.photo,
            }
        )
        reading.write(
            self._prepare_decision("corrected", reason) | {"replaced_by_id": new.id}
        )
        rivals.write(
            self._prepare_decision("replaced", reason) | {"replaced_by_id": new.id}
        )
        self._follow_install(new)
        self._end_estimates(reading)
        self._log("gas.reading.correct", old)
        self.env["gas.reading.task"]._raise(new)

    # === READ AGAIN ===#

    @api.model
    def _reread(self, readings, reason):
        """Drop readings; readers get a task where no later reading stands."""
        self._lock(readings, ("held", "validated"))
        self.env.flush_all()
        last = self.env["gas.reading.vee"]._load_last_readings(readings.install_id.ids)
        current = readings.browse()
        for reading in readings:
            standing = last.get(reading.install_id.id)
            overtaken = standing and standing["read_date"] > reading.read_date
            if overtaken and reading.state == "validated":
                self._check_not_overtaken(reading, readings.browse(), standing)
            if not overtaken:
                current += reading
        self._void_approvals(readings)
        readings.write(
            self._prepare_decision("reread", reason) | {"state": "superseded"}
        )
        self._end_estimates(readings)
        self._log("gas.reading.reread", readings)
        self.env["gas.reading.task"]._read_again(current)

    # === CHECK AGAIN ===#

    @api.model
    def _check_again(self, readings):
        """Hold unbilled readings that don't pass the checks any more; sudo.

        Whoever accepted one before did so for another usage. What follows a held one
        waits with it, and is accepted after it.

        :param readings: validated readings after a register that was corrected
        """
        entry = self.env["gas.reading.entry"]
        vee = self.env["gas.reading.vee"]
        for reading in readings:
            day = reading.read_date
            facts, _last = entry._load_facts(reading.install_id, day)
            if not facts:
                continue
            pair = (reading.install_id.id, day)
            previous = vee._load_readings_before([pair]).get(pair)
            context = vee._load_context(
                reading.company_id, reading.service_point_id.ids
            )
            outcome = vee._evaluate(
                context, facts, previous, from_float(reading.value, 3), day
            )
            reading.write(entry._prepare_outcome(previous, outcome))
            if outcome["held"]:
                self._hold(reading)

    def _hold(self, reading):
        """Hold a validated reading and those of its meter after it."""
        later = reading.search(
            [
                ("install_id", "=", reading.install_id.id),
                ("read_date", ">", reading.read_date),
                ("state", "=", "validated"),
                ("source", "!=", "estimate"),
            ]
        )
        held = reading | later
        held.write(
            {
                "state": "held",
                "decision": False,
                "reason": False,
                "decided_by_id": False,
                "decided_on": False,
                "approved_by_id": False,
            }
        )
        self._log("gas.reading.hold", held)

    # === TOOLS ===#

    def _end_estimates(self, readings):
        """Estimates that a reading overtook, or that lost theirs, end."""
        self.env["gas.reading.estimator"]._supersede(installs=readings.install_id.ids)

    def _follow_install(self, reading):
        """The installation shows the register it ended with."""
        if reading.source == "exchange":
            reading.install_id.reading_off = reading.value

    def _lock(self, readings, states):
        """Lock readings that are in one of ``states``; say why not otherwise."""
        if len(readings.try_lock_for_update()) != len(readings):
            raise UserError(
                self.env._("Somebody else is deciding on these readings right now.")
            )
        readings.invalidate_recordset()
        for reading in readings:
            if reading.state not in states or reading.source == "opening":
                raise UserError(self._explain_state(reading))

    def _explain_state(self, reading):
        labels = dict(reading._fields["state"]._description_selection(self.env))
        if reading.state == "billed":
            return self.env._(
                "%s is billed. Cancel the bill before you change the reading.",
                reading.display_name,
            )
        if reading.decided_by_id:
            return self.env._(
                "%(reading)s was decided by %(user)s already: %(state)s.",
                reading=reading.display_name,
                user=reading.decided_by_id.name,
                state=labels[reading.state],
            )
        return self.env._(
            "%(reading)s is not held: %(state)s.",
            reading=reading.display_name,
            state=labels[reading.state],
        )

    def _prepare_decision(self, decision, reason):
        return {
            "decision": decision,
            "reason": reason,
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
        }

    def _void_approvals(self, readings):
        """Another decision was made: nobody has to accept these any more."""
        waiting = readings._cs_pending_approvals(APPROVAL_KIND)
        if waiting:
            waiting._close("void", self.env._("Another decision was made."))

    def _log(self, action, readings):
        """Keep who decided what; registers and codes only, no names."""
        for reading in readings:
            self.env["cs.event"]._cs_log(
                action,
                reading,
                details={
                    "value": reading.value,
                    "usage": reading.usage,
                    "codes": (reading.vee_codes or "").replace(",", "."),
                    "replaced_by": reading.replaced_by_id.id or None,
                },
            )
