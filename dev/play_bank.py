"""Answers the demo's sent debit batches as a bank would. Executed by ``dev.inside``.

Usage: ``make bank``: writes the result file of each batch that waits for one, every
seventh line refused, and tells what the bank statement will show.
"""

import pathlib
import sys

from dev.ui import say

FOLDER = pathlib.Path(sys.argv[1])


def main(env):
    """Write a file for each waiting batch; return how many there are."""
    bank = env["gas.demo.bank"]
    batches = env["gas.debit.batch"].search([("state", "=", "sent")], order="id")
    if not batches:
        say("No debit batch waits for its answer: send one in Gas > Collection.")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for batch in batches:
        refused = bank._choose_codes(batch)
        file = FOLDER / f"{batch.name}.txt"
        file.write_bytes(bank._answer(batch, refused))
        amount = sum(
            line.amount for line in batch.line_ids if line.number not in refused
        )
        say(f"{file}: {batch.line_count} lines, {len(refused)} refused")
        say(f"    the statement will show {amount:.2f}, text: {batch.name}")


main(globals()["env"])
