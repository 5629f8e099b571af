"""What a database is made of, to compare before and after."""

#: What an upgrade may touch without changing anything: times, caches, counters.
VOLATILE = {
    "bus_bus",
    "ir_attachment",
    "ir_cron",
    "ir_cron_progress",
    "ir_cron_trigger",
    "ir_logging",
    "ir_profile",
    "orm_signaling_registry",
    "res_users_log",
}
VOLATILE_COLUMNS = {
    "arch_updated",
    "create_date",
    "latest_version",
    "write_date",
    "write_uid",
}
#: Rows without an external id of their own, made anew with their parent.
REMADE = {"ir_act_window_view"}

COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p')
    AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
    SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
"""
INDEXES = (
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
)
TRIGGERS = """
    SELECT tgrelid::regclass, tgname, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal
"""
FUNCTIONS = """
    SELECT proname, pg_get_function_identity_arguments(p.oid), md5(prosrc)
    FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def schema(server, database):
    """Columns, constraints, indexes, triggers and functions, as a set of texts."""
    found = set()
    for query in (COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS):
        for row in server.sql(query, database):
            found.add(" | ".join(row))
    return found


def rows(server, database):
    """Number and hash of the rows of every table, as a set of texts."""
    columns = {}
    kinds = f"SELECT relname, attname FROM ({COLUMNS}) x(relname, attname, type, nn)"
    for table, column in server.sql(f"{kinds} ORDER BY 1, 2", database):
        volatile = table in VOLATILE or column in VOLATILE_COLUMNS
        if not volatile and not (table in REMADE and column == "id"):
            columns.setdefault(table, []).append(f'"{column}"')
    queries = [
        f"SELECT '{table}', count(*), "
        f'sum(hashtextextended(ROW({", ".join(names)})::text, 0)) FROM "{table}"'
        for table, names in columns.items()
    ]
    return {
        " | ".join(row) for row in server.sql(" UNION ALL ".join(queries), database)
    }


def difference(before, after):
    """What came and what went, as lines."""
    return sorted(
        [f"- {text}" for text in before - after]
        + [f"+ {text}" for text in after - before]
    )
