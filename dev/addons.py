"""Our addons as found in ``addons/``: names, dependencies, fingerprints."""

import ast

from . import odoo, paths
from .ui import digest

#: Community addons installed beside ours in the demo.
COMPANIONS = (
    "account_reconcile_oca",
    "account_statement_import_sheet_file",
    "account_financial_report",
    "queue_job",
)
IGNORED = {"__pycache__", "tests_pure"}


def ours():
    """Names of our installable addons, those below first."""
    found = {
        file.parent.name: manifest(file.parent.name)
        for file in sorted(paths.ADDONS.glob("*/__manifest__.py"))
    }
    names = [name for name, data in found.items() if data.get("installable", True)]
    ordered = []

    def visit(name):
        for other in found[name].get("depends", []):
            if other in names and other not in ordered:
                visit(other)
        if name not in ordered:
            ordered.append(name)

    for name in names:
        visit(name)
    return ordered


def folder(name):
    """Folder of any addon Odoo can see, or None."""
    for parent in odoo.addon_folders():
        if (parent / name / "__manifest__.py").is_file():
            return parent / name
    return None


def manifest(name):
    """Manifest of an addon."""
    place = paths.ADDONS / name
    place = place if place.is_dir() else folder(name)
    return ast.literal_eval((place / "__manifest__.py").read_text(encoding="utf-8"))


def below(name):
    """Names of all addons a given one needs, itself left out."""
    found, waiting = set(), [name]
    while waiting:
        for other in manifest(waiting.pop()).get("depends", ["base"]):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def companions():
    """Community addons that addons of ours build a bridge to."""
    direct = {other for name in ours() for other in manifest(name).get("depends", [])}
    return sorted(name for name in direct if paths.OCA in folder(name).parents)


def without_companions():
    """Names of our addons that need nothing but Odoo itself."""
    others = set(companions())
    return [name for name in ours() if not others & below(name)]


def foreign():
    """What our addons need from Odoo itself: without accounting, with accounting."""
    names = set(ours())
    direct = {
        other for name in names for other in manifest(name).get("depends", [])
    } - names
    direct -= set(companions())
    direct |= {
        "contacts",
        "hr",
        "mail",
        "phone_validation",
        "portal",
        "resource",
        "sms",
    }
    financial = {
        name for name in direct if name == "account" or "account" in below(name)
    }
    return sorted(direct - financial), sorted(financial | {"account", "l10n_cn"})


def fingerprint(name):
    """Hash of all files of one of our addons."""
    files = (
        file
        for file in sorted((paths.ADDONS / name).rglob("*"))
        if file.is_file() and not IGNORED & set(file.parts)
    )
    return digest(
        *(part for file in files for part in (file.relative_to(paths.ADDONS), file))
    )
