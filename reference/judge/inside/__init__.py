"""What runs inside a sandbox: a small interpreter that forks one child for each run.

To screen programs it forks one child for many of them, whose word decides no verdict.

Only the zygote says what became of a run: it holds the pipes and reads the wait status, while
the program runs in a child that has none of its descriptors. The modules here travel as text,
in the order of `MODULES`, to an interpreter that may not see this folder: they import nothing
but one another and the standard library of Python 3.10 and later.
"""

MODULES = (
    "frames", "confinement", "program", "counting", "values", "child", "ledger", "steps",
    "screen", "watch", "zygote",
)  # fmt: skip
