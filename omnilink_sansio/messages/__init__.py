"""Messages: opcodes, commands, typed payloads of requests, replies and notifications. No session, no I/O."""
