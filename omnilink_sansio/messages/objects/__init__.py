"""Objects: one module a kind, with its properties, its status and the names of their values. No names here."""
