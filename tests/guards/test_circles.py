"""No circles: no two files import one another, however long the way round."""

from graphlib import CycleError, TopologicalSorter

import grimp


def test_no_file_imports_itself_by_way_of_others():
    graph = grimp.build_graph("pim", "syndication", cache_dir=None)
    imports = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        raise AssertionError(" imports ".join(reversed(circle.args[1]))) from None
