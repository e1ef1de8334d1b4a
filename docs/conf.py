"""Sphinx configuration. Types are Any: mypy looks at this without Sphinx."""

import dataclasses
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from public_names import PUBLIC_MODULES, public_names

project = "omnilink"
author = "The omnilink authors"
copyright = "2026, The omnilink authors"  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinxcontrib.mermaid"]
myst_fence_as_directive = ["mermaid"]
html_theme = "furo"
exclude_patterns = ["_build"]

# Docstrings write names in single backticks; those of Python, of arguments and of what is private stay plain.
default_role = "py:obj"
add_module_names = False
toc_object_entries = False  # every field of every record, in the margin of every page
python_use_unqualified_type_names = True
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autodoc_default_options = {
    # What is told once, of the base: everything that these have.
    "inherited-members": "Record, MessageRecord, Request, AcknowledgedRequest, SystemEvent, ClientCalls,"
    " OmniLinkError, Exception, BaseException, bytes, int, Enum, IntEnum, IntFlag, Flag, Generic, object",
    "exclude-members": "PREFIX, START, parse, encode",
}

PACKAGES = (*PUBLIC_MODULES, "omnilink_anyio")
NAMESPACES = (*PACKAGES, "omnilink_anyio.OmniClient")
"""Where a name that a docstring mentions may be found."""


def resolve_name(app: Any, env: Any, node: Any, content: Any) -> Any:
    """Find a name that is written without the package, or with the module that defines it."""
    if node.get("refdomain") != "py":
        return None
    domain = env.domains.python_domain
    target: str = node["reftarget"]
    names = (target, target.rpartition(".")[2]) if target.startswith("omnilink_") else (target,)
    for name in (f"{namespace}.{name}" for namespace in NAMESPACES for name in names):
        if name in domain.objects:
            return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", name, node, content)
    return None


def take_names_exactly(_: Any, doctree: Any) -> None:
    """Keep annotations such as type[...] from linking to whatever else ends in that name."""
    for node in doctree.findall(lambda node: getattr(node, "tagname", "") == "pending_xref"):
        node.attributes.pop("refspecific", None)


def show_defaults(_: Any) -> None:
    """Write three dots for defaults that have no text form, which Sphinx could not read."""
    for kind in public_classes():
        if dataclasses.is_dataclass(kind):
            signature = inspect.signature(kind)
            kind.__signature__ = signature.replace(  # type: ignore[attr-defined]
                parameters=[
                    given.replace(default=...) if has_no_text(given.default) else given
                    for given in signature.parameters.values()
                ]
            )


def has_no_text(default: object) -> bool:
    """Whether a default is a function, or what stands for a dataclass's factory."""
    return inspect.isfunction(default) or repr(default) == "<factory>"


def public_classes() -> Iterator[type]:
    """Return every class that the pages show."""
    for package in PACKAGES:
        module = importlib.import_module(package)
        values = (getattr(module, name) for name in public_names(module))
        yield from (value for value in values if isinstance(value, type))


def show_plain_types(_: Any) -> None:
    """Take the notes on packing off the types of fields, so that U8 reads as the int that it is to callers."""
    for shown in public_classes():
        for kind in shown.__mro__:
            for holder in (kind, vars(kind).get("__init__")):
                annotations: dict[str, Any] = getattr(holder, "__annotations__", {})
                for name, annotation in annotations.items():
                    if hasattr(annotation, "__metadata__"):
                        annotations[name] = annotation.__origin__


def setup(app: Any) -> None:
    """Connect what is above."""
    app.connect("builder-inited", show_plain_types)
    app.connect("builder-inited", show_defaults)
    app.connect("doctree-read", take_names_exactly)
    app.connect("missing-reference", resolve_name)
