from odoo.addons.cs_base.hooks import forget_types


def uninstall_hook(env):
    """Close what only waited for complaints."""
    forget_types(env, "complaint", "complaint.task")
