"""The parts of tools/build_reference.py, one module for each family of tables."""
