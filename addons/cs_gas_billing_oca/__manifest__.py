{
    "name": "Gas Billing: Bank Reconciliation",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "summary": "Bank statements never pay a stranger's gas bill; batches in two clicks",
    "author": "CS Suite",
    "license": "AGPL-3",
    "depends": ["cs_gas_billing", "account_reconcile_oca"],
    "data": [
        "views/account_bank_statement_line_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "cs_gas_billing_oca/static/src/**/*",
        ],
        "web.assets_tests": [
            "cs_gas_billing_oca/static/tests/tours/**/*",
        ],
    },
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}
