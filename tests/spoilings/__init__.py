"""Every spoiling by its name: at least one for each way a rule knows."""

from tests.spoilings.exposed_database import EXPOSED_DATABASE
from tests.spoilings.inline_secret import INLINE_SECRET
from tests.spoilings.model import VALUE, Found, Spoiling
from tests.spoilings.resource_limits import RESOURCE_LIMITS
from tests.spoilings.schema_error import SCHEMA_ERROR

SPOILINGS = {**EXPOSED_DATABASE, **INLINE_SECRET, **RESOURCE_LIMITS, **SCHEMA_ERROR}

__all__ = ["SPOILINGS", "VALUE", "Found", "Spoiling"]
