"""Bringing lists in: read in a process with limits, look at the columns, a dry run, decisions, one write, an undo.

No file can harm the program that asked for it (`worker`), nothing is written before every row is checked (`planning`),
everything is written in one transaction or not at all (`writing`), and all of it can be taken back (`undoing`).
"""
