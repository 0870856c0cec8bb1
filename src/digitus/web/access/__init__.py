"""Who may use the server: hosts, origins, tokens, and headers of every answer."""
