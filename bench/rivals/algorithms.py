"""Libraries for algorithms over the whole graph: called with LIBRARY EDGES,
speaks as algorithms.c does. The graph is in the process already when the clock
begins. "cheapest A B" is what a way from A to B costs at least."""
import sys
import time

# This folder has files of the libraries' names.
folder = sys.path.pop(0)
library, path = sys.argv[1:3]
if library == 'igraph':
    import igraph
else:
    import networkx
sys.path.insert(0, folder)
from rival import read_edges  # noqa: E402


edges = list(read_edges(path))
number = {node: i for i, node in enumerate(sorted({node for edge in edges for node in edge}))}
# as the part algorithms weighs them
costs = [1 + (a * 31 + b * 17) % 97 for a, b in edges]
edges = [(number[a], number[b]) for a, b in edges]


def of_igraph():
    graph = igraph.Graph(n=len(number), edges=edges, directed=True)

    def core():
        return sum(graph.as_undirected(mode='collapse').coreness())

    def cheapest(start, end):
        return graph.distances(source=[number[start]], target=[number[end]], weights=costs)[0][0]
    return {'cheapest': cheapest,
            'components': lambda: len(graph.connected_components(mode='weak')),
            'strong': lambda: len(graph.connected_components(mode='strong')),
            'core': core,
            'pagerank': lambda: max(graph.pagerank())}


def of_networkx():
    graph = networkx.DiGraph()
    graph.add_weighted_edges_from((a, b, cost) for (a, b), cost in zip(edges, costs))

    def cheapest(start, end):
        return networkx.bidirectional_dijkstra(graph, number[start], number[end])[0]
    return {'cheapest': cheapest,
            'components': lambda: networkx.number_weakly_connected_components(graph),
            'strong': lambda: networkx.number_strongly_connected_components(graph),
            'core': lambda: sum(networkx.core_number(graph.to_undirected()).values())}


questions = of_igraph() if library == 'igraph' else of_networkx()
print('ready', flush=True)
for line in sys.stdin:
    name, *arguments = line.split()
    if name in questions:
        begun = time.perf_counter()
        answer = questions[name](*map(int, arguments))
        print(name, f'{(time.perf_counter() - begun) * 1e6:.1f}', f'{answer:.12g}', sep='\t', flush=True)
    else:
        print(name, 'cannot', '', sep='\t', flush=True)
