def post_init_hook(env):
    """Companies that keep gas accounts already get the button for bank fees."""
    companies = env["res.company"].search([("gas_sale_journal_id", "!=", False)])
    for company in companies:
        env["gas.setup"]._setup_company(company)
