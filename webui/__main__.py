"""`python -m webui` is the `ocop` command."""

import sys

from webui.start import main

sys.exit(main())
