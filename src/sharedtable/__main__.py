"""`python -m sharedtable` is the command `sharedtable`."""

from sharedtable.cli import main

main()
