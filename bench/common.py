"""What the benchmarks share: size, timing, memory, the result row."""

import contextlib
import json
import os
import pathlib
import platform
import resource
import sys
import time

#: 1 is the size the targets are meant for; 0.05 is a quick look.
SIZE = float(os.environ.get("BENCH_SIZE", "1"))
#: Most memory a process may take, in MB.
MEMORY_LIMIT = 1024


def scaled(count, least=1):
    """``count`` at the chosen size."""
    return max(least, round(count * SIZE))


def peak_mb():
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Timer:
    """Seconds that passed, as an attribute once the block is left."""

    seconds = 0.0

    def __enter__(self):
        self._start = time.perf_counter()
        return self

    def __exit__(self, *_error):
        self.seconds = time.perf_counter() - self._start


def timed(env, work):
    """Do ``work`` and commit it, as a request or a cron job does; return seconds."""
    with Timer() as timer:
        work()
        env.flush_all()
        env.cr.commit()
    return timer.seconds


def rate(count, seconds):
    return count / seconds if seconds else 0.0


@contextlib.contextmanager
def phase(name):
    """Say what takes long."""
    print(f"  {name} …", flush=True)
    with Timer() as timer:
        yield timer
    print(f"    {timer.seconds:.1f} s", flush=True)


def report(env, work, ours, must, ok, *, peer="–", ratio=None, memory=None):
    """Print one row of the table and keep it for the whole one.

    :param str ours: what we reach, with its unit
    :param str must: what must be reached
    :param float memory: peak before the peer ran, in MB
    """
    row = {
        "work": work,
        "ours": ours,
        "peer": peer,
        "ratio": f"{ratio:.1f} ×" if ratio is not None else "–",
        "must": must,
        "memory": f"{memory:.0f} MB" if memory is not None else "–",
        "ok": bool(ok and (memory is None or memory <= MEMORY_LIMIT)),
        "machine": machine(env),
        "size": SIZE,
    }
    print(
        f"{work} | {ours} | {peer} | {row['ratio']} | {must} | {row['memory']} | "
        f"{'ok' if row['ok'] else 'MISSED'}",
        flush=True,
    )
    if len(sys.argv) > 1:
        with pathlib.Path(sys.argv[1]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def machine(env):
    """The machine in a line: rates mean nothing without it."""
    info = pathlib.Path("/proc/cpuinfo").read_text("utf-8")
    models = [
        line.partition(":")[2].strip()
        for line in info.splitlines()
        if line.startswith("model name")
    ]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    version = env.cr._cnx.server_version
    return (
        f"{os.cpu_count()} cores, {models[0] if models else platform.machine()}, "
        f"{pages / 2**30:.0f} GB, PostgreSQL {version // 10000}.{version % 10000}, "
        f"Python {platform.python_version()}"
    )
