"""Layouts of product cards: folders with a template, a style sheet and a manifest.

The product brings some; designers add more in a directory of their own or as a package. None
of them holds code, and a broken one is left aside with a fault that says where and what helps.
"""
