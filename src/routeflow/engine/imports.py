"""Which DMN files belong together: an import with a name is a part, one without a name is shared."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from lxml import etree

from routeflow.engine.boxed import FEEL, Scope, local, normal, parts
from routeflow.engine.xml import safe_parse
from routeflow.errors import Invalid

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
MAX_UNITS: Final = 40
MAX_RULES: Final = 6_000
MAX_TEXTS: Final = 15_000


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One file and its root element; ``texts`` counts its cells and expressions."""

    file: str
    root: etree._Element
    texts: int

    @property
    def namespace(self) -> str:
        return self.root.get("namespace") or ""


@dataclass(slots=True, eq=False)
class Unit:
    """One space of names: a file, and all that it imports without a name.

    ``path``: the names of the imports that lead here from the file that was asked for.
    ``imports``: other units by the name that this one gives them. ``spaces``: namespace to
    name of import, empty for its own. ``scopes`` stands beside ``sources``. ``where`` says which
    part an id in a source means, ``ids`` and ``names`` which part has that id or name.
    """

    number: int
    path: tuple[str, ...]
    sources: list[Source] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    imports: dict[str, "Unit"] = field(default_factory=dict)
    spaces: dict[str, str] = field(default_factory=dict)
    where: dict[tuple[int, str], str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def resolve(self, index: int, href: str) -> tuple[str, str] | None:
        """Return what a reference in source ``index`` means: a part, and the import it is from."""
        space, _, ident = href.strip().rpartition("#")
        name = self.spaces.get(space, "")
        if name:
            key = self.imports[name].ids.get(ident)
            return None if key is None else (key, name)
        key = self.where.get((index, ident)) or self.ids.get(ident)
        if key is not None:
            return key, ""
        for name, unit in self.imports.items():
            if ident in unit.ids:
                return unit.ids[ident], name
        return None

    def label(self, name: str, imported: str) -> str:
        """Return how an expression here names something, ``imported`` being where it is from."""
        return f"{imported}.{name}" if imported else name


class Library:
    """Finds the files that imports ask for among ``others`` (path to bytes); reads each once."""

    def __init__(self, first: Source, others: Mapping[str, bytes]) -> None:
        self.others = others
        self.known: dict[str, Source | None] = {first.file: first}
        self.units: list[Unit] = []

    def find(self, asking: Source, node: etree._Element) -> Source | None:
        """Return the file that has the namespace, else the file at the location."""
        space, place = node.get("namespace") or "", node.get("locationURI")
        near = None
        if place:
            folder = posixpath.dirname(asking.file)
            near = self.read(posixpath.normpath(posixpath.join(folder, unquote(place))))
            if near is not None and near.namespace == space:
                return near
        for file in (*self.known, *sorted(self.others)):
            found = self.read(file)
            if found is not None and found.namespace == space:
                return found
        return near

    def read(self, file: str) -> Source | None:
        """Return a file, None when it is not there or no DMN."""
        if file not in self.known:
            source = None
            if file.endswith(".dmn") and file in self.others:
                try:
                    source = open_source(self.others[file], file)
                except Invalid:
                    source = None
            self.known[file] = source
        return self.known[file]

    def unit(self, source: Source, path: tuple[str, ...], above: Mapping[str, Unit]) -> Unit:
        """Return the unit that begins with ``source``; ``above`` are those that led here."""
        unit = Unit(len(self.units), path)
        self.units.append(unit)
        self.take(unit, source, {**above, source.file: unit})
        return unit

    def take(self, unit: Unit, source: Source, above: Mapping[str, Unit]) -> None:
        """Add a file to a unit, and all that it imports."""
        if source in unit.sources:
            return
        scope = Scope(names=frozenset())
        unit.sources.append(source)
        unit.scopes.append(scope)
        unit.spaces.setdefault(source.namespace, "")
        for node in parts(source.root, "import"):
            name = normal(node.get("name"))
            found = self.find(source, node)
            if found is None:
                _missing(node, scope)
            elif not name:
                self.take(unit, found, above)
                unit.spaces.setdefault(node.get("namespace") or "", "")
            elif name not in unit.imports:
                if len(self.units) >= MAX_UNITS:
                    scope.problem(node, "invoer", "Er worden te veel bestanden ingevoegd.")
                    return
                unit.imports[name] = above.get(found.file) or self.unit(
                    found, (*unit.path, name), above
                )
                unit.spaces.setdefault(node.get("namespace") or "", name)


def _missing(node: etree._Element, scope: Scope) -> None:
    wanted = node.get("locationURI") or node.get("namespace") or "zonder naam"
    kind = node.get("importType") or ""
    if kind and kind not in NAMESPACES:
        message = f"Alleen een DMN-bestand kan worden ingevoegd (import), geen {kind}."
    else:
        message = f"Het bestand dat wordt ingevoegd (import) is er niet: {wanted}."
    scope.problem(node, "invoer", message)


def open_source(xml: bytes, file: str) -> Source:
    """Return a DMN file. Raises Invalid when it is none."""
    root = safe_parse(xml, file=file)
    if etree.QName(root).namespace not in NAMESPACES or local(root) != "definitions":
        raise Invalid(f"{file} is geen DMN-bestand van versie 1.1 tot en met 1.6.")
    language = root.get("expressionLanguage")
    if language and not FEEL.fullmatch(language.strip()):
        raise Invalid(f"{file}: de taal {language[:100]} voeren we niet uit; gebruik FEEL.")
    if sum(1 for _ in root.iter("{*}rule")) > MAX_RULES:
        raise Invalid(f"{file} heeft meer dan {MAX_RULES} regels; verdeel ze over meer bestanden.")
    return Source(file, root, sum(1 for _ in root.iter("{*}text")))


def gather(xml: bytes, file: str, others: Mapping[str, bytes]) -> list[Unit]:
    """Return the unit of ``file``, followed by the units that it imports. Raises Invalid."""
    source = open_source(xml, file)
    library = Library(source, others)
    library.unit(source, (), {})
    texts = sum(one.texts for unit in library.units for one in unit.sources)
    if texts > MAX_TEXTS:
        raise Invalid(
            f"{file} heeft, met wat het invoegt, meer dan {MAX_TEXTS} cellen en expressies; "
            "verdeel ze over meer bestanden."
        )
    _name(library.units)
    return library.units


_NAMED: Final = frozenset(
    (
        "inputData", "decision", "businessKnowledgeModel", "decisionService", "itemDefinition", "itemComponent",
        "variable", "formalParameter", "parameter", "column", "output",
    )
)  # fmt: skip


def _name(units: list[Unit]) -> None:
    """Tell each scope the names that its expressions may hold."""
    own = [frozenset().union(*(_names(source.root) for source in unit.sources)) for unit in units]
    for unit in units:
        reached, todo = {unit.number}, list(unit.imports.values())
        while todo:
            other = todo.pop()
            if other.number not in reached:
                reached.add(other.number)
                todo += other.imports.values()
        names = frozenset().union(unit.imports, *(own[n] for n in reached))
        for scope in unit.scopes:
            scope.names = names


def _names(root: etree._Element) -> frozenset[str]:
    names = {
        normal(node.get("name"))
        for node in root.iter(etree.Element)
        if local(node) in _NAMED and node.get("name")
    } - {
        normal(node.get("name"))  # known in its function only; elsewhere it is a path
        for node in root.iter(etree.Element)
        if local(node) in ("formalParameter", "parameter") and "." in (node.get("name") or "")
    }
    iterators = {normal(node.get("iteratorVariable")) for node in root.iter(etree.Element)}
    return frozenset((names | iterators) - {""})
