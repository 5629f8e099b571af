from odoo import api, models
from odoo.exceptions import UserError, ValidationError

#: Fields a result can't do without: which line, which account, how much, and how.
NEEDED_IN_RESULT = ("ref", "account", "amount", "code")


class GasBankProfile(models.Model):
    """Says what is missing in a profile before a file is lost by it."""

    _inherit = "gas.bank.profile"

    @api.constrains(
        *("encoding", "kind", "delimiter", "quote", "field_ids", "code_ids"),
        *("file_name", "active"),
    )
    def _check_profile(self):
        for profile in self.filtered(lambda p: p.field_ids or p.code_ids):
            profile._check_usable()

    def _check_usable(self):
        """Refuse a profile that can't work, with what has to be mended."""
        self.ensure_one()
        if not self.field_ids:
            raise ValidationError(self.env._("Add the fields of the bank's lines."))
        if self.kind == "delimited" and not self.delimiter:
            raise ValidationError(self.env._("Enter the delimiter."))
        if self.kind == "delimited" and self.delimiter == self.quote:
            raise ValidationError(
                self.env._("Delimiter and quote can't be the same character.")
            )
        self._get_file_name("DK1", self.env.company._cs_today(), 1)
        for row in self.field_ids:
            row._check_usable()
        self._check_sections()
        if "ok" not in self.code_ids.mapped("outcome"):
            raise ValidationError(
                self.env._("Add the bank's answer code for “debited”.")
            )
        try:
            self._build_sample()
            self._try_result()
        except UserError as error:
            raise ValidationError(str(error)) from error

    def _check_sections(self):
        sections = self.field_ids.grouped("section")
        sources = {
            section: {"amount" if row.source == "cents" else row.source for row in rows}
            for section, rows in sections.items()
        }
        for section, needed in (
            ("detail", ("ref", "account", "amount")),
            ("result_detail", NEEDED_IN_RESULT),
        ):
            missing = set(needed) - sources.get(section, set())
            if missing:
                labels = dict(
                    self.field_ids._fields["source"]._description_selection(self.env)
                )
                raise ValidationError(
                    self.env._(
                        "%(section)s needs: %(fields)s. Without it an answer of the "
                        "bank can't be matched with what was sent.",
                        section=dict(
                            self.field_ids._fields["section"]._description_selection(
                                self.env
                            )
                        )[section],
                        fields=", ".join(labels[name] for name in sorted(missing)),
                    )
                )
