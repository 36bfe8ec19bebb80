"""Everything that can happen. One public function per act; doors call nothing else.

A command takes (session, what, *, by, now), refuses in the order exists? allowed? still
possible?, and leaves committing to ``store.transact``: it may be run twice.
"""
