"""What steps have in common that run in processes of their own: see ``processes``."""

import sys


class Steps:
    """Steps on a database: ``… STEP FOLDER`` does one of them."""

    def __init__(self, env, folder):
        self.env = env
        self.folder = folder

    @classmethod
    def main(cls, env):
        """Do the step that the command line names, and exit with what it returns."""
        _file, step, folder = sys.argv
        code = getattr(cls(env, folder), step)()
        env.cr.commit()
        raise SystemExit(code)

    def report_chunks(self):
        """Print a line for each committed chunk, so that it is known when to kill."""
        cron = type(self.env["ir.cron"])
        commit = cron._commit_progress

        def commit_and_tell(self, processed=0, **options):
            result = commit(self, processed, **options)
            if processed:
                print("chunk", flush=True)
            return result

        cron._commit_progress = commit_and_tell
