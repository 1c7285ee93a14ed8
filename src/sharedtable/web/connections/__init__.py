"""Who knows which company: asked by link, merged, drawn, and taken away as files."""
