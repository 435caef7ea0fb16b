"""x"""
TESTS = []
