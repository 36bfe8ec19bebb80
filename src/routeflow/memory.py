"""How a process that keeps running looks for what nobody uses any more."""

import gc

_NEW, _OFTEN = 10_000, 10


def settle() -> None:
    """Let what is in use now rest: Python need not walk through it again to find garbage.

    Called when a process is warm, and once in a while: what came to be in use since rests too,
    and what nobody uses any more is given back. Python by itself looks after every 700 new
    objects, which is many times in one act; here it lets more come together first.
    """
    gc.set_threshold(_NEW, _OFTEN, _OFTEN)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
