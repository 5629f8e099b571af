from odoo import api, models

RIGHT = {"align": "right", "pad": "0"}
TOTALS = (
    {"source": "batch", "width": 12},
    {"source": "count", "width": 8, **RIGHT},
    {"source": "cents", "width": 14, **RIGHT},
)
CODES = (
    ("0000", "ok", "扣款成功"),
    ("1001", "retry", "余额不足"),
    ("1002", "retry", "账户临时冻结"),
    ("2001", "stop", "账户已销户"),
    ("2002", "stop", "户名不符"),
    ("2003", "stop", "授权已撤销"),
    ("9001", "return", "退票"),
)


def _section(section, rows):
    return [{"section": section, **row} for row in rows]


#: Fixed width by bytes, totals at the end, as banks' mainframes take it.
FIXED = {
    "name": "定长文件(样例)",
    "encoding": "gb18030",
    "kind": "fixed",
    "file_name": "{batch}.txt",
    "fields": [
        *_section(
            "detail",
            (
                {"source": "account", "width": 25},
                {"source": "holder", "width": 30},
                {"source": "cents", "width": 12, **RIGHT},
                {"source": "ref", "width": 20},
            ),
        ),
        *_section("trailer", TOTALS),
        *_section(
            "result_detail",
            (
                {"source": "account", "width": 25},
                {"source": "holder", "width": 30},
                {"source": "cents", "width": 12, **RIGHT},
                {"source": "ref", "width": 20},
                {"source": "code", "width": 4},
                {"source": "date", "width": 8},
                {"source": "text", "width": 30},
            ),
        ),
        *_section("result_trailer", TOTALS),
    ],
}
#: A row a line with a bar between, totals at the start, as online banking takes it.
DELIMITED = {
    "name": "分隔符文件(样例)",
    "encoding": "utf-8",
    "kind": "delimited",
    "delimiter": "|",
    "eol": "lf",
    "file_name": "{batch}_{date}.csv",
    "fields": [
        *_section(
            "header",
            ({"source": "batch"}, {"source": "count"}, {"source": "amount"}),
        ),
        *_section(
            "detail",
            (
                {"source": "ref"},
                {"source": "account"},
                {"source": "holder"},
                {"source": "amount"},
                {"source": "customer"},
            ),
        ),
        *_section(
            "result_header",
            (
                {"source": "batch"},
                {"source": "count"},
                {"source": "amount"},
                {"source": "date"},
            ),
        ),
        *_section(
            "result_detail",
            (
                {"source": "ref"},
                {"source": "account"},
                {"source": "holder"},
                {"source": "amount"},
                {"source": "code"},
                {"source": "text"},
            ),
        ),
    ],
}


class GasSetup(models.AbstractModel):
    _inherit = "gas.setup"

    @api.model
    def _setup_company(self, company):
        """Add the journal of bank debit with its account for money in transit."""
        super()._setup_company(company)
        lang = company.partner_id.lang or self.env.lang
        setup = self.sudo().with_company(company).with_context(lang=lang)
        company = company.sudo()
        if not company.gas_debit_journal_id:
            company.gas_debit_journal_id = setup._get_bank_journal(
                company, "GDEB", setup.env._("Gas Bank Debit")
            )
        setup._setup_bank_profiles(company)
        return True

    def _setup_bank_profiles(self, company):
        """Two profiles to start from, if the company has none."""
        profiles = self.env["gas.bank.profile"]
        known = profiles.with_context(active_test=False)
        if known.search_count([("company_id", "=", company.id)], limit=1):
            return
        codes = [
            {"code": code, "outcome": outcome, "name": name}
            for code, outcome, name in CODES
        ]
        for data in (FIXED, DELIMITED):
            profiles._load(company, {**data, "codes": codes})
