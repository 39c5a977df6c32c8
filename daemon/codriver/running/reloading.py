"""A catalogue that grows while the daemon runs: intent files are read again when they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from codriver.catalogue import Catalogue, load_catalogue
from codriver.catalogue.configured import catalogue_folders, suited, watched_folders
from codriver.catalogue.loading import CatalogueError
from codriver.catalogue.watching import Stamps, Watch, stamps_of
from codriver.config import Configuration
from codriver.errors import ConfigurationError
from codriver.folders import intents_folder
from codriver.understanding.checking import catalogue_faults

_LOG = logging.getLogger(__name__)


class UsesCatalogue(Protocol):
    """What goes on with another catalogue."""

    config: Configuration

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in use."""
        ...

    async def use(self, catalogue: Catalogue) -> None:
        """Use another one from the next turn. Raises ConfigurationError, and nothing changes then."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """The intents by which one catalogue differs from another."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def difference(old: Catalogue, new: Catalogue) -> Difference:
    """Compare two catalogues."""
    both = [name for name in new.intents if name in old.intents]
    return Difference(
        added=tuple(name for name in new.intents if name not in old.intents),
        changed=tuple(name for name in both if new[name] != old[name]),
        removed=tuple(name for name in old.intents if name not in new.intents),
    )


def read_sound_catalogue(config: Configuration) -> Catalogue:
    """Read the configured catalogue, and look closer than its shape. Raises ConfigurationError with every fault."""
    folders = catalogue_folders(config)
    catalogue = suited(load_catalogue(folders), config)
    if faults := catalogue_faults(catalogue, folders):
        raise CatalogueError(faults)
    return catalogue


def first_catalogue(config: Configuration) -> tuple[Catalogue, ConfigurationError | None]:
    """Read the catalogue to start with: all of it, or only codriver's own intents and what is wrong with the others.

    A car must not lose its voice for a slip in one file. Raises ConfigurationError where codriver's own are wrong.
    """
    try:
        return read_sound_catalogue(config), None
    except ConfigurationError as error:
        return suited(load_catalogue([intents_folder()]), config), error


class Reloader:
    """Keeps a running app's catalogue as the files are. One that is broken is told of, and the old one stays."""

    def __init__(
        self,
        app: UsesCatalogue,
        known: Stamps,
        tell: Callable[[ConfigurationError], None],
        every: float = 2.0,
    ) -> None:
        """Look ``every`` so many seconds for files that differ from the ``known`` ones; give ``tell`` their faults."""
        self._app = app
        self._tell = tell
        self._every = every
        self._watch = Watch(known)

    async def run(self) -> None:
        """Look at the files for ever."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - one look that fails must not be the last
                _LOG.exception("Intents could not be looked at")

    async def look(self) -> None:
        """Look at the files once, and read them again if they have changed."""
        if self._watch.look(await asyncio.to_thread(stamps_of, watched_folders(self._app.config))):
            await self.reload()

    async def reload(self) -> None:
        """Read the files again, and let the app use what they say if it is sound."""
        try:
            catalogue = await asyncio.to_thread(read_sound_catalogue, self._app.config)
            before = self._app.catalogue
            if catalogue == before:
                return
            await self._app.use(catalogue)
        except ConfigurationError as error:
            self.refuse(error)
        else:
            news = difference(before, catalogue)
            _LOG.info(
                "Intents read again: %d added, %d changed, %d removed",
                *(len(news.added), len(news.changed), len(news.removed)),
            )

    def refuse(self, error: ConfigurationError) -> None:
        """Say in the log and to ``tell`` what is wrong with the files."""
        for fault in error.faults if isinstance(error, CatalogueError) else (error,):
            _LOG.error("The users' intents are not used as they are: %s", fault)
        self._tell(error)
