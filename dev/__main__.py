"""Command line of the tooling: ``python3 -m dev COMMAND``; ``make`` calls it."""

import argparse
import signal
import sys

from . import paths, setup
from .ui import Failure, interrupt, say


def _setup(_options):
    setup.ensure(with_tests=True)
    return 0


def _run(options):
    from . import serve

    return serve.run(options.port)


def _stop(_options):
    from . import serve

    return serve.stop()


def _bank(_options):
    from . import serve

    return serve.play_bank()


def _odoo(options):
    from . import scratch

    setup.ensure()
    return scratch.passthrough(options.arguments, options.server)


def _script(options):
    from . import scratch

    setup.ensure()
    return scratch.script(options.file, options.arguments, options.template)


def _bench(_options):
    from . import scratch

    setup.ensure()
    return scratch.bench()


def _database(options):
    from . import database, postgres

    setup.ensure()
    server = postgres.server("test")
    server.start()
    if options.action == "list":
        for name in server.databases():
            say(name)
    elif options.action == "copy":
        database.Templates(server).copy(options.template, options.name)
        say(f"{options.name} made")
    elif options.action == "drop":
        server.drop(options.name)
    return 0


def _install_test(options):
    from . import testing

    setup.ensure(with_tests=True)
    return testing.quick(options.addon, options.tags, options.all, options.database)


def _test(_options):
    from . import testing

    setup.ensure(with_tests=True)
    return testing.everything()


def _lint(_options):
    from . import lint

    setup.ensure(with_tests=True)
    return lint.report()


def _format(_options):
    from . import lint

    setup.ensure(with_tests=True)
    return lint.format_sources()


def _shell(_options):
    from . import scratch, serve

    setup.ensure()
    return scratch.passthrough(["shell", "-d", serve.DATABASE], "run")


def _i18n(options):
    from . import translations

    setup.ensure()
    return translations.run(options.check)


def _clean(_options):
    from . import serve

    return serve.clean()


def _cases(options):
    from . import testing

    return testing.cases(options.folder)


def _parser():
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, function, help):
        sub = commands.add_parser(name, help=help)
        sub.set_defaults(function=function)
        return sub

    command("setup", _setup, "set up everything, tests included")
    run = command("run", _run, "serve the web client with demo data")
    run.add_argument("--port", type=int, default=8069)
    command("stop", _stop, "stop what was started")
    command("bank", _bank, "answer the demo's debit batches as the bank would")
    command("shell", _shell, "Python shell on the demo database")
    command("clean", _clean, "remove everything that was made")
    command("test", _test, "run everything CI runs")
    command("lint", _lint, "check the source")
    command("format", _format, "format the source")
    i18n = command("i18n", _i18n, "export the translations, or check them")
    i18n.add_argument("--check", action="store_true")
    quick = command("install-test", _install_test, "test one addon on a fresh database")
    quick.add_argument("addon")
    quick.add_argument(
        "--tags", help="test tags instead of the whole addon, e.g. /cs_base:TestPhone"
    )
    quick.add_argument(
        "--all", action="store_true", help="with all our addons installed, not alone"
    )
    quick.add_argument("--database", help="keep and reuse a database of this name")
    cases = command(
        "cases", _cases, "check rating against gas_*.json files, without a database"
    )
    cases.add_argument("folder", nargs="?", default=str(paths.TESTS / "cases"))
    script = command(
        "script", _script, "run a Python file with env on a fresh database"
    )
    script.add_argument(
        "--template", choices=("plain", "account", "full"), default="full"
    )
    script.add_argument("file")
    script.add_argument("arguments", nargs=argparse.REMAINDER)
    command("bench", _bench, "run all benchmarks")
    base = command(
        "db", _database, "databases of the test server: list, copy NAME, drop NAME"
    )
    base.add_argument("action", choices=("list", "copy", "drop"))
    base.add_argument("name", nargs="?")
    base.add_argument(
        "--template", choices=("plain", "account", "full"), default="account"
    )
    odoo = command("odoo", _odoo, "run Odoo itself: odoo [--server test] -- ARGUMENTS")
    odoo.add_argument("--server", choices=("run", "test"), default="test")
    odoo.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def main():
    """Run one command; a failure is one line that says what to do."""
    options = _parser().parse_args()
    if getattr(options, "arguments", None) and options.arguments[0] == "--":
        options.arguments = options.arguments[1:]
    signal.signal(signal.SIGTERM, interrupt)
    try:
        return options.function(options)
    except Failure as failure:
        say(f"\nStopped: {failure}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
