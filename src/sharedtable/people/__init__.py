"""The record of people and organisations, with dates, sources, consent and ties; nothing in it is lost or doubled."""
