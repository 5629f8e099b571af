"""Every addon installs alone, upgrades twice without a change, uninstalls cleanly."""

import pathlib

import pytest

from dev import addons, scratch, snapshot
from dev.database import Builder

UNINSTALL = pathlib.Path(__file__).with_name("uninstall.py")


def _install_without_others(builder, server, name, addon, log):
    """Install what is below an addon, then the addon; return the schema between."""
    ours = addons.ours()
    lower = [other for other in ours if other in addons.below(addon)]
    if lower:
        builder.odoo(name, "-i", ",".join(lower), log=log)
    before = snapshot.schema(server, name)
    builder.odoo(name, "-i", addon, log=log)
    installed = {
        row[0]
        for row in server.sql(
            "SELECT name FROM ir_module_module WHERE state = 'installed'", name
        )
    }
    assert installed & set(ours) == {*lower, addon}
    return before


@pytest.mark.parametrize("template", ["plain", "account"])
@pytest.mark.parametrize("addon", addons.ours())
def test_alone(server, addon, template):
    builder, log = Builder(server), f"install-{addon}-{template}"
    with scratch.copy(server, template, f"{template}_{addon}") as name:
        foreign = _foreign(server, name)
        before = _install_without_others(builder, server, name, addon, log)
        brought_others = _foreign(server, name) != foreign

        builder.odoo(name, "-u", addon, log=log)
        first = snapshot.rows(server, name) | snapshot.schema(server, name)
        builder.odoo(name, "-u", addon, log=log)
        second = snapshot.rows(server, name) | snapshot.schema(server, name)
        _same(first, second)

        builder.script(name, UNINSTALL, addon, log=log)
        left = server.sql(
            f"SELECT model, name FROM ir_model_data WHERE module = '{addon}'", name
        )
        assert left == []
        if not brought_others:
            after = snapshot.schema(server, name)
            _same(before, after)


def _same(before, after):
    found = snapshot.difference(before, after)
    assert not found, "\n".join(found)


def _foreign(server, name):
    """Installed addons that are not ours."""
    ours = "', '".join(addons.ours())
    query = f"""
        SELECT name FROM ir_module_module
        WHERE state = 'installed' AND name NOT IN ('{ours}')
    """
    return {row[0] for row in server.sql(query, name)}
