"""Forms of a print output: for the screen, for a printing house, for everybody's reading.

`entry.py` is the one way in: it gives the stage of an output. A binder asks its stage to prepare
what it places, to finish each page, and to say what the file promises. What holds for each form
stands in docs/print-ready.md.
"""
