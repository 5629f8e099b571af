"""``make i18n``: catalogues of our addons, complete in Chinese."""

from . import addons, paths, scratch

SCRIPT = paths.ROOT / "dev" / "catalogues.py"


def run(check):
    """Write the catalogues again, or check that they are complete."""
    names = addons.ours()
    return scratch.script(str(SCRIPT), [*(["--check"] if check else []), *names])
