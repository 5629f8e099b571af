from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.bankfile import build
from ..tools.bankresult import ResultFault, parse
from ..tools.errors import GasInputError

EOLS = {"crlf": "\r\n", "lf": "\n"}
#: Lines of the preview: names that show what goes wrong with bytes.
SAMPLE = (
    ("6222021234567890123", "张三", "120.15"),
    ("6222021234567890124", "买买提·阿不都热合曼江", "90.70"),
    ("6222021234567890125", "㛃英", "147.80"),
)
SAMPLE_BATCH = "DK26110001"


class GasBankProfile(models.Model):
    """How a bank wants its debit files and how its answers look: data, no program.

    Each field of a line is a row (:class:`gas.bank.profile.field`), each answer code
    of the bank another (:class:`gas.bank.profile.code`).
    """

    _name = "gas.bank.profile"
    _description = "Bank Profile"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    bank_name = fields.Char(
        string="Bank",
        help="Only mandates whose bank has this in its name. Empty: all mandates.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Debit Journal",
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="Accepted lines are booked here, on its account for money in transit. "
        "Empty: the company's debit journal.",
    )
    encoding = fields.Selection(
        selection=[("gb18030", "GB18030"), ("gbk", "GBK"), ("utf-8", "UTF-8")],
        required=True,
        default="gb18030",
    )
    kind = fields.Selection(
        selection=[("fixed", "Fixed Width (Bytes)"), ("delimited", "Delimited")],
        required=True,
        default="fixed",
    )
    eol = fields.Selection(
        selection=[("crlf", "CR LF (Windows)"), ("lf", "LF")],
        string="End of Line",
        required=True,
        default="crlf",
    )
    delimiter = fields.Char(size=1, default="|")
    quote = fields.Char(
        size=1, help="Put around texts that hold the delimiter. Empty: none."
    )
    file_name = fields.Char(
        required=True,
        default="{batch}.txt",
        help="{batch}, {date} (YYYYMMDD) and {count} are filled in.",
    )
    max_lines = fields.Integer(
        string="Most Lines per File",
        default=10000,
        required=True,
        help="More bills make several batches.",
    )
    posting_date = fields.Selection(
        selection=[("file", "Date in the result file"), ("batch", "Date of the batch")],
        string="Booked on",
        required=True,
        default="file",
        help="Without a date in the file, money is booked on the day of the import.",
    )
    field_ids = fields.One2many(
        comodel_name="gas.bank.profile.field",
        inverse_name="profile_id",
        string="Fields",
        copy=True,
    )
    code_ids = fields.One2many(
        comodel_name="gas.bank.profile.code",
        inverse_name="profile_id",
        string="Answer Codes",
        copy=True,
    )
    preview = fields.Text(compute="_compute_preview", string="Sample File")

    _lines = models.Constraint(
        "CHECK (max_lines BETWEEN 1 AND 999999)",
        "A file has between 1 and 999999 lines.",
    )

    # === WHAT THE FILE TOOLS WANT ===#

    def _get_spec(self):
        """Return the profile in the form of ``tools.bankfile`` and ``bankresult``."""
        self.ensure_one()
        sections = self.field_ids.sorted("sequence").grouped("section")
        spec = {
            "encoding": self.encoding,
            "kind": self.kind,
            "eol": EOLS[self.eol],
            "result": {},
        }
        if self.kind == "delimited":
            spec |= {"delimiter": self.delimiter or ",", "quote": self.quote or ""}
        for section, rows in sections.items():
            values = [row._get_spec() for row in rows]
            place, _sep, name = section.rpartition("result_")
            (spec["result"] if _sep else spec)[name or place] = values
        return spec

    def _get_journal(self):
        """Return where accepted lines are booked; raise if nothing is set up."""
        self.ensure_one()
        journal = self.journal_id or self.company_id.gas_debit_journal_id
        if not journal or not self._get_transit_account(journal):
            raise UserError(
                self.env._(
                    "%s has no journal for bank debit with an account for money in "
                    "transit. An administrator presses “Set up accounts” in Gas > "
                    "Configuration > Settings.",
                    self.company_id.name,
                )
            )
        return journal

    @api.model
    def _get_transit_account(self, journal):
        lines = journal.inbound_payment_method_line_ids
        return lines.payment_account_id.filtered("reconcile")[:1]

    def _get_codes(self):
        """Return {code: (outcome, text)}."""
        return {row.code: (row.outcome, row.name or "") for row in self.code_ids}

    # === TRYING IT ===#

    @api.depends(
        *("encoding", "kind", "eol", "delimiter", "quote"),
        *(f"field_ids.{name}" for name in ("section", "sequence", "source", "value")),
        *(f"field_ids.{name}" for name in ("width", "align", "pad", "date_format")),
    )
    def _compute_preview(self):
        for profile in self:
            try:
                content = profile._build_sample()
            except UserError as error:
                profile.preview = str(error)
            else:
                profile.preview = content.decode(profile.encoding)

    def _build_sample(self):
        """Return a sample file's bytes.

        :raise UserError: what is wrong with the profile
        """
        self.ensure_one()
        rows = [
            {
                "account": account,
                "holder": holder,
                "amount": amount,
                "customer": "G00000001",
                "bill": "2611000001",
                "mandate": "W0001",
            }
            for account, holder, amount in SAMPLE
        ]
        if self.encoding == "gbk":
            rows[-1]["holder"] = rows[0]["holder"]  # GBK doesn't have the rare name
        common = {"date": self.env.company._cs_today()}
        spec = self._get_spec()
        if not spec.get("detail"):
            raise UserError(self.env._("Add the fields of a detail line."))
        try:
            return build(spec, SAMPLE_BATCH, rows, common)
        except GasInputError as error:
            raise UserError(
                self.env._("The sample file can't be written: %s", error)
            ) from error

    def _try_result(self):
        """Write a result in the result's own layout and read it again."""
        self.ensure_one()
        spec = self._get_spec()
        result = spec["result"]
        if not result.get("detail"):
            raise UserError(self.env._("Add the fields of a result's detail line."))
        codes = self.code_ids.filtered(lambda row: row.outcome == "ok")
        rows = [
            {
                "account": account,
                "holder": "张三",
                "amount": amount,
                "code": codes[:1].code or "",
                "text": "",
                "filler": "",
                "customer": "",
                "bill": "",
                "mandate": "",
            }
            for account, _holder, amount in SAMPLE
        ]
        common = {"date": self.env.company._cs_today(), "filler": ""}
        try:
            content = build(
                {**spec, "header": None, "trailer": None, **result},
                SAMPLE_BATCH,
                rows,
                common,
            )
            parsed = parse(spec, content)
        except (GasInputError, ResultFault) as error:
            raise UserError(
                self.env._("A result of this form can't be read: %s", error)
            ) from error
        faults = [line.fault for line in parsed.lines if line.fault]
        if faults:
            raise UserError(
                self.env._("A result of this form can't be read: %s", faults[0])
            )
        return parsed

    def action_try(self):
        """Build a sample file and read a sample result; tell what happened."""
        self.ensure_one()
        self.check_access("read")
        self._check_usable()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The sample file can be written, and a result of this form read."
                ),
            },
        }

    def _get_file_name(self, batch, day, count):
        """Return the name of a batch's file."""
        name = self.file_name
        for key, value in (("batch", batch), ("date", f"{day:%Y%m%d}")):
            name = name.replace(f"{{{key}}}", value)
        name = name.replace("{count}", str(count))
        if "{" in name:
            raise ValidationError(
                self.env._(
                    "File name “%s”: only {batch}, {date} and {count} can be used.",
                    self.file_name,
                )
            )
        return name.replace("/", "-").replace("\\", "-")
