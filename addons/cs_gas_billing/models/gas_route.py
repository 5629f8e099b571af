from odoo import api, models
from odoo.tools import SQL

#: Our own reading columns with what the reader needs to find the meter.
HEADINGS = (
    "用户编号",
    "户名",
    "地址",
    "表号",
    "上期读数",
    "本期读数",
    "抄表日期",
    "抄表员",
    "备注",
)
GROUPS = ("cs_gas_billing.group_reader", "cs_gas_billing.group_clerk")


class GasRoute(models.AbstractModel):
    """The route of reading books as a table that comes back as a reading file."""

    _name = "gas.route"
    _description = "Route for the Handheld"

    @api.model
    def _may_export(self, books):
        """Whether the user reads meters or bills, and sees all of ``books``."""
        user = self.env.user
        if not any(user.has_group(group) for group in GROUPS):
            return False
        return len(books._filtered_access("read")) == len(books)

    @api.model
    def _get_table(self, books):
        """Return headings and rows, in walking order; the phone stays out.

        The caller checked that the user may have ``books``.
        """
        self.env["cs.event"]._cs_log("gas.route.export", books)
        readers = {book.id: book.sudo().reader_id.name or "" for book in books}
        rows = self._load_rows(books)
        return [
            list(HEADINGS),
            *(
                [
                    row["code"],
                    row["name"] or "",
                    row["address"] or "",
                    row["serial"],
                    self._plain(row["value"]),
                    None,
                    None,
                    readers[row["book_id"]],
                    "",
                ]
                for row in rows
            ),
        ]

    @api.model
    def _plain(self, value):
        if value is None:
            return None
        return int(value) if value == int(value) else float(value)

    def _load_rows(self, books):
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT a.code, p.name, pr.full_address AS address, m.serial, r.value,
                       a.book_id
                  FROM %(meters)s
                  JOIN gas_book b ON b.id = a.book_id
                  LEFT JOIN LATERAL (
                       SELECT value FROM gas_reading
                        WHERE install_id = i.id AND state IN ('validated', 'billed')
                        ORDER BY read_date DESC, id DESC LIMIT 1) r ON TRUE
                 WHERE a.book_id = ANY(%(books)s) AND a.state != 'closed'
                 ORDER BY b.code, a.book_seq, a.code, m.serial
                """,
                meters=books._get_meters(self.env.company._cs_today()),
                books=books.ids,
            )
        )
