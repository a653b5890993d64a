"""igraph: a C library with indexed edge lists, called from Python, no database."""
import sys

# As in networkx.py: this file has the library's name.
folder = sys.path.pop(0)
import igraph  # noqa: E402
sys.path.insert(0, folder)
from rival import converse, read_edges, say  # noqa: E402


def load(setup):
    graph = igraph.Graph(n=setup.nodes, edges=list(read_edges(setup.edges)), directed=True)
    say('version', f'{igraph.__version__}, Python {sys.version.split()[0]}')
    say('settings', 'one Graph')
    say('query', 'Graph.neighborhood_size and Graph.neighborhood(start, order, mode); '
        'everything: Graph.subcomponent(start, mode)')

    def ask(question):
        mode = 'in' if question.inward else 'out'
        if question.rows:
            found = graph.subcomponent(question.start, mode=mode) if question.hops < 0 else \
                graph.neighborhood(question.start, order=question.hops, mode=mode)
            found.remove(question.start)
            return found
        if question.hops < 0:
            return len(graph.subcomponent(question.start, mode=mode)) - 1
        return graph.neighborhood_size(question.start, order=question.hops, mode=mode) - 1

    return ask


converse(load)
