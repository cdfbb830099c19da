"""Rows were inserted into a database and never committed: closing it rolled them back.

Python's `sqlite3` opens a transaction before the first change and leaves it to the program to commit it. `close()` does not.
The program counts its rows through the same connection and sees them all; the file holds the empty table.

Signs: a SQLite output whose tables hold no row, by its pages, or fewer than its size could hold, while a line of the log that
names it states a number, or the source changes rows and commits nowhere (only then a size counts); or a rollback journal, or a write-ahead log,
that still lies beside its database and holds what the database does not, in a run that says Completed.
Near misses: a table that is empty and of which the log states nothing; a journal that was emptied or played out; a database
that commits by itself or in a `with` block; an open run.
Safety constraint: a write-ahead log is read by whoever opens the two files together, so it is a suspicion; the source alone
says nothing of a file that holds rows.
"""

from collections.abc import Iterator

from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code, CodeKind, findings_of
from diagnose.evidence.databases import has_no_row, holds_fewer_than, is_database, open_journals
from diagnose.evidence.logs import LogLine, Logs
from diagnose.evidence.outputs import Output, Outputs, names_of
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.tally.nothing import figures_in
from diagnose.pieces import code_piece, line_piece, output_piece, place, status
from diagnose.rule import Cause, Certainty, Finding, Step, rule


@rule(
    title="Rows were never committed",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Commit, or let a with block do it, and count the rows through a connection of its own",
        "",
        "with connection:\n    connection.executemany('INSERT INTO results VALUES (?, ?)', rows)\nconnection.close()",
    ),
)
def rows_never_committed(
    run: RunRecord, outputs: Outputs, logs: Logs | Missing, code: Code | Missing
) -> Iterator[Finding]:
    """Databases without the rows that were put into them."""
    if run.phase is not Phase.COMPLETED:
        return
    for database, journal in open_journals(outputs.all):
        yield _left_open(run, database, journal)
    changes = findings_of(code, CodeKind.NEVER_COMMITTED)
    lines = [] if isinstance(logs, Missing) else [line for file in logs.user_files for line in file.tail]
    for blob in outputs.results:
        if not is_database(blob) or blob.is_uncommitted:
            continue
        told = [(line, number) for line in lines if blob.name in line.text for number in _stated(line, blob)]
        empty = has_no_row(blob)
        few = empty or (changes and any(holds_fewer_than(blob, number) for _, number in told))
        if not few or not (told or changes):
            continue
        yield Finding(
            headline=f"{place(blob)} holds {'no row' if empty else 'fewer rows than the log states'} although the run says Completed; commit what is inserted, and run it again.",
            story=f"What was put into {place(blob)} is not in it. A transaction that nobody commits is rolled back when the "
            "database is closed, and the program saw its own rows until then.",
            evidence=(
                output_piece(
                    blob,
                    f"The tables of {place(blob)} hold no row."
                    if empty
                    else f"{place(blob)} has {blob.size:,} bytes.",
                ),
                *(line_piece(line, f"The log states {number:,}.") for line, number in told[-1:]),
                *(
                    code_piece(f, f"{f.path} changes rows here, and commits them nowhere.")
                    for f in changes[:1]
                ),
            ),
            mechanism="never-committed",
            began_at=blob.modified_at,
            subjects=names_of([blob]),
            at_most=Certainty.SUPPORTED if changes else Certainty.SUSPECTED,
        )


def _stated(line: LogLine, blob: Output) -> list[int]:
    return sorted(figures_in(line.text.replace(blob.name, " ")), reverse=True)[:1]


def _left_open(run: RunRecord, database: Output, journal: Output) -> Finding:
    return Finding(
        headline=f"{place(journal)} still lies beside its database although the run says Completed: what it holds was never committed or never moved over; write it again, or open the two together.",
        story=f"A database that is closed well leaves no {journal.name.rpartition('-')[2]} behind. The process ended in a transaction, or "
        "without closing the database.",
        evidence=(
            output_piece(journal, f"{place(journal)} holds what {place(database)} does not."),
            status(run),
        ),
        mechanism="journal-left",
        began_at=journal.modified_at,
        subjects=names_of([database, journal]),
        at_most=Certainty.SUSPECTED if journal.path.endswith("-wal") else Certainty.SUPPORTED,
    )
