"""100,000 complaints: screens, taking in, figures; the helpdesk addon beside them."""

import random
import statistics

from odoo.api import Environment

from bench import cases, common

COUNT = common.scaled(100000, 2000)
PEER = "helpdesk_mgmt"
ROUNDS = 25
#: Creates are measured in turns with the peer, so that both see the same machine.
TURNS = 5
CREATES = 40
#: Seconds at the 95th percentile.
LIST_LIMIT = 1.0
FORM_LIMIT = 0.7
CREATE_RATE = 20
#: Queries the engine may make for 1,000 matters, besides writes.
ENGINE_QUERIES = 5
FIELDS = ("name", "subject", "severity", "due_at", "clock_state", "state")
PERSON = ("handler_id", "team_id", "cause_id")


def p95(values):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def measure(env, work, rounds=ROUNDS):
    """Seconds at the 95th percentile, each round with an empty cache."""
    times = []
    work(0)
    for number in range(rounds):
        env.invalidate_all()
        with common.Timer() as timer:
            work(number)
        times.append(timer.seconds)
    return p95(times)


def make_people(env):
    """A lead, two agents and their team; what anybody's screens are measured with."""
    groups = {
        "lead": "cs_complaint.group_lead",
        "agent": "cs_complaint.group_user",
        "agent2": "cs_complaint.group_user",
    }
    users = {
        name: env["res.users"].create(
            {
                "name": name,
                "login": f"bench_{name}",
                "email": f"{name}@example.com",
                "group_ids": [(6, 0, env.ref(group).ids)],
            }
        )
        for name, group in groups.items()
    }
    team = env["cs.team"].create(
        {
            "name": "Complaints",
            "lead_id": users["lead"].id,
            "member_ids": [(6, 0, (users["agent"] + users["agent2"]).ids)],
        }
    )
    return users, team


def specification():
    return {name: {} for name in FIELDS} | {
        name: {"fields": {"display_name": {}}} for name in PERSON
    }


def measure_screens(env, user):
    """Seconds of list, kanban and form as the web client asks for them."""
    model = env["cs.complaint"].with_user(user)
    spec = specification()
    domain = [("is_open", "=", True)]
    ids = model.search([], limit=2000).ids
    rng = random.Random(20261122)
    form = {
        name: {} for name in model.get_view(view_type="form")["models"][model._name]
    }

    def show_list(number):
        model.web_search_read(
            domain if number % 2 else [], spec, limit=80, count_limit=10001
        )

    def search(number):
        term = f"late {number}"
        model.web_search_read(
            ["|", ("name", "ilike", term), ("subject", "ilike", term)],
            spec,
            limit=80,
            count_limit=10001,
        )

    def kanban(_number):
        model.web_read_group(
            domain,
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=spec,
            unfold_read_default_limit=80,
        )

    def show_form(_number):
        model.browse(rng.choice(ids)).web_read(form)

    return {
        "list": measure(env, show_list),
        "search": measure(env, search),
        "kanban": measure(env, kanban),
        "form": measure(env, show_form),
    }


def measure_creates(env, user, team, model="cs.complaint"):
    """Records a second, each in a transaction of its own."""
    own = Environment(env.cr, user.id, {})

    def work(number):
        values = (
            {
                "subject": f"Gas smells {number}",
                "content": "In the kitchen since this morning.",
                "team_id": team.id,
                "handler_id": user.id,
            }
            if model == "cs.complaint"
            else {"name": f"Gas smells {number}", "description": "In the kitchen."}
        )
        own[model].create(values)
        own.flush_all()
        env.cr.commit()

    work(0)
    with common.Timer() as timer:
        for number in range(CREATES):
            work(number)
    return common.rate(CREATES, timer.seconds)


def measure_both_creates(env, user, team):
    """Median rates of the cases and of the peer's tickets, taken in turns."""
    rates = [
        measure_creates(env, user, team, model)
        for model in ("cs.complaint", "helpdesk.ticket") * TURNS
    ]
    return statistics.median(rates[::2]), statistics.median(rates[1::2])


def measure_figures(env, user):
    dashboard = env["cs.complaint.dashboard"].with_user(user)
    return measure(env, lambda _number: dashboard.get_figures({}), 8)


def measure_engine(env):
    """Queries besides writes of one look at 1,000 clocks whose alarm is due."""
    clocks = env["cs.clock"].sudo().search([("state", "=", "running")], limit=1000)
    env.flush_all()
    env.invalidate_all()
    asked = []
    execute = type(env.cr).execute

    def watch(cursor, query, *args, **kwargs):
        text = query.code if hasattr(query, "code") else str(query)
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(text)
        return execute(cursor, query, *args, **kwargs)

    type(env.cr).execute = watch
    try:
        clocks._cs_refresh()
        env.flush_all()
    finally:
        type(env.cr).execute = execute
    env.cr.rollback()
    return len(clocks), len(asked)


