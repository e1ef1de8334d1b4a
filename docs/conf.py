"""Sphinx configuration."""

project = "omnilink"
author = "The omnilink authors"
copyright = "2026, The omnilink authors"  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser", "sphinxcontrib.mermaid"]
myst_fence_as_directive = ["mermaid"]
html_theme = "furo"
exclude_patterns = ["_build"]
