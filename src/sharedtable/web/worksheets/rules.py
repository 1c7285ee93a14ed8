"""x"""
RULES = {}
