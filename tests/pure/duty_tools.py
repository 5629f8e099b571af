"""The tools of cs_duty, imported under a name of their own, without their addon."""

import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "addons" / "cs_duty" / "tools"
NAME = "cs_duty_tools"


def load(*names):
    """The modules of these names."""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            NAME, FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
        )
        package = importlib.util.module_from_spec(spec)
        sys.modules[NAME] = package
        spec.loader.exec_module(package)
    return [importlib.import_module(f"{NAME}.{name}") for name in names]
