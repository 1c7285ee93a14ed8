"""The library's pages: search, shelves, entries, help beside a page, papers, the team's own answers, story prompts."""
