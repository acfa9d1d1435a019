"""The drawings of the demo catalogue: `python -m pim.demo.drawing` renders them to pictures."""
