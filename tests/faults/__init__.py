"""Kills, full disks and broken files against a library: ``python -m tests.faults --random 100``.

``victim`` is what is done to a library, ``processes`` runs it and kills it, ``random_kills``, ``chosen_steps`` and
``full_disk`` are the three kinds of faults, and ``health`` asks the doctor what is left.
"""
