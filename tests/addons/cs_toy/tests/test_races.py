from psycopg2.errors import SerializationFailure

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

LOGIN = "cs_race_"


@tagged("post_install", "-at_install")
class TestRaces(TransactionCase):
    """Two clients at the same moment, each in a transaction of its own.

    A loser is refused, or told by the database to begin anew, as the server then
    does. Rows are committed and removed again.
    """

    def setUp(self):
        super().setUp()
        self.addCleanup(self._commit, self._clean)
        self._commit(self._prepare)

    def _commit(self, function):
        with self.registry.cursor() as cr:
            return function(api.Environment(cr, api.SUPERUSER_ID, {}))

    def _prepare(self, env):
        group = env.ref("cs_base.group_user").id
        users = env["res.users"].create(
            [
                {
                    "name": f"Race {number}",
                    "login": f"{LOGIN}{number}",
                    "group_ids": [Command.set([group])],
                }
                for number in (1, 2)
            ]
        )
        self.user_ids = users.ids
        contact = env["cs.interaction"].with_user(users[0]).create({"topic": "Race"})
        requests = env["cs.toy.request"].with_user(users[0])
        matters = requests.create(
            [{"wish": "Race", "interaction_id": contact.id} for _ in range(2)]
        )
        loose = requests.create({"wish": "Race"})
        self.contact_id, self.matter_ids = contact.id, matters.ids
        self.loose_id = loose.interaction_id.id

    def _clean(self, env):
        users = env["res.users"].search([("login", "like", LOGIN)])
        contacts = env["cs.interaction"].search([("create_uid", "in", users.ids)])
        requests = env["cs.toy.request"].search([("create_uid", "in", users.ids)])
        requests.unlink()
        transfers = env["cs.interaction.transfer"].search(
            [("interaction_id", "in", contacts.ids)]
        )
        for table, ids in (
            ("cs_interaction_transfer", transfers.ids),
            ("cs_interaction", contacts.ids),
        ):
            env.cr.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", (ids,))
        partners = users.partner_id
        users.unlink()
        partners.unlink()

    def _race(self, first, second):
        """Both begin, then the first commits before the second goes on.

        :return: whether the second was refused or told to begin anew; if told, it is
            repeated as the server does
        """
        with mute_logger("odoo.sql_db"):
            try:
                with self.registry.cursor() as one, self.registry.cursor() as two:
                    envs = [
                        api.Environment(cr, user, {})
                        for cr, user in zip((one, two), self.user_ids, strict=True)
                    ]
                    for env in envs:  # both have their picture of the database
                        env["cs.interaction"].browse(self.contact_id).read(["state"])
                    first(envs[0])
                    envs[0].flush_all()
                    one.commit()
                    second(envs[1])
                    envs[1].flush_all()
                    two.commit()
            except UserError:
                return "refused"
            except SerializationFailure:
                pass
            else:
                return "both"
        try:
            with self.registry.cursor() as cr:
                second(api.Environment(cr, self.user_ids[1], {}))
        except UserError:
            return "refused"
        return "repeated"

    def _now(self, read):
        return self._commit(read)

    def test_one_mail_by_two_fetchers_is_filed_once(self):
        """The second waits for the first and sees what it filed."""
        raw = (
            b"From: race@home.example\r\nTo: desk@gas.example\r\n"
            b"Message-ID: <race.mail@home.example>\r\nSubject: Race\r\n\r\nHello"
        )
        filed = []

        def fetch(env):
            mails = env["mail.thread"].sudo()
            filed.append(mails.message_process("cs.toy.request", raw))

        def clean(env):
            requests = env["cs.toy.request"].search([("wish", "=", "Race")])
            requests = requests.filtered(lambda one: not one.handler_id)
            contacts = requests.interaction_id
            requests.unlink()
            env.cr.execute(
                "DELETE FROM cs_interaction WHERE id = ANY(%s)", (contacts.ids,)
            )

        self.addCleanup(self._commit, clean)
        self._race(fetch, fetch)
        self.assertEqual([bool(one) for one in filed], [True, False])

    def _state(self):
        return self._now(
            lambda env: env["cs.interaction"].browse(self.contact_id).state
        )

    def _cancel(self, number):
        return lambda env: (
            env["cs.toy.request"]
            .browse(self.matter_ids[number])
            ._cs_set_state("cancelled")
        )

    def test_one_claims(self):
        def claim(env):
            env["cs.interaction"].browse(self.loose_id).action_claim()

        self.assertEqual(self._race(claim, claim), "refused")
        owner = self._now(
            lambda env: env["cs.interaction"].browse(self.loose_id).first_owner_id.id
        )
        self.assertEqual(owner, self.user_ids[0])

    def test_one_accepts_what_another_withdraws(self):
        def propose(env):
            contact = env["cs.interaction"].browse(self.contact_id)
            to = env["res.users"].browse(self.user_ids[1])
            transfers = env["cs.interaction.transfer"].with_user(self.user_ids[0])
            return transfers._cs_propose(
                contact.with_user(self.user_ids[0]), to, "handover"
            ).id

        offer = self._commit(propose)

        def withdraw(env):
            env["cs.interaction.transfer"].browse(offer).action_withdraw()

        def accept(env):
            env["cs.interaction.transfer"].browse(offer).action_accept()

        self.assertEqual(self._race(withdraw, accept), "refused")
        self.assertEqual(
            self._now(
                lambda env: (
                    env["cs.interaction"].browse(self.contact_id).first_owner_id.id
                )
            ),
            self.user_ids[0],
        )

    def test_the_last_two_matters_close_at_once(self):
        self._race(self._cancel(0), self._cancel(1))
        self.assertEqual(self._state(), "closed")

    def test_a_matter_begins_while_the_last_one_closes(self):
        self._commit(self._cancel(0))

        def begin(env):
            env["cs.toy.request"].create(
                {"wish": "Race", "interaction_id": self.contact_id}
            )

        self._race(self._cancel(1), begin)
        self.assertEqual(self._state(), "open")

    def test_the_last_one_closes_while_a_matter_begins(self):
        self._commit(self._cancel(0))

        def begin(env):
            env["cs.toy.request"].create(
                {"wish": "Race", "interaction_id": self.contact_id}
            )

        self._race(begin, self._cancel(1))
        self.assertEqual(self._state(), "open")

    def test_a_callback_is_promised_while_the_last_matter_closes(self):
        self._commit(self._cancel(0))
        when = fields.Datetime.add(fields.Datetime.now(), hours=2)

        def promise(env):
            contact = env["cs.interaction"].browse(self.contact_id)
            env["cs.followup"]._cs_promise(contact, when, "Call")
            contact._cs_recheck()

        self._race(self._cancel(1), promise)
        self.assertEqual(self._state(), "open")

    def test_one_closes(self):
        self.assertEqual(self._race(self._cancel(0), self._cancel(0)), "refused")

    def test_chases_at_once_count_both(self):
        def chase(env):
            env["cs.toy.request"].browse(self.matter_ids[0]).action_chase("Hurry")

        self._race(chase, chase)
        count = self._now(
            lambda env: env["cs.toy.request"].browse(self.matter_ids[0]).chase_count
        )
        self.assertEqual(count, 2)
