"""How far one act may take a route. The run stops there, and the checks refuse what must get there."""

from typing import Final

MAX_STEPS: Final = 20_000
MAX_TOKENS: Final = 20_000
MAX_DEPTH: Final = 40  # subprocesses and calls inside each other
MAX_INSTANCES: Final = 5_000  # of one loop over a list
MAX_SECONDS: Final = 5.0  # on the processor, for the expressions of one act
