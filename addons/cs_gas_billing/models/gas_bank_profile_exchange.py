import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

EXPORTED = (
    *("name", "bank_name", "encoding", "kind", "eol", "delimiter", "quote"),
    *("file_name", "max_lines", "posting_date"),
)


class GasBankProfile(models.Model):
    """Profiles as JSON text, for another company or another server."""

    _inherit = "gas.bank.profile"

    def _export(self):
        """Return the profile as JSON data, to be loaded in another company."""
        self.ensure_one()
        return {
            **{name: self[name] for name in EXPORTED if self[name]},
            "fields": [
                {name: row[name] for name in row._get_exported() if row[name]}
                for row in self.field_ids.sorted(lambda r: (r.section, r.sequence))
            ],
            "codes": [
                {"code": row.code, "outcome": row.outcome, "name": row.name or ""}
                for row in self.code_ids
            ],
        }

    @api.model
    def _load(self, company, data):
        """Create a profile from what ``_export`` gave.

        :raise UserError: unknown or missing data
        """
        try:
            values = {**data, "company_id": company.id}
            rows = values.pop("fields")
            codes = values.pop("codes")
            unknown = values.keys() - {*EXPORTED, "company_id"}
            if unknown:
                raise KeyError(", ".join(sorted(unknown)))
            names = set(self.field_ids._get_exported())
            return self.create(
                {
                    **values,
                    "field_ids": [
                        Command.create(
                            {
                                "sequence": number,
                                **{key: row[key] for key in names & row.keys()},
                            }
                        )
                        for number, row in enumerate(rows, 1)
                    ],
                    "code_ids": [Command.create(dict(row)) for row in codes],
                }
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise UserError(
                self.env._("This is no exported bank profile: %s", error)
            ) from error

    @api.model
    def load_json(self, text):
        """Create a profile from exported JSON text; return its id. For managers."""
        self.check_access("create")
        try:
            data = json.loads(text)
        except ValueError as error:
            raise UserError(
                self.env._("This is no exported bank profile: %s", error)
            ) from error
        return self._load(self.env.company, data).id

    def action_export(self):
        """Download the profile as JSON text; read again by ``load_json``."""
        self.ensure_one()
        self.check_access("read")
        text = json.dumps(self._export(), ensure_ascii=False, indent=1)
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{self.name}.json",
                "raw": text.encode(),
                "mimetype": "application/json",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
