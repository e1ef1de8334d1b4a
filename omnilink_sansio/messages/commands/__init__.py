"""Commands: their numbers, their table, the message that carries them, and a request for each. No names here."""
