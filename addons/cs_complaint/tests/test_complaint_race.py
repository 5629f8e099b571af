import threading

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, tagged

WRITERS = 8
ROUNDS = 5
MARK = "Race of complaints"


@tagged("post_install", "-at_install")
class TestComplaintRace(TransactionCase):
    """Forty cases created by eight writers at once, each with its own transaction.

    The rows are committed and removed again; the event log keeps its lines.
    """

    def setUp(self):
        super().setUp()
        # The test holds the lock of the registry, which other threads ask for.
        self.patch(Registry, "_lock", threading.RLock())

    def _commit(self, function):
        with self.registry.cursor() as cr:
            return function(api.Environment(cr, SUPERUSER_ID, {}))

    def _remove(self):
        def remove(env):
            cases = env["cs.complaint"].search([("subject", "=", MARK)])
            contacts = cases.interaction_id
            cases.unlink()
            contacts.unlink()
            env.cr.execute("DELETE FROM cs_numbering WHERE code = 'complaint'")

        self._commit(remove)

    def test_numbers(self):
        """No gap, no duplicate."""
        self._commit(
            lambda env: env.cr.execute(
                "DELETE FROM cs_numbering WHERE code = 'complaint'"
            )
        )
        self.addCleanup(self._remove)
        names, errors = [], []
        start = threading.Barrier(WRITERS)

        def create(env):
            case = env["cs.complaint"].create(
                {"subject": MARK, "content": MARK, "complainant_name": "Wang"}
            )
            return case.name

        def run():
            start.wait()
            try:
                names.extend(self._commit(create) for _round in range(ROUNDS))
            except Exception as error:  # noqa: BLE001 (shown by the assertion below)
                errors.append(error)

        threads = [threading.Thread(target=run) for _writer in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertFalse(errors)
        serials = sorted(int(name[4:]) for name in names)
        self.assertEqual(len({name[:4] for name in names}), 1)
        self.assertEqual(serials, list(range(1, WRITERS * ROUNDS + 1)))
