"""Look at a decision table before it is used: overlap, gaps, rows that never fire."""

from routeflow.engine.boxed import Problem
from routeflow.engine.tables import Table


def check_table(table: Table) -> list[Problem]:
    """Return what is wrong or doubtful in ``table``, with the numbers of the rows."""
    return []
