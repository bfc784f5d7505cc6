"""`python -m webui` is the `ocop` command."""

import sys

from webui.cli.command import main

sys.exit(main())
