from odoo.addons.cs_base.hooks import forget_types


def uninstall_hook(env):
    """Close what only waited for these matters."""
    forget_types(env, "toy.request", "toy.report")
