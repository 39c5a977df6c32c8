"""The store of model files: a table of what there is, what was fetched, and nothing that was not verified."""

from codriver.engines.models.store import Fault, Status, Store, default_root
from codriver.engines.models.table import ModelTable, load_table

__all__ = ["Fault", "ModelTable", "Status", "Store", "default_root", "load_table"]
