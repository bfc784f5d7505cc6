"""From a query to the plans that an engine runs: :func:`search.compiler.compile.compile_query`."""
