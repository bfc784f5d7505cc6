"""The commands of `ocop`, one family a file; :mod:`webui.cli.command` lists them all in the order of `--help`.

A new family is a file here whose functions are Typer commands (parameters annotated, a Vietnamese docstring as help,
rooms imported inside), and one line in :data:`webui.cli.command.FAMILIES`.
"""