def find_peer(env):
    """The addon to compare with; without it there is nothing to measure.

    :raise SystemExit: it isn't among the community addons
    """
    modules = env["ir.module.module"]
    domain = [("name", "=", PEER)]
    if not modules.search_count(domain):
        modules.update_list()
        env.cr.commit()
    module = modules.search(domain)
    if not module or module.state == "uninstallable":
        raise SystemExit(
            f"{PEER} is missing: it is in requirements/oca.lock, call make setup"
        )
    return module


def fill_peer(env, module, users):
    """As many tickets as there are cases."""
    if module.state != "installed":
        module.button_immediate_install()
    # The role that is most like ours: reads by rules of teams and own tickets.
    group = env.ref(f"{PEER}.group_helpdesk_user_team")
    for user in users.values():
        user.group_ids += group
    tickets = env["helpdesk.ticket"].with_user(users["agent"])
    for number in range(cases.TEMPLATES):
        tickets.create(
            {"name": f"Repair came too late {number}", "description": "Too late."}
        )
    env.flush_all()
    env.cr.execute("SELECT max(id) FROM helpdesk_ticket")
    step = env.cr.fetchone()[0]
    cases._insert(
        env,
        "helpdesk_ticket",
        {"id": f"t.id + g * {step}", "number": "t.number || '/' || g"},
        "TRUE",
        COUNT // cases.TEMPLATES - 1,
    )
    env.cr.execute("ANALYZE helpdesk_ticket")
    env.cr.commit()
    env.invalidate_all()


def measure_peer(env, user):
    """Seconds of list and search of the helpdesk's tickets."""
    model = env["helpdesk.ticket"].with_user(user)
    spec = {
        name: {} for name in ("number", "name", "priority", "last_stage_update")
    } | {
        name: {"fields": {"display_name": {}}}
        for name in ("user_id", "team_id", "stage_id")
    }

    def show_list(_number):
        model.web_search_read([], spec, limit=80, count_limit=10001)

    def search(number):
        term = f"late {number}"
        model.web_search_read(
            ["|", ("number", "ilike", term), ("name", "ilike", term)],
            spec,
            limit=80,
            count_limit=10001,
        )

    return {"list": measure(env, show_list), "search": measure(env, search)}


def main(env):
    module = find_peer(env)
    users, team = make_people(env)
    customers = env["res.partner"].create(
        [{"name": f"Customer {number}"} for number in range(100)]
    )
    with common.phase(f"{COUNT:,} complaints"):
        cases.make_templates(env, users["agent"] + users["agent2"], team, customers)
        env.cr.commit()
        cases.copy(env, COUNT)
    with common.phase("measuring"):
        screens = measure_screens(env, users["lead"])
        own = measure_screens(env, users["agent"])
        figures = measure_figures(env, users["lead"])
        clocks, queries = measure_engine(env)
    memory = common.peak_mb()
    with common.phase(f"{PEER} beside it"):
        fill_peer(env, module, users)
        peer = measure_peer(env, users["agent"])
        rate, peer_rate = measure_both_creates(env, users["agent"], team)
    worst = {name: max(screens[name], own[name]) for name in screens}
    limits = {"list": LIST_LIMIT, "search": LIST_LIMIT, "kanban": LIST_LIMIT}
    for name, limit in {**limits, "form": FORM_LIMIT}.items():
        other = peer.get(name)  # the same agent asks both
        common.report(
            env,
            f"{name} among {COUNT:,} complaints",
            f"p95 {worst[name] * 1000:.0f} ms",
            f"p95 ≤ {limit * 1000:.0f} ms",
            worst[name] <= limit and (not other or own[name] <= other),
            peer=f"{PEER}: {other * 1000:.0f} ms" if other else "–",
            ratio=other / own[name] if other else None,
            memory=memory,
        )
    common.report(
        env,
        f"figures of {COUNT:,} complaints",
        f"p95 {figures * 1000:.0f} ms",
        "p95 ≤ 1000 ms",
        figures <= 1,
        memory=memory,
    )
    common.report(
        env,
        f"clock engine, {clocks} matters",
        f"{queries} queries",
        f"≤ {ENGINE_QUERIES} / 1,000",
        queries <= ENGINE_QUERIES,
    )
    common.report(
        env,
        f"taking in beside {COUNT:,} complaints",
        f"{rate:.0f}/s",
        f"≥ {CREATE_RATE}/s",
        rate >= max(CREATE_RATE, peer_rate),
        peer=f"{PEER}: {peer_rate:.0f}/s",
        ratio=rate / peer_rate,
        memory=memory,
    )


if "env" in globals():
    main(globals()["env"])
