from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

#: Said at intake, later by ``action_change_severity`` only.
AT_INTAKE = (
    "severity",
    "particularly_severe",
    "severity_evidence",
    "severity_file_ids",
)
#: Channels that the company's spokesperson answers (H-001 第九条(二)5).
PUBLIC_CHANNELS = ("association", "media")
RANKS = {"general": 0, "influential": 1, "severe": 2, "media": 4}


def rank(severity, particularly=False):
    """How high a severity stands; ``particularly`` lifts a severe case by one."""
    return RANKS[severity] + (severity == "severe" and bool(particularly))


class CsComplaint(models.Model):
    """How serious a case is, and who takes it because of that.

    General: who has it. Influential: the team lead. Severe: the deputy manager;
    particularly severe: the centre manager. Media or consumer association: the
    spokesperson (H-001 第九条(一)(二)). Raising acts at once, lowering once approved.
    """

    _inherit = "cs.complaint"

    severity_evidence = fields.Text(
        string="Evidence",
        help="What shows that it is more than general; compulsory unless it is.",
    )
    severity_file_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="cs_complaint_severity_file_rel",
        column1="complaint_id",
        column2="attachment_id",
        string="Evidence Files",
        copy=False,
    )
    severity_ids = fields.One2many(
        comodel_name="cs.complaint.severity",
        inverse_name="complaint_id",
        string="History of Severity",
        readonly=True,
        copy=False,
    )
    severity_wanted = fields.Char(
        string="Waits for Approval", compute="_compute_severity_wanted"
    )

    # === COMPUTE === #

    @api.depends("severity", "cs_approval_ids.state")
    @api.depends_context("lang")
    def _compute_severity_wanted(self):
        """The lower severity that was asked for and isn't approved yet."""
        labels = dict(self._fields["severity"]._description_selection(self.env))
        waiting = self._origin._cs_pending_approvals("severity").sudo()
        wanted = {row.res_id: row._cs_values()["severity"] for row in waiting}
        for case in self:
            case.severity_wanted = labels.get(wanted.get(case._origin.id), False)

    @api.onchange("channel")
    def _onchange_channel(self):
        if not self._origin and self.channel in PUBLIC_CHANNELS:
            self.severity = "media"

    @api.constrains("severity", "particularly_severe")
    def _check_particularly_severe(self):
        for case in self:
            if case.particularly_severe and case.severity != "severe":
                raise ValidationError(
                    self.env._("Only a severe case can be particularly severe.")
                )

    # === CRUD === #

    @api.model
    def _cs_complete_batch(self, vals_list):
        """Cases from the media or an association are the spokesperson's, unless
        whoever takes them in says otherwise."""
        vals_list = super()._cs_complete_batch(vals_list)
        given = self.default_get(["severity", "channel"])
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for vals in vals_list:
            channel = vals.get("channel", given.get("channel"))
            if channel in PUBLIC_CHANNELS and "severity" not in vals:
                vals["severity"] = "media"
                vals.setdefault("severity_evidence", channels[channel])
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        if not self.env.su:
            cases._cs_check_evidence()
        return cases

    def write(self, vals):
        if not self.env.su and any(name in vals for name in AT_INTAKE):
            raise UserError(
                self.env._("How serious a case is changes by “Change Severity” only.")
            )
        return super().write(vals)

    def _cs_check_evidence(self):
        for case in self:
            told = (case.severity_evidence or "").strip() or case.severity_file_ids
            if case.severity != "general" and not told:
                raise UserError(
                    self.env._(
                        "Say what shows that the case is “%s”, or add a file.",
                        case._cs_severity_label(),
                    )
                )
            case.severity_file_ids.check_access("read")

    def _cs_begin(self, origins):
        result = super()._cs_begin(origins)
        raised = self.filtered(lambda case: case.severity != "general")
        for case in raised:
            case._cs_keep_files(case.severity_file_ids)
            case._cs_append_severity(False, False, evidence=case.severity_evidence)
            case._cs_place()
        return result

    def _cs_keep_files(self, files):
        """Files of a form that wasn't saved yet belong to the case from now on."""
        loose = files.sudo().filtered(
            lambda file: not file.res_id and file.create_uid == self.env.user
        )
        loose.write({"res_model": self._name, "res_id": self.id})

    # === WHO TAKES IT === #

    def _cs_severity_label(self):
        labels = dict(self._fields["severity"]._description_selection(self.env))
        if self.severity == "severe" and self.particularly_severe:
            return self.env._("Particularly Severe")
        return labels[self.severity]

    def _cs_severity_users(self):
        """Whom the severity asks for, the first before the next; deputies follow."""
        self.ensure_one()
        company = self.company_id.sudo()
        deputy = company.cs_complaint_deputy_id
        head = company.cs_complaint_head_id
        spokesperson = company.cs_complaint_spokesperson_id
        named = {
            "general": [],
            "influential": [],
            "severe": [head, deputy] if self.particularly_severe else [deputy, head],
            "media": [spokesperson, head, deputy],
        }[self.severity]
        users = self.env["res.users"].concat(*named)
        return users.filtered(lambda user: user.active).sudo(False)

    def _cs_severity_owner(self):
        """Who takes the case: the first of those asked for who is here today.

        Without any setting, and for influential cases: who leads the team today.
        """
        self.ensure_one()
        if self.severity == "general":
            return self.env["res.users"]
        users = self._cs_severity_users()
        here = users - users._cs_absent(self.company_id._cs_today())
        return (here or users)[:1] or self._cs_acting_lead()

    def _cs_acting_lead(self):
        """Who leads the case's team today; without a team a manager."""
        self.ensure_one()
        team = self.sudo().team_id
        if team:
            return team._cs_lead(self.company_id._cs_today()).with_env(self.env)
        managers = self.env["cs.team"]._cs_managers(self.company_id)
        return managers[self.company_id][:1].with_env(self.env)

    def _cs_place(self):
        """Give the case to whom its severity asks for, and tell him."""
        for case in self:
            owner = case._cs_severity_owner()
            if owner and owner != case.handler_id:
                case.sudo().handler_id = owner
            case.sudo()._cs_tell(
                "complaint.severity",
                owner | case._cs_acting_lead(),
                note=case._cs_severity_label(),
            )

    def _cs_reply_refusal(self):
        """Why the user may not answer the customer; empty if he may.

        Cases with media or a consumer association are answered by the spokesperson,
        or by who stands in for him.
        """
        self.ensure_one()
        if self.severity != "media":
            return ""
        owner = self._cs_severity_owner()
        spokesperson = self.company_id.sudo().cs_complaint_spokesperson_id
        if self.env.user in owner | spokesperson:
            return ""
        return self.env._(
            "The media or a consumer association take part in %(case)s: all answers "
            "are given by %(who)s.",
            case=self.display_name,
            who=owner.sudo().name or self.env._("the spokesperson"),
        )

    # === CHANGE === #

    def action_change_severity(
        self, severity, particularly=False, reason="", evidence="", file_ids=()
    ):
        """Find a case more or less serious.

        Raising acts at once; lowering waits for the approval of another person.

        :param severity: the new one
        :param particularly: whether a severe case is particularly so
        :param reason: why; compulsory for lowering
        :param evidence: what shows it; compulsory (or a file) unless it is general
        :param file_ids: ids of attachments the user may read
        :return: True if it is so now, False if it waits for approval
        """
        if severity not in RANKS:
            raise UserError(self.env._("Say how serious the case is."))
        particularly = bool(particularly) and severity == "severe"
        reason, evidence = (reason or "").strip(), (evidence or "").strip()
        files = self.env["ir.attachment"].browse(file_ids).exists()
        files.check_access("read")
        if severity != "general" and not evidence and not files:
            raise UserError(self.env._("Say what shows it, or add a file."))
        self._cs_check_group("cs_complaint.group_user")
        self._cs_lock()
        done = True
        for case in self:
            case._cs_check_severity_change(severity, particularly)
            case._cs_keep_files(files)
            wanted = rank(severity, particularly)
            if wanted > rank(case.severity, case.particularly_severe):
                case._cs_change_severity(
                    severity, particularly, reason, evidence, files
                )
                continue
            reason = case._cs_said(reason, self.env._("Say why it is less serious."))
            case._cs_request_approval(
                "severity",
                reason=reason,
                values={
                    "severity": severity,
                    "particularly": particularly,
                    "evidence": evidence,
                    "files": files.ids,
                },
            )
            done = False
        return done

    def _cs_check_severity_change(self, severity, particularly):
        if not self.is_open:
            raise UserError(self.env._("%s is closed.", self.display_name))
        if (severity, particularly) == (self.severity, self.particularly_severe):
            raise UserError(
                self.env._(
                    "%(case)s is “%(severity)s” already.",
                    case=self.display_name,
                    severity=self._cs_severity_label(),
                )
            )

    def _cs_change_severity(
        self, severity, particularly, reason, evidence, files, approval=None
    ):
        """Make it so: history, time limits, and who takes it."""
        self.ensure_one()
        case = self.sudo()
        old, was = case.severity, case.particularly_severe
        raised = rank(severity, particularly) > rank(old, was)
        case.write(
            {
                "severity": severity,
                "particularly_severe": particularly,
                "severity_evidence": evidence or False,
                "severity_file_ids": [Command.set(files.ids)],
            }
        )
        case._cs_append_severity(old, was, reason, evidence, approval)
        case._cs_relimit_answer()
        if raised:
            case._cs_place()
        self._cs_on_severity(old)

    def _cs_append_severity(self, old, was, reason="", evidence="", approval=None):
        self.env["cs.complaint.severity"]._append(
            [
                {
                    "complaint_id": self.id,
                    "from_severity": old,
                    "from_particularly": was,
                    "to_severity": self.severity,
                    "to_particularly": self.particularly_severe,
                    "reason": reason or False,
                    "evidence": evidence or False,
                    "file_ids": [Command.set(self.severity_file_ids.ids)],
                    "by_id": approval.requester_id.id if approval else self.env.uid,
                    "at": fields.Datetime.now(),
                    "approval_id": approval.id if approval else False,
                    "approved_by": approval and self.env.user.name,
                }
            ]
        )

    def _cs_on_severity(self, old):
        """Called when the severity has changed; topics add what follows from it.

        :param old: the severity before
        """

    # === APPROVAL === #

    @api.model
    def _cs_approval_kinds(self):
        kinds = super()._cs_approval_kinds()
        return [*kinds, ("severity", self.env._("Lower Severity of a Complaint"))]

    def _cs_approval_values(self, kind):
        if kind != "severity":
            return super()._cs_approval_values(kind)
        return {
            "severity": self.severity,
            "particularly_severe": self.particularly_severe,
        }

    def _cs_approval_group(self, kind):
        """Influential cases: a team lead; what is above: a manager (ours)."""
        if kind != "severity":
            return super()._cs_approval_group(kind)
        lead = self.severity == "influential"
        return f"cs_complaint.group_{'lead' if lead else 'manager'}"

    def _cs_on_approved(self, approval):
        if approval.kind != "severity":
            return super()._cs_on_approved(approval)
        asked = approval._cs_values()
        files = self.env["ir.attachment"].sudo().browse(asked["files"]).exists()
        return self._cs_change_severity(
            asked["severity"],
            asked["particularly"],
            approval.reason,
            asked["evidence"],
            files,
            approval,
        )
