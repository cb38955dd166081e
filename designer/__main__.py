"""``python -m designer [NAME.loom]``."""

from __future__ import annotations

import sys

from designer.app import main

sys.exit(main())
