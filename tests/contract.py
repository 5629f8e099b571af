"""Matters of the toy addon, some of them open. Executed by ``dev.inside``."""

contacts = env["cs.interaction"].with_user(env.ref("base.user_admin"))  # noqa: F821
requests = contacts.env["cs.toy.request"]
reports = contacts.env["cs.toy.report"].sudo()

contact = contacts.create({"topic": "Tea"})
first = requests.create({"wish": "Tea", "interaction_id": contact.id})
second = requests.create({"wish": "Milk", "origin_ref": f"cs.toy.request,{first.id}"})
first.handler_id = env.user  # noqa: F821
first.action_chase("Now")
second.action_work()
second.action_done()

secret = contacts.create({"topic": "Secret"})
reports.create({"text": "Somebody took money", "interaction_id": secret.id})
env.cr.commit()  # noqa: F821  # pylint: disable=invalid-commit
