"""`python -m webui` is the `ocop` command."""

import sys

from webui.command import main

sys.exit(main())
