"""From words to places."""

from codriver.services.navigation.searching.request import SearchRequest
from codriver.services.navigation.searching.searcher import Searcher

__all__ = ["SearchRequest", "Searcher"]
