"""Steps of a bank result in processes that may be killed: ``… STEP FOLDER``.

``prepare`` bills a month, sends a debit batch and starts the import of the bank's
answer, ``work`` is the background worker with its commits, ``verify`` looks whether
anything was lost or booked twice.
"""

import base64
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from bank_race import answer, check_books
from month import Month
from steps import Steps

CHUNK = 12


class ResultSteps(Steps):
    def prepare(self):
        month = Month(self.env, self.folder)
        month.run()
        self.env["gas.bank.mandate"].search([]).date_from = "2026-01-01"
        clerk = month.as_role("clerk")
        profile = self.env["gas.bank.profile"].search([("kind", "=", "fixed")])
        batch = clerk["gas.debit.batch"].create({"profile_id": profile.id})
        batch.action_pick()
        batch.action_send()
        self.env.company.write({"gas_inline_limit": 0, "gas_chunk_size": CHUNK})
        result = clerk["gas.debit.result"].create(
            {
                "file": base64.b64encode(answer(batch)),
                "filename": "result.txt",
            }
        )
        result.action_check()
        result.action_import()
        return 0 if result.state == "importing" else 1

    def work(self):
        self.report_chunks()
        self.env["gas.debit.result"]._cron_process()

    def verify(self):
        company = self.env.company
        result = self.env["gas.debit.result"].search([])
        batch = result.batch_id
        found = [*check_books(self.env, company)]
        if (result.state, batch.state) != ("done", "closed"):
            found.append(f"result {result.state}, batch {batch.state}")
        lines = batch.line_ids
        accepted = lines.filtered(lambda line: line.state == "accepted")
        if len(accepted) != len(lines) - len(lines) // 3:
            found.append(f"{len(accepted)} of {len(lines)} lines are accepted")
        if len(accepted.move_line_id) != len(accepted):
            found.append("two lines have one journal item")
        entries = self.env["account.move"].search(
            [("gas_debit_batch_id", "=", batch.id)]
        )
        credit = entries.line_ids.filtered("gas_account_id")
        if set(credit.ids) != set(accepted.move_line_id.ids):
            found.append(f"{len(credit)} journal items, {len(accepted)} lines")
        total = sum(accepted.mapped("amount"))
        if company.currency_id.compare_amounts(batch.amount_open, total):
            found.append(f"{batch.amount_open} in transit, {total} accepted")
        if len(batch._get_transit_items()) != 1:
            found.append("more than one open item")
        print("\n".join(found))
        return len(found)


ResultSteps.main(globals()["env"])
