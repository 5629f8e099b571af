"""Print what the benchmarks found as one table."""

import json
import pathlib
import unicodedata

COLUMNS = {
    "work": "work",
    "ours": "ours",
    "peer": "peer",
    "ratio": "ratio",
    "must": "must reach",
    "memory": "peak memory",
    "ok": "ok",
}


def width(text):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows):
    """The rows as a Markdown table with even columns."""
    cells = [list(COLUMNS.values())]
    cells += [
        [{True: "yes", False: "no"}.get(row[key], row[key]) for key in COLUMNS]
        for row in rows
    ]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * count for count in widths])
    for line in cells:
        padded = [
            text + " " * (count - width(text))
            for text, count in zip(line, widths, strict=True)
        ]
        yield f"| {' | '.join(padded)} |"


def main(file):
    """Print the rows of a results file, and the machine they were measured on."""
    lines = pathlib.Path(file).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    print("\n".join(table(rows)))
    for machine in sorted({row["machine"] for row in rows}):
        print(f"\nMachine: {machine}")
    for size in sorted({row["size"] for row in rows} - {1.0}):
        print(f"Size: {size:g} of the table's (BENCH_SIZE)")
