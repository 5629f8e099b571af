from odoo import api, models
from odoo.exceptions import AccessError, LockError, UserError

#: Fields of chatter and activities, which have their own rules.
SOCIAL = ("message_", "activity_", "website_message_")


class CsRuled(models.AbstractModel):
    """Documents that people fill in and whose state follows from their methods.

    Whatever a client sends in values or as ``default_…`` in the context: what isn't
    open stays as the methods make it. Code with sudo is trusted.
    """

    _name = "cs.ruled"
    _description = "Document with Rules"

    #: What people may fill in; None: everything but ``_cs_closed_fields``.
    _cs_open_fields = None
    _cs_closed_fields = frozenset({"state"})

    @api.model_create_multi
    def create(self, vals_list):
        records = self
        if not self.env.su:
            self._cs_refuse_closed(vals_list)
            records = self._cs_without_forged_defaults()
        vals_list = [dict(vals) for vals in vals_list]
        return super(CsRuled, records).create(records._cs_complete_batch(vals_list))

    def write(self, vals):
        if not self.env.su:
            self._cs_refuse_closed([vals])
        return super().write(vals)

    @api.model
    def _cs_complete_batch(self, vals_list):
        """Return the values of new documents with what the rules add."""
        return [self._cs_complete(vals) for vals in vals_list]

    @api.model
    def _cs_complete(self, vals):
        """Return the values of one new document with what the rules add."""
        return vals

    @api.model
    def _cs_is_closed(self, name):
        if self._cs_open_fields is None:
            return name in self._cs_closed_fields
        return (
            name in self._fields
            and name not in self._cs_open_fields
            and not name.startswith(SOCIAL)
        )

    @api.model
    def _cs_refuse_closed(self, vals_list):
        closed = sorted({name for vals in vals_list for name in vals}, key=str)
        for name in filter(self._cs_is_closed, closed):
            raise UserError(
                self.env._(
                    "“%s” can't be filled in: it follows from the buttons and rules.",
                    self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def _cs_without_forged_defaults(self):
        """Return ``self`` without ``default_…`` keys that would set closed fields."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not key.startswith("default_")
            or not self._cs_is_closed(key.removeprefix("default_"))
        }
        return self.with_env(self.env(context=context))

    # === GUARDS OF BUTTONS === #

    def _cs_check_group(self, *groups):
        """Raise unless the user is in one of ``groups`` and may write the records.

        :param groups: xml ids
        """
        if self.env.su:
            return
        if not self.env.user.has_groups(",".join(groups)):
            names = [self.env.ref(group).sudo().name for group in groups]
            raise AccessError(
                self.env._(
                    "Your role may not do this. Ask somebody of the group “%s”.",
                    "”, “".join(names),
                )
            )
        self.check_access("write")

    def _cs_check_state(self, *states):
        """Raise, naming the state, unless each record is in one of ``states``."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in states:
                raise UserError(
                    self.env._(
                        "%(record)s is “%(state)s”; this can't be done now.",
                        record=record.display_name,
                        state=labels[record.state],
                    )
                )

    def _cs_lock(self):
        """Let one process at a time work on the records, until its transaction ends.

        Afterwards the records are read anew.

        :raise UserError: somebody else has one of them
        """
        try:
            self.sudo()._cs_lock_rows()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %s right now.",
                    ", ".join(self.mapped("display_name")[:3]),
                )
            ) from error
        self.invalidate_recordset()

    def _cs_lock_rows(self):
        """Lock what belongs to the records; LockError if somebody else has it."""
        return self.lock_for_update(allow_referencing=True)
