"""Exports or checks the catalogues of the addons named. Executed by ``dev.inside``.

Terms of ``zh_CN.po`` keep their translation; new ones are added empty, old ones
go. With ``--check`` nothing is written: every term of the addon must be in the
template and have a Chinese text.
"""

import io
import pathlib
import sys

import polib

from odoo.modules.module import get_module_path
from odoo.tools.translate import trans_export

HEADER = {
    "Project-Id-Version": "CS Suite",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def terms(env, addon):
    """All terms of an addon, as Odoo exports them."""
    output = io.BytesIO()
    trans_export(None, [addon], output, "po", env)
    catalogue = polib.pofile(output.getvalue().decode())
    catalogue.metadata = dict(HEADER)
    catalogue.header = f"Terms of {addon}"
    return catalogue


def chinese(template, file):
    """The Chinese catalogue for a template, with the texts known so far."""
    known = {e.msgid: e for e in polib.pofile(str(file))} if file.exists() else {}
    catalogue = polib.POFile()
    catalogue.header = template.header
    catalogue.metadata = {**HEADER, "Language": "zh_CN"}
    for entry in template:
        old = known.get(entry.msgid)
        flags = [flag for flag in (old.flags if old else []) if flag != "fuzzy"]
        fresh = polib.POEntry(
            msgid=entry.msgid,
            msgstr=old.msgstr if old and not old.fuzzy else "",
            occurrences=entry.occurrences,
            comment=entry.comment,
            flags=sorted({*entry.flags, *flags}),
        )
        catalogue.append(fresh)
    return catalogue


def problems(addon, template, folder):
    """What is wrong with the catalogues of an addon."""
    wanted = {entry.msgid for entry in template}
    for name in (f"{addon}.pot", "zh_CN.po"):
        file = folder / name
        if not file.exists():
            if wanted:
                yield f"{name} is missing"
            continue
        entries = [entry for entry in polib.pofile(str(file)) if not entry.obsolete]
        found = {entry.msgid for entry in entries}
        for msgid in sorted(wanted - found):
            yield f"{name} lacks {msgid!r}"
        for msgid in sorted(found - wanted):
            yield f"{name} has {msgid!r}, which is not used"
        if name == "zh_CN.po":
            for entry in entries:
                if entry.fuzzy or not entry.msgstr:
                    yield f"{name} does not translate {entry.msgid!r}"


def main(env, arguments):
    """Export or check; return how many problems there are."""
    check = "--check" in arguments
    count = 0
    for addon in [name for name in arguments if name != "--check"]:
        folder = pathlib.Path(get_module_path(addon), "i18n")
        template = terms(env, addon)
        if not check:
            folder.mkdir(exist_ok=True)
            template.save(str(folder / f"{addon}.pot"))
            chinese(template, folder / "zh_CN.po").save(str(folder / "zh_CN.po"))
        for text in problems(addon, template, folder):
            count += 1
            sys.stdout.write(f"{addon}: {text}\n")
    sys.stdout.write(f"Catalogues: {count} problems\n")
    return count


if __name__ == "__main__":
    sys.exit(int(bool(main(env, sys.argv[1:]))))  # noqa: F821 (from dev.inside)
