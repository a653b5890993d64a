"""NetworkX: a graph of Python dictionaries in the asking process, no database.

The reversed graph is kept beside the graph: questions against the edges would
otherwise pay for a view.
"""
import sys

# The script's own folder comes first on the path, and this file has the
# library's name.
folder = sys.path.pop(0)
import networkx  # noqa: E402
sys.path.insert(0, folder)
from rival import converse, read_edges, say  # noqa: E402


def load(setup):
    out = networkx.DiGraph()
    out.add_nodes_from(range(setup.nodes))
    out.add_edges_from(read_edges(setup.edges))
    back = out.reverse(copy=True)
    say('version', f'{networkx.__version__}, Python {sys.version.split()[0]}')
    say('settings', 'two DiGraphs, one reversed')
    say('query', 'single_source_shortest_path_length(graph, start, cutoff); everything, counted: descendants(graph, start)')

    def ask(question):
        graph = back if question.inward else out
        if question.hops < 0 and not question.rows:
            return len(networkx.descendants(graph, question.start))
        cutoff = None if question.hops < 0 else question.hops
        lengths = networkx.single_source_shortest_path_length(graph, question.start, cutoff)
        del lengths[question.start]
        return lengths if question.rows else len(lengths)

    return ask


converse(load)
