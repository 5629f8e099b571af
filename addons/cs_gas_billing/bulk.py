"""Write many rows of our own narrow tables in one statement.

For staging lines, readings, bill lines and the usage ledger, where nothing but the
database's own constraints has to happen. Everything with business rules on create goes
through the ORM.
"""

import json
from datetime import date, datetime
from decimal import Decimal

from odoo import fields
from odoo.tools import SQL


def insert(model, rows, returning=True):
    """Insert ``rows`` into the table of ``model``.

    :param model: empty recordset; its environment's user and time are written as usual
    :param list rows: dicts of column values, all with the same keys; dates, numbers,
        booleans, None and JSON data are accepted
    :return: recordset in the order of ``rows``
    """
    if not rows:
        return model.browse()
    env = model.env
    ids = [
        row[0]
        for row in env.execute_query(
            SQL(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) "
                "FROM generate_series(1, %s)",
                model._table,
                len(rows),
            )
        )
    ]
    now = fields.Datetime.now()
    common = {
        "create_uid": env.uid,
        "write_uid": env.uid,
        "create_date": now,
        "write_date": now,
    }
    names = list(rows[0])
    columns = {"id": ("integer", ids)}
    for name, value in common.items():
        columns[name] = (model._fields[name].column_type[1], [value] * len(rows))
    for name in names:
        columns[name] = (
            model._fields[name].column_type[1],
            [row[name] for row in rows],
        )
    env.execute_query(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS t(%s) RETURNING 1",
            SQL.identifier(model._table),
            SQL(", ").join(SQL.identifier(name) for name in columns),
            SQL(", ").join(
                # pylint: disable=sql-injection
                SQL("%s::" + kind.partition("(")[0], SQL.identifier(name))
                for name, (kind, _values) in columns.items()
            ),
            SQL(", ").join(
                SQL("%s::text[]", [_text(value) for value in values])
                for _kind, values in columns.values()
            ),
            SQL(", ").join(SQL.identifier(name) for name in columns),
        )
    )
    return model.browse(ids)


def _text(value):
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, (int, Decimal, datetime, date)):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
