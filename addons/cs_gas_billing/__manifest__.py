{
    "name": "Gas Billing",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "summary": "From meter reading to paid bill, with annual tiers, in the ledger",
    "author": "CS Suite",
    "license": "LGPL-3",
    "depends": ["cs_base", "account"],
    "data": [
        "security/gas_groups.xml",
        "security/ir.model.access.csv",
        "security/gas_security.xml",
        "data/cs_numbering_rule.xml",
        "data/ir_cron.xml",
        "views/gas_menus.xml",
    ],
    "application": True,
}
