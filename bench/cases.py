"""Very many cases: some are taken in as clerks do, then copied with SQL.

A copy has all that belongs to a case: its contact, complainant, holders and clocks with
their facts, so that rules, joins and the engine have real work.
"""

#: How many real cases are copied; they differ in severity, state, cause and team.
TEMPLATES = 40
#: Table: columns that refer to a copied row, and what ties it to a template.
TABLES = {
    "cs_interaction": ({}, "id IN (SELECT interaction_id FROM cs_complaint)"),
    "cs_complaint": ({"interaction_id": "cs_interaction"}, "TRUE"),
    "cs_complaint_identity": ({"complaint_id": "cs_complaint"}, "TRUE"),
    "cs_matter_holder": ({"res_id": "cs_complaint"}, "res_model = 'cs.complaint'"),
    "cs_clock": ({"res_id": "cs_complaint"}, "res_model = 'cs.complaint'"),
    "cs_clock_fact": ({"clock_id": "cs_clock"}, "TRUE"),
}
#: Columns that may not be the same in two rows, or that spread the cases in time.
CHANGES = {
    "cs_interaction": {"name": "t.name || '/' || g"},
    "cs_complaint": {
        "name": "t.name || '/' || g",
        "subject": "t.subject || ' ' || g",
        "received_at": "t.received_at - g * interval '2 hours'",
        "opened_at": "t.opened_at - g * interval '2 hours'",
        "closed_at": "t.closed_at - g * interval '2 hours'",
    },
    "cs_complaint_identity": {},
}


def make_templates(env, users, team, customers):
    """Take in ``TEMPLATES`` cases by ``users``; most of them are closed."""
    causes = env["cs.complaint.cause"].create(
        [{"name": f"Cause {number}"} for number in range(12)]
    )
    severities = ("general",) * 6 + ("influential", "influential", "severe", "media")
    cases = env["cs.complaint"]
    for number in range(TEMPLATES):
        user = users[number % len(users)]
        case = (
            env["cs.complaint"]
            .with_user(user)
            .create(
                {
                    "subject": f"Repair came too late {number}",
                    "content": "Promised for Monday, came on Thursday. " * 5,
                    "cause_id": causes[number % len(causes)].id,
                    "team_id": team.id,
                    "handler_id": user.id,
                }
            )
        )
        cases += case.with_env(env)
        row = case.sudo().identity_ids
        values = {"partner_id": customers[number % len(customers)].id}
        row.write(values) if row else env["cs.complaint.identity"].create(
            {**values, "complaint_id": case.id}
        )
        case.sudo().write({"severity": severities[number % len(severities)]})
    env.flush_all()
    done = cases[: TEMPLATES * 9 // 10]
    env.cr.execute(
        "UPDATE cs_complaint SET state = 'closed', is_open = FALSE, closed_at = now(), "
        "clock_state = 'met' WHERE id = ANY(%s)",
        [done.ids],
    )
    env.cr.execute(
        "UPDATE cs_clock SET closed_at = now(), next_alarm_at = NULL, "
        "state = CASE WHEN res_id %% 7 = 0 THEN 'missed' ELSE 'met' END "
        "WHERE res_model = 'cs.complaint' AND res_id = ANY(%s)",
        [done.ids],
    )
    env.invalidate_all()
    return cases


def copy(env, count):
    """Copy the cases until there are about ``count``."""
    env.flush_all()
    times = max(0, count // TEMPLATES - 1)
    steps = {}
    for table in TABLES:
        env.cr.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        steps[table] = env.cr.fetchone()[0]
    for table, (references, condition) in TABLES.items():
        changes = {"id": f"t.id + g * {steps[table]}", **CHANGES.get(table, {})}
        for column, other in references.items():
            changes[column] = f"t.{column} + g * {steps[other]}"
        _insert(env, table, changes, condition, times)
        env.cr.commit()
    for table in TABLES:
        env.cr.execute(f"ANALYZE {table}")
    env.cr.commit()
    env.invalidate_all()


def _insert(env, table, changes, condition, times):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = current_schema AND is_generated = 'NEVER'",
        [table],
    )
    names = [row[0] for row in env.cr.fetchall()]
    values = ", ".join(changes.get(name, f't."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t, "
        f"generate_series(1, {times}) AS g WHERE {condition}"
    )
    env.cr.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
    )
