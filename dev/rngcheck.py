"""Validate view archs against Odoo's RelaxNG schemas, without a database.

Usage: ``python -m dev.rngcheck FILE_OR_DIR…``, with ``ODOO_ADDONS`` naming the
folder that holds ``base`` (default: the Odoo in use). Only non-inheriting
``ir.ui.view`` records are checked.
"""

import os
import pathlib
import sys

from lxml import etree

KINDS = ("list", "search", "graph", "pivot", "calendar", "activity")
SUBVIEWS = ("form", "list", "kanban", "graph", "calendar")


def _schemas():
    folder = os.environ.get("ODOO_ADDONS")
    if not folder:
        from . import odoo

        folder = odoo.package() / "addons"
    rng = pathlib.Path(folder, "base", "rng")
    return {
        kind: etree.RelaxNG(etree.parse(str(rng / f"{kind}_view.rng")))
        for kind in KINDS
    }


def _view_archs(path):
    for record in etree.parse(str(path)).iter("record"):
        if record.get("model") != "ir.ui.view":
            continue
        if record.find("field[@name='inherit_id']") is not None:
            continue
        arch = record.find("field[@name='arch']")
        roots = [] if arch is None else [n for n in arch if isinstance(n.tag, str)]
        if roots:
            yield record.get("id"), roots[0]


def _check(path, schemas):
    for xml_id, root in _view_archs(path):
        if root.tag == "tree":
            yield xml_id, "root element must be <list>"
        elif root.tag in schemas:
            clone = etree.fromstring(etree.tostring(root))
            for field in clone.iter("field"):
                for child in [c for c in field if c.tag in SUBVIEWS]:
                    field.remove(child)
            schema = schemas[root.tag]
            if not schema.validate(clone):
                yield xml_id, schema.error_log.last_error.message


def main(args):
    """Check files and folders; return 1 if a view is wrong."""
    schemas = _schemas()
    paths = [pathlib.Path(arg) for arg in args]
    files = [
        file
        for path in paths
        for file in (path.rglob("*.xml") if path.is_dir() else [path])
        if "static" not in file.parts
    ]
    errors = [(file, *error) for file in files for error in _check(file, schemas)]
    for file, xml_id, message in errors:
        sys.stdout.write(f"{file}: {xml_id}: {message}\n")
    return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
