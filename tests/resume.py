"""Steps of a bill run in processes that may be killed: ``resume.py STEP FOLDER``.

``load`` imports a month, ``calculate`` starts the calculation in the background,
``work`` is the background worker with its commits, ``approve`` releases, ``post``
starts the posting, ``verify`` compares with what the month must give.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from month import Month, check_ledger, compare
from steps import Steps

CHUNK = 15


class RunSteps(Steps):
    def load(self):
        company = self.env.company
        company.write({"gas_inline_limit": 0, "gas_chunk_size": CHUNK})
        month = Month(self.env, self.folder)
        month.set_up()
        month.import_file("gas.customer.import", "customers.csv")
        month.import_file("gas.reading.import", "readings.csv")
        month.make_run()

    def calculate(self):
        run = self.env["gas.bill.run"].search([], limit=1)
        clerk = self.env["res.users"].search([("login", "=", "month_clerk")])
        run.with_user(clerk).action_calculate()

    def work(self):
        self.report_chunks()
        self.env["gas.bill.run"]._cron_process()

    def approve(self):
        run = self.env["gas.bill.run"].search([], limit=1)
        manager = self.env["res.users"].search([("login", "=", "month_manager")])
        run.with_user(manager).action_approve()

    def post(self):
        run = self.env["gas.bill.run"].search([], limit=1)
        clerk = self.env["res.users"].search([("login", "=", "month_clerk")])
        run.with_user(clerk).action_post()

    def verify(self):
        run = self.env["gas.bill.run"].search([], limit=1)
        month = Month(self.env, self.folder, users=False)
        customers = self.env["gas.customer.import"].search([], limit=1)
        readings = self.env["gas.reading.import"].search([], limit=1)
        found = [
            *compare(month, customers, readings, run),
            *check_ledger(self.env, run),
        ]
        bills = run.bill_ids.filtered(lambda bill: bill.state == "posted")
        if len(set(bills.mapped("name"))) != len(bills):
            found.append("bill numbers are given twice")
        volumes = sum(bills.mapped("volume"))
        ledger = sum(
            bills.service_point_id.ledger_ids.filtered("bill_id").mapped("quantity")
        )
        if round(volumes - ledger, 3):
            found.append(f"bills have {volumes} m³, the usage ledger {ledger}")
        print("\n".join(found))
        return len(found)


RunSteps.main(globals()["env"])
