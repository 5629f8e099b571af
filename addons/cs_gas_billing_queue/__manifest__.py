{
    "name": "Gas Billing: Several Workers",
    "version": "19.0.1.0.0",
    "category": "Services/Customer Service",
    "summary": "Bill runs and imports as jobs, side by side over several processes",
    "author": "CS Suite",
    "license": "LGPL-3",
    "depends": ["cs_gas_billing", "queue_job"],
    "data": [
        "data/queue_job_data.xml",
        "data/ir_cron.xml",
    ],
    "auto_install": True,
}
