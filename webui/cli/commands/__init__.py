"""The commands of `ocop`, a family in each file; :mod:`webui.cli.command` lists them all in the order of `--help`.

A new command is a function in one of these files (annotated parameters, a Vietnamese docstring as its help, imports of
other rooms inside, so that `ocop --help` is fast) and its name in :data:`webui.cli.command.FAMILIES`.
"""
