"""What is said beside a follow-up and asks for nothing itself: "it's raining in, get it closed"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codriver.catalogue.model import Catalogue
from codriver.turn import Context
from codriver.understanding.dialogue.references import References
from codriver.understanding.dialogue.restating import Restater
from codriver.understanding.phrasing.parts import clauses_of
from codriver.understanding.phrasing.templates import Templates
from codriver.understanding.phrasing.wording import may_say_why, plain


class Remarks:
    """Tells remarks from the clause that may be a follow-up. Pure."""

    def __init__(self, catalogue: Catalogue, templates: Templates, references: References, restater: Restater) -> None:
        self._catalogue = catalogue
        self._templates = templates
        self._references = references
        self._restater = restater

    def beside(self, text: str, language: str, context: Context) -> Iterator[tuple[str, str]]:
        """Split what may be remarks from the clause at either end of a sentence, which may be a follow-up.

        What names a thing, or plainly hints at what has nothing to do with what was spoken of, is no mere remark, nor
        is what corrects the clause before it: "make mine eighteen, no, nineteen".
        """
        clauses = clauses_of(text)
        if len(clauses) < 2 or not (context.calls or context.about):
            return
        for remarks, wish in ((clauses[:-1], clauses[-1]), (clauses[1:], clauses[0])):
            corrects = wish == clauses[0] and self._corrects(remarks[0], language)
            if not corrects and self._have_to_do_with_it(" ".join(remarks), language, context):
                yield " ".join(remarks), wish

    def reasons(self, text: str, language: str, context: Context) -> Iterator[str]:
        """Give the clause that may be a follow-up where the rest of a sentence only says why: "it's too loud"."""
        words = self._catalogue.language(language)
        for remark, wish in self.beside(text, language, context):
            if may_say_why(remark, language, words):
                yield wish

    def _corrects(self, remark: str, language: str) -> bool:
        """Tell whether a remark takes something back: it says nothing more, or a number or a place instead."""
        words = self._catalogue.language(language)
        said = plain(remark, language, words)
        correction = re.match(words.follow_ups.correction, said)
        if correction is None:
            return False
        rest = said[correction.end() :].strip()
        return not rest or rest[0].isdigit() or bool(self._references.place_in(rest, language))

    def _have_to_do_with_it(self, remark: str, language: str, context: Context) -> bool:
        words = self._catalogue.language(language)
        said = plain(remark, language, words)
        if re.search(words.caution, said) or self._references.things_in(said, language):
            return False
        if re.search(words.follow_ups.likewise, said):
            return False  # who else wants it is no mere remark: "can my wife get that too, top setting"
        hinted = {self._catalogue.domains[call.intent] for call in self._templates.understand(remark, language)}
        likely = self._restater.likely(language, context)
        done = {self._catalogue.domains[name] for name in likely}
        akin = done.union(*(kin for kin in self._catalogue.vocabulary.kin if kin & done))
        return hinted <= akin
