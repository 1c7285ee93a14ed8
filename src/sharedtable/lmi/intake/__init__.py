"""How figures come in: fetch, recognise, read, check, and make them part of the store."""
