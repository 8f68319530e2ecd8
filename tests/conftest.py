"""What holds for every test."""

import os

# Before numpy is imported: workers run side by side, and small matrices gain nothing from threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
