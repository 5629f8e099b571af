from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime, html2plaintext
from odoo.tools.misc import formatLang

from ..tools.compared import COMPARED


class CsMatterStale(models.AbstractModel):
    """Two people edit one matter: the later one sees what the other one wrote.

    Nobody is locked out. The form (``js_class="cs_matter_form"``) sends what each
    changed field held when it was opened; only where the other one changed the same
    field is there anything to decide.
    """

    _inherit = "cs.matter.mixin"

    # === COMPARE === #

    def cs_stale(self, vals, seen):
        """Fields of ``vals`` that somebody else changed since the user saw them.

        :param vals: what he is going to write: ``{field: value}``
        :param seen: what these fields held when he opened the form
        :return: False, or who changed it last, when, and for each field its label and
            both values as text, with the stored one as ``value``
        """
        self.ensure_one()
        self.check_access("read")
        names = self._cs_stale_names(vals, seen)
        if not names:
            return False
        author = self.sudo().write_uid
        return {
            "user": author.name,
            "moment": format_datetime(self.env, self.write_date),
            "fields": [
                {**self._cs_two_values(name, vals[name]), "value": self._cs_raw(name)}
                for name in names
            ],
        }

    def _cs_stale_names(self, vals, seen):
        """Names in ``vals`` whose value is neither the one seen nor the new one."""
        stale = []
        for name in sorted(vals.keys() & seen.keys()):
            field = self._fields.get(name)
            if (
                field is None
                or field.type not in COMPARED
                or not self._has_field_access(field, "read")
            ):
                continue
            now = field.convert_to_cache(self[name], self, validate=False)
            other = (
                field.convert_to_cache(value, self, validate=False)
                for value in (seen[name], vals[name])
            )
            if all((value or False) != (now or False) for value in other):
                stale.append(name)
        return stale

    def _cs_raw(self, name):
        """The value of a field as a client writes it."""
        [row] = self.read([name], load=None)
        value = row[name]
        if isinstance(value, tuple | list):
            return value[0]
        field = self._fields[name]
        if field.type == "date":
            return fields.Date.to_string(value)
        return fields.Datetime.to_string(value) if field.type == "datetime" else value

    def _cs_two_values(self, name, mine):
        """Label of a field, and what the user and the other one have in it."""
        field = self._fields[name]
        if field.type not in COMPARED:
            text = self.env._("%s changes", len(mine or ()))
            return self._cs_row(name, text, "")
        theirs = field.convert_to_cache(self[name], self, validate=False)
        mine = field.convert_to_cache(mine, self, validate=False)
        return self._cs_row(
            name, self._cs_value_text(field, mine), self._cs_value_text(field, theirs)
        )

    def _cs_row(self, name, mine, theirs):
        label = self._fields[name]._description_string(self.env)
        return {"name": name, "label": label, "mine": mine, "theirs": theirs}

    def _cs_value_text(self, field, value):
        """A value from the cache as its reader knows it; empty if there is none."""
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type in ("integer", "float", "monetary"):
            return formatLang(self.env, value or 0, digits=_digits(field, self.env))
        if not value:
            return ""
        if field.type == "many2one":
            record = self.env[field.comodel_name].browse(value).exists()
            return record.display_name if record.has_access("read") else "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_datetime(self.env, value)
        return html2plaintext(value) if field.type == "html" else str(value)

    # === SAVE === #

    def web_save(self, vals, specification, next_id=None):
        """Write, unless somebody else changed the same fields since they were seen.

        A page that is being closed can't be answered: what it sends is kept as a draft
        instead. Without ``cs_seen`` in the context, as from any other form, nothing is
        compared.
        """
        seen = self.env.context.get("cs_seen")
        matters = self.with_context(cs_seen=None)
        if self._cs_is_seen(seen) and matters._cs_stale_names(vals, seen["values"]):
            self.check_access("write")
            if not seen.get("urgent"):
                raise UserError(
                    self.env._(
                        "Somebody changed the same fields at this very moment. Save "
                        "again to see what he wrote."
                    )
                )
            matters._cs_check_writable(vals)
            self.env["cs.draft"]._cs_keep(matters, vals, seen["values"])
            return matters.web_read(specification)
        return super(CsMatterStale, matters).web_save(vals, specification, next_id)

    def _cs_is_seen(self, seen):
        """Whether ``seen`` says what the form of this very matter showed."""
        return (
            isinstance(seen, dict)
            and isinstance(seen.get("values"), dict)
            and len(self) == 1
            and (seen.get("model"), seen.get("id")) == (self._name, self.id)
        )

    def _cs_check_writable(self, vals):
        """Keep nothing that could not be written either."""
        self._cs_refuse_closed([vals])
        for name in self._fields.keys() & vals.keys():
            self._check_field_access(self._fields[name], "write")

    # === DRAFTS === #

    def cs_draft(self):
        """What the user typed here that could not be saved, or False.

        :return: when it was kept, and for each field its label and both values as
            text; ``stale`` says that somebody else changed the field since
        """
        self.ensure_one()
        self.check_access("read")
        draft = self.env["cs.draft"]._cs_of_user(self)
        if not draft:
            return False
        stale = self._cs_stale_names(draft.vals, draft.seen or {})
        rows = [
            {**self._cs_two_values(name, value), "stale": name in stale}
            for name, value in draft.vals.items()
            if name in self._fields
            and self._has_field_access(self._fields[name], "read")
        ]
        rows = [row for row in rows if row["mine"] != row["theirs"]]
        if not rows:
            return False
        return {"moment": format_datetime(self.env, draft.kept_at), "fields": rows}

    def cs_draft_apply(self, names):
        """Write the chosen fields of the user's draft; the draft is done with.

        :param names: fields in which his own value counts
        """
        self.ensure_one()
        self.check_access("write")
        draft = self.env["cs.draft"]._cs_of_user(self)
        vals = {name: draft.vals[name] for name in names if name in (draft.vals or {})}
        if vals:
            self.write(vals)
        draft._cs_forget()
        return True

    def cs_draft_discard(self):
        """Throw the user's draft away."""
        self.ensure_one()
        self.check_access("read")
        self.env["cs.draft"]._cs_of_user(self)._cs_forget()
        return True


def _digits(field, env):
    if field.type == "integer":
        return 0
    digits = field.get_digits(env) if field.type == "float" else None
    return digits[1] if digits else 2
