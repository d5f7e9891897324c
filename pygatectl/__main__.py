"""`python -m pygatectl` is the command line."""

import sys

from pygatectl.cli import main

sys.exit(main())
