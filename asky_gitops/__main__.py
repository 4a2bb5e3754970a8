"""`python -m asky_gitops`."""

import sys

from asky_gitops.cli.main import main

sys.exit(main())
