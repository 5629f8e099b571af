"""An app that goes takes its matters along and leaves nothing that waits for them."""

import pathlib

from dev import scratch
from dev.database import Builder

HERE = pathlib.Path(__file__).parent
LEFT = """
    SELECT 'clock' FROM cs_clock WHERE res_model LIKE 'cs.toy.%'
    UNION ALL SELECT 'chase' FROM cs_chase WHERE res_model LIKE 'cs.toy.%'
    UNION ALL SELECT 'link' FROM cs_link
               WHERE res_model LIKE 'cs.toy.%' OR other_model LIKE 'cs.toy.%'
    UNION ALL SELECT 'visit' FROM cs_followup WHERE res_model LIKE 'cs.toy.%'
    UNION ALL SELECT 'handler' FROM cs_matter_holder WHERE res_model LIKE 'cs.toy.%'
    UNION ALL SELECT 'type' FROM cs_business_type WHERE code LIKE 'toy.%'
"""


def test_uninstall(server):
    builder, log = Builder(server), "contract-uninstall"
    with scratch.copy(server, "plain", "contract") as name:
        builder.odoo(name, "-i", "cs_toy", log=log)
        builder.script(name, HERE / "contract.py", log=log)
        assert len(server.sql(LEFT, name)) > 6
        builder.script(name, HERE / "uninstall.py", "cs_toy", log=log)
        assert server.sql(LEFT, name) == []
        contacts = "SELECT topic, state, masked IS TRUE FROM cs_interaction"
        states = server.sql(contacts, name)
        assert sorted(states) == [["Secret", "closed", "t"], ["Tea", "closed", "f"]]
        left = "SELECT name FROM ir_model_data WHERE module = 'cs_toy'"
        assert server.sql(left, name) == []
        builder.odoo(name, "-u", "cs_base", log=log)
