"""The demo database of ``make run``: it builds, beside the community addons."""

from dev import database, demo


def test_demo_builds_and_updates(server):
    name = database.scratch_name("demo")
    try:
        demo.build(server, name)
        states = server.sql("SELECT DISTINCT state FROM ir_module_module", name)
        assert {row[0] for row in states} <= {
            "installed",
            "uninstalled",
            "uninstallable",
        }
        chart = (
            "SELECT chart_template, currency_id FROM res_company ORDER BY id LIMIT 1"
        )
        currency = server.sql("SELECT id FROM res_currency WHERE name = 'CNY'", name)
        assert server.sql(chart, name) == [["cn", currency[0][0]]]
        assert not any(demo.outdated(name))
    finally:
        demo.forget(name)
        server.drop(name)
        server.drop(f"{name}_new")
